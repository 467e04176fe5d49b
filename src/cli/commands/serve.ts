import { createLog } from '../../log.ts';
import { settleSettings } from '../settings.ts';

/**
 * `nextcloud-files-mcp [serve]`: the stdio server, which starts with incomplete settings too; with
 * `--http` the HTTP server, which does not.
 */
export async function serveCommand(argv: readonly string[]): Promise<void> {
  const { config } = await settleSettings(argv);
  const log = createLog(config.logLevel);
  if (config.http) {
    const { runHttp } = await import('../../serve/http.ts');
    await runHttp(config, log, (line) => console.error(line));
  } else {
    const { runStdio } = await import('../../serve/stdio.ts');
    await runStdio(config, log);
  }
}
