import { join, win32 } from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The computer as far as paths and commands depend on it. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly env: Environment;
  readonly home: string;
}

export interface Folders {
  /** What a person may look at and edit. */
  readonly config: string;
  /** What belongs to the program. */
  readonly data: string;
  /** What belongs to this computer alone, and is left out of most backups. */
  readonly state: string;
  /** What can be made again. */
  readonly cache: string;
}

const NAME = 'nextcloud-files-mcp';

/** Where each system wants such files (XDG Base Directory, Apple File System Programming Guide, Known Folders). */
export function systemFolders({ platform, env, home }: Machine): Folders {
  if (platform === 'win32') {
    const roaming = env['APPDATA'] ?? win32.join(home, 'AppData', 'Roaming');
    const local = env['LOCALAPPDATA'] ?? win32.join(home, 'AppData', 'Local');
    const config = pathJoin(platform, roaming, NAME);
    const cache = pathJoin(platform, local, NAME, 'Cache');
    return { config, data: config, state: pathJoin(platform, local, NAME), cache };
  }
  if (platform === 'darwin') {
    const config = join(home, 'Library', 'Application Support', NAME);
    const library = join(home, 'Library');
    return {
      config,
      data: config,
      state: join(library, 'Preferences', NAME),
      cache: join(library, 'Caches', NAME),
    };
  }
  return {
    config: join(env['XDG_CONFIG_HOME'] ?? join(home, '.config'), NAME),
    data: join(env['XDG_DATA_HOME'] ?? join(home, '.local', 'share'), NAME),
    state: join(env['XDG_STATE_HOME'] ?? join(home, '.local', 'state'), NAME),
    cache: join(env['XDG_CACHE_HOME'] ?? join(home, '.cache'), NAME),
  };
}

/** Joins in the way of the named system, so that its paths can be told on any other. */
export function pathJoin(platform: NodeJS.Platform, first: string, ...rest: string[]): string {
  const windows = platform === 'win32' && /^([a-z]:|\\\\)/i.test(first);
  return windows ? win32.join(first, ...rest) : join(first, ...rest);
}

/** A path with `~` for the home folder of the user, as people and models write it, in full. */
export function homePath(path: string, { platform, home }: Pick<Machine, 'platform' | 'home'>): string {
  const begin = platform === 'win32' ? /^~(?=$|[\\/])/ : /^~(?=$|\/)/;
  const rest = path.replace(begin, '');
  return rest === path ? path : home + rest;
}
