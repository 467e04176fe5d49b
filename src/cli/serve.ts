import { load } from '../config.ts';
import { createLog } from '../log.ts';
import { runStdio } from '../serve/stdio.ts';

/** `nextcloud-files-mcp [serve]`: the stdio server, which starts with incomplete settings too. */
export async function serve(argv: readonly string[]): Promise<void> {
  const config = load(argv);
  await runStdio(config, createLog(config.logLevel));
}
