import { existsSync, readdirSync } from 'node:fs';
import { pathJoin } from '../../machine.ts';
import type { Machine } from '../../machine.ts';

const FILE = 'claude_desktop_config.json';

/**
 * The file that Claude Desktop reads. Windows shows a program from the Microsoft Store its own copy of a file of
 * `%APPDATA%`, as soon as there is one: what is written into `%APPDATA%` then has no effect.
 *
 * @param appData the folder where programs store the settings of a user
 */
export function claudeDesktopFile(machine: Machine, appData: string): string {
  const usual = pathJoin(machine.platform, appData, 'Claude', FILE);
  const [own, ...others] = storeFolders(machine).map((folder) => pathJoin(machine.platform, folder, FILE));
  const read = [own, ...others].find((file) => file !== undefined && existsSync(file));
  if (read !== undefined) return read;
  return own === undefined || existsSync(usual) ? usual : own;
}

/** `%LOCALAPPDATA%\Packages\Claude_*\LocalCache\Roaming\Claude`, for each package that is installed. */
function storeFolders({ platform, env, home }: Machine): string[] {
  if (platform !== 'win32') return [];
  const local = env['LOCALAPPDATA'] ?? pathJoin(platform, home, 'AppData', 'Local');
  const packages = pathJoin(platform, local, 'Packages');
  try {
    return readdirSync(packages)
      .filter((name) => name.startsWith('Claude_'))
      .map((name) => pathJoin(platform, packages, name, 'LocalCache', 'Roaming', 'Claude'));
  } catch {
    return [];
  }
}
