import { machine } from '../../config/config.ts';
import { escapeLine } from '../../text/foreign-text.ts';
import { readCommandLine } from '../command-line/arguments.ts';
import { resolveSettings } from '../command-line/settings.ts';
import { printError } from '../terminal/print.ts';
import { openLog } from '../terminal/log-line.ts';

/**
 * `nextcloud-files-mcp [serve]`: runs the stdio server or, with `--http`, the HTTP server. Only the stdio server
 * starts with incomplete settings, so that it can tell the assistant what is missing.
 */
export async function serveCommand(argv: readonly string[]): Promise<void> {
  const { config } = await resolveSettings(readCommandLine('serve', argv).settings);
  const log = openLog(config);
  if (config.http) {
    const { runHttp } = await import('../../serve/http.ts');
    await runHttp(config, log, (line) => printError(escapeLine(line)));
  } else {
    if (process.stdin.isTTY) printError('Waiting for an assistant on standard input. Press Ctrl+C to stop.');
    const { runStdio } = await import('../../serve/stdio.ts');
    await runStdio(config, log);
  }
}

/** The name of the program alone: an assistant starts its server so, and a newcomer types it to see what there is. */
export async function bareStart(): Promise<void> {
  if (!process.stdin.isTTY || machine.env['MCP_HTTP'] !== undefined) return serveCommand([]);
  const { welcomeText } = await import('./help.ts');
  printError(welcomeText());
}
