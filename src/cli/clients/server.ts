import type { Machine } from '../../machine.ts';
import { name } from '../../version.ts';
import type { Server } from './table.ts';

/**
 * How this program is to be started by a client: as it was started now, or by npx when it lies in npx's cache,
 * which is emptied now and then. By full paths, because a desktop program does not know the PATH of a terminal.
 */
export function ownServer({ platform }: Machine, args: readonly string[], argv = process.argv): Server {
  const [node = process.execPath, script = ''] = argv;
  if (!/[/\\]_npx[/\\]/.test(script)) return { command: node, args: [script, ...args] };
  const npx = ['-y', name, ...args];
  // npx is a script for cmd there, which a client cannot start by itself.
  return platform === 'win32'
    ? { command: 'cmd', args: ['/c', 'npx', ...npx] }
    : { command: 'npx', args: npx };
}
