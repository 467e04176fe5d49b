import { existsSync, readdirSync } from 'node:fs';
import { pathJoin } from '../../machine.ts';
import type { Machine } from '../../machine.ts';

const FILE = 'claude_desktop_config.json';

/**
 * The file that Claude Desktop reads. On Windows it mostly comes as a package (MSIX), from the Microsoft Store and from
 * its web site. Windows then redirects `%APPDATA%` into a folder of the package: what another program writes into
 * `%APPDATA%` has no effect.
 *
 * @param appData the folder where programs store the settings of a user
 */
export function claudeDesktopFile(machine: Machine, appData: string): string {
  const { platform } = machine;
  const usual = pathJoin(platform, appData, 'Claude', FILE);
  const packages = packageFolders(machine).map((roaming) => ({
    roaming,
    file: pathJoin(platform, roaming, 'Claude', FILE),
  }));
  // Of several packages, and of one that was removed, the folder may still be there.
  const used =
    packages.find(({ file }) => existsSync(file)) ?? packages.find(({ roaming }) => existsSync(roaming));
  if (used) return used.file;
  const [fresh] = packages;
  return fresh && !existsSync(usual) ? fresh.file : usual;
}

/** `%LOCALAPPDATA%\Packages\Claude_*\LocalCache\Roaming`, for each package that is installed. */
function packageFolders({ platform, env, home }: Machine): string[] {
  if (platform !== 'win32') return [];
  const local = env['LOCALAPPDATA'] ?? pathJoin(platform, home, 'AppData', 'Local');
  const packages = pathJoin(platform, local, 'Packages');
  try {
    return readdirSync(packages)
      .filter((name) => name.startsWith('Claude_'))
      .map((name) => pathJoin(platform, packages, name, 'LocalCache', 'Roaming'));
  } catch {
    return [];
  }
}
