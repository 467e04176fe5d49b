import { lstat, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { AppError } from '../../errors.ts';
import { homePath } from '../../machine.ts';
import type { Machine } from '../../machine.ts';
import { HeldFolder } from './held-folder.ts';
import { localError, throwLocalError } from './local-error.ts';
import { LocalSource } from './local-source.ts';
import { LocalTarget } from './local-target.ts';

export interface Located {
  /** The real path. */
  readonly path: string;
  readonly folder: boolean;
}

/**
 * The third guard: files of this computer are read and written only inside the allowed folders, by
 * their real path, without following a link at the end, and appear under their name only when whole.
 */
export class LocalFolders {
  readonly #folders: readonly string[];
  readonly #computer: Pick<Machine, 'platform' | 'home'>;

  constructor(
    folders: readonly string[],
    computer: Pick<Machine, 'platform' | 'home'> = { platform: process.platform, home: homedir() },
  ) {
    this.#folders = folders.map((folder) => resolve(folder));
    this.#computer = computer;
  }

  /** Shown in messages and schemas. */
  get names(): readonly string[] {
    return this.#folders;
  }

  /** A file or folder to upload: inside an allowed folder, and itself no link. */
  async locate(text: string): Promise<Located> {
    const path = this.#place(text);
    const found = await lstat(path).catch((cause: unknown) => {
      throw localError(cause, path, 'read');
    });
    // A link may lead nowhere: allowed is what it stands in, and then what it leads to.
    const stands = join(await realOf(dirname(path)), basename(path));
    await this.#allow(stands, path);
    if (found.isSymbolicLink()) {
      const led = await realpath(path).catch(() => undefined);
      if (led === undefined)
        throw throwLocalError(path, 'is a link that leads nowhere', 'Name the file itself.');
      await this.#allow(led, path);
      throw throwLocalError(path, 'is a link', 'Name the file itself.');
    }
    const real = await realOf(path);
    await this.#allow(real, path);
    return { path: real, folder: found.isDirectory() };
  }

  /** A file to upload. */
  async source(text: string): Promise<LocalSource> {
    const { path, folder } = await this.locate(text);
    if (folder) throw throwLocalError(path, 'is a folder', 'Name a file in it.');
    return LocalSource.open(path);
  }

  /**
   * The place of a file to download. A folder gets the file under its own name. What an earlier call
   * has left under a temporary name is gone on with.
   */
  async target(text: string, name: string, overwrite: boolean, place?: string): Promise<LocalTarget> {
    const path = await this.finalPath(text, name);
    const existing = await lstat(path).catch(() => undefined);
    if (existing && !overwrite)
      throw new AppError('exists', `${path} exists already`, {
        hint: 'Choose another name.',
        remedy: { kind: 'overwrite' },
      });
    if (existing && !existing.isFile())
      throw throwLocalError(path, 'is not a plain file', 'Choose another name.');
    return LocalTarget.open(path, overwrite, place);
  }

  /** Where a download of this name ends up: the real path, its folder made and allowed. */
  async finalPath(text: string, name: string): Promise<string> {
    const wanted = this.#place(text);
    const isFolder = /[\\/]$/.test(text) || (await isDirectory(wanted));
    const path = isFolder ? join(wanted, basename(name)) : wanted;
    return join(await this.#make(dirname(path), path), basename(path));
  }

  /** The folder that a downloaded folder becomes: the one named, or one of its name in an allowed one. */
  async folder(text: string, name: string): Promise<string> {
    const wanted = this.#place(text);
    const inside = /[\\/]$/.test(text) || this.#folders.includes(wanted);
    const path = inside ? join(wanted, basename(name)) : wanted;
    return this.#make(path, path);
  }

  async #make(folder: string, shown: string): Promise<string> {
    const existing = await this.#allowNew(folder);
    await makeBelow(existing).catch(async (cause: unknown) => {
      const file = await fileInTheWay(folder);
      if (file === undefined) throw localError(cause, folder, 'written');
      throw new AppError('exists', `${file} is a file, and a folder is needed there`, {
        hint: 'Choose another place.',
        cause,
      });
    });
    const real = await realOf(folder);
    await this.#allow(real, shown);
    return real;
  }

  #place(text: string): string {
    if (text.trim() === '')
      throw new AppError('invalid_input', 'The local path is empty', { hint: this.#hint() });
    if (text.includes('\0')) throw throwLocalError('The local path', 'holds a NUL', 'Choose another name.');
    const [first = ''] = this.#folders;
    const path = homePath(text, this.#computer);
    return isAbsolute(path) ? resolve(path) : resolve(first, path);
  }

  // The nearest folder that exists decides, before anything is made.
  async #allowNew(folder: string): Promise<Existing> {
    for (let current = folder; ; current = dirname(current)) {
      const real = await realpath(current).catch(() => undefined);
      if (real === undefined && dirname(current) !== current) continue;
      const rest = relative(current, folder);
      const path = real ?? current;
      await this.#allow(join(path, rest), folder);
      return { path, missing: rest === '' ? [] : rest.split(sep) };
    }
  }

  async #allow(real: string, shown: string): Promise<void> {
    for (const folder of this.#folders) {
      const root = await realpath(folder).catch(() => folder);
      if (real === root || real.startsWith(root.endsWith(sep) ? root : root + sep)) return;
    }
    throw new AppError('forbidden', `${shown} is outside of the folders that may be used on this computer`, {
      hint: this.#hint(),
    });
  }

  #hint(): string {
    return `Allowed: ${this.#folders.join(', ')}. NEXTCLOUD_LOCAL_FOLDERS sets them.`;
  }
}

interface Existing {
  /** The real path of the nearest folder that exists. */
  readonly path: string;
  /** The names of those to be made below it, each in the one before. */
  readonly missing: readonly string[];
}

async function makeBelow({ path, missing }: Existing): Promise<void> {
  const held = await HeldFolder.open(path);
  let made: string | undefined;
  const [first, ...rest] = missing;
  try {
    if (first !== undefined) made = await held.make(first);
  } finally {
    await held.close();
  }
  if (made !== undefined) await makeBelow({ path: made, missing: rest });
}

async function realOf(path: string): Promise<string> {
  return realpath(path).catch((cause: unknown) => {
    throw localError(cause, path, 'read');
  });
}

/** What is no folder, of those that the path names. */
async function fileInTheWay(folder: string): Promise<string | undefined> {
  for (let current = folder; ; current = dirname(current)) {
    const found = await stat(current).catch(() => undefined);
    if (found) return found.isDirectory() ? undefined : current;
    if (dirname(current) === current) return undefined;
  }
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
