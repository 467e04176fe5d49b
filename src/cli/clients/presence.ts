import { existsSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { pathJoin } from '../../machine.ts';
import type { Machine } from '../../machine.ts';
import type { Client } from './table.ts';

/** Whether an assistant seems to be on this computer: it has a configuration, a folder for one, or a command. */
export function isOnThisComputer(client: Client, machine: Machine): boolean {
  const file = client.file(machine);
  if (existsSync(file)) return true;
  const folder = dirname(file);
  if (folder !== machine.home && hasContents(folder)) return true;
  return client.commands.some((command) => isOnPath(command, machine));
}

/** An empty folder may be what `install` has made and `uninstall` has left. */
function hasContents(folder: string): boolean {
  try {
    return readdirSync(folder).length > 0;
  } catch {
    return false;
  }
}

function isOnPath(command: string, { platform, env }: Machine): boolean {
  const windows = platform === 'win32';
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(windows ? ';' : ':');
  const endings = windows ? ['.exe', '.cmd', '.bat'] : [''];
  return folders.some(
    (folder) =>
      folder !== '' && endings.some((ending) => existsSync(pathJoin(platform, folder, command + ending))),
  );
}
