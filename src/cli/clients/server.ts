import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Machine } from '../../machine.ts';
import { name } from '../../version.ts';
import type { Server } from './table.ts';

/**
 * How a client starts this program: in the same way as the current process, or with npx when the program is in
 * the cache of npx, which is emptied from time to time. The paths are absolute, because a desktop program does not
 * have the PATH of a terminal.
 */
export function ownServer({ platform }: Machine, args: readonly string[], argv = process.argv): Server {
  const [node = process.execPath, script = ''] = argv;
  if (!/[/\\]_npx[/\\]/.test(script)) return { command: node, args: [script, ...args] };
  const npxArgs = ['-y', name, ...args];
  // On Windows npx is a batch file, which only cmd can run.
  return platform === 'win32'
    ? { command: 'cmd', args: ['/c', 'npx', ...npxArgs] }
    : { command: 'npx', args: npxArgs };
}

/**
 * The folder of the clone of the repository that the program runs out of, also by a link from elsewhere; undefined for a
 * program that npm has installed.
 */
export function cloneFolder(argv = process.argv): string | undefined {
  const [, script = ''] = argv;
  const real = realpathSync(script);
  return /[/\\]node_modules[/\\]/.test(real) ? undefined : dirname(dirname(real));
}
