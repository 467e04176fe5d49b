import { createReadStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { link, lstat, mkdir, open, realpath, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { AppError } from '../errors.ts';

/**
 * The third guard: files of this computer are read and written only inside the allowed folders, by
 * their real path, without following a link at the end, and appear under their name only when whole.
 */
export class LocalFolders {
  readonly #folders: readonly string[];

  constructor(folders: readonly string[]) {
    this.#folders = folders.map((folder) => resolve(folder));
  }

  /** Shown in messages and schemas. */
  get names(): readonly string[] {
    return this.#folders;
  }

  /** A file to upload: inside an allowed folder, a plain file, with its size and time. */
  async source(text: string): Promise<LocalSource> {
    const path = this.#place(text);
    const found = await lstat(path).catch((cause: unknown) => {
      throw localError(cause, path, 'read');
    });
    const real = await realpath(path);
    await this.#allow(real, path);
    if (found.isSymbolicLink()) throw refuse(path, 'is a link', 'Name the file itself.');
    if (found.isDirectory()) throw refuse(path, 'is a folder', 'Upload one file at a time.');
    if (!found.isFile()) throw refuse(path, 'is not a plain file', 'Only plain files can be uploaded.');
    return {
      path: real,
      size: found.size,
      modified: found.mtimeMs,
      // `end` keeps a file that grows meanwhile from sending more than was announced.
      stream: () =>
        found.size === 0 ? createReadStream(real) : createReadStream(real, { end: found.size - 1 }),
    };
  }

  /** A place to download to. A folder gets the file under its own name. */
  async target(text: string, name: string, overwrite: boolean): Promise<LocalTarget> {
    const wanted = this.#place(text);
    const isFolder = /[\\/]$/.test(text) || (await isDirectory(wanted));
    const path = isFolder ? join(wanted, basename(name)) : wanted;
    const folder = dirname(path);
    await this.#allowNew(folder);
    await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
      throw localError(cause, folder, 'written');
    });
    const real = await realpath(folder);
    await this.#allow(real, path);
    const final = join(real, basename(path));
    const existing = await lstat(final).catch(() => undefined);
    if (existing && !overwrite)
      throw new AppError('exists', `${final} exists already`, {
        hint: 'Choose another name, or pass overwrite: true.',
      });
    if (existing && !existing.isFile()) throw refuse(final, 'is not a plain file', 'Choose another name.');
    // Not made from the name, which may be as long as a name can be.
    const temporary = join(real, `.nextcloud-${randomBytes(8).toString('hex')}.part`);
    const handle = await open(temporary, 'wx', 0o600).catch((cause: unknown) => {
      throw localError(cause, temporary, 'written');
    });
    return new LocalTarget(final, temporary, handle, overwrite);
  }

  #place(text: string): string {
    if (text.trim() === '')
      throw new AppError('invalid_input', 'The local path is empty', { hint: this.#hint() });
    if (text.includes('\0')) throw refuse('The local path', 'holds a NUL', 'Choose another name.');
    const [first = ''] = this.#folders;
    return isAbsolute(text) ? resolve(text) : resolve(first, text);
  }

  // The nearest folder that exists decides, before anything is made.
  async #allowNew(folder: string): Promise<void> {
    for (let current = folder; ; current = dirname(current)) {
      const real = await realpath(current).catch(() => undefined);
      if (real === undefined && dirname(current) !== current) continue;
      const rest = relative(current, folder);
      return this.#allow(real === undefined ? current : join(real, rest), folder);
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

export interface LocalSource {
  readonly path: string;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
  stream(): Readable;
}

/** A download on its way: bytes go to a temporary name beside the target. */
export class LocalTarget {
  readonly path: string;
  readonly #temporary: string;
  readonly #handle: FileHandle;
  readonly #overwrite: boolean;

  constructor(path: string, temporary: string, handle: FileHandle, overwrite: boolean) {
    this.path = path;
    this.#temporary = temporary;
    this.#handle = handle;
    this.#overwrite = overwrite;
  }

  async write(chunk: Uint8Array): Promise<void> {
    try {
      await this.#handle.writeFile(chunk); // at the current position, whole
    } catch (cause) {
      throw localError(cause, this.path, 'written');
    }
  }

  /** Whole and correct: gives it its name, unless something took the name meanwhile. */
  async finish(modified: Date | undefined): Promise<void> {
    try {
      if (modified) await this.#handle.utimes(modified, modified);
      await this.#handle.sync();
      await this.#handle.close();
      if (this.#overwrite) await rename(this.#temporary, this.path);
      else await placeNew(this.#temporary, this.path);
    } catch (cause) {
      await this.discard();
      throw localError(cause, this.path, 'written');
    }
  }

  async discard(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
    await unlink(this.#temporary).catch(() => undefined);
  }
}

// A hard link fails when the name is taken, a rename would replace it. Some file systems have no links.
async function placeNew(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
    await unlink(temporary);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw error;
    await (await open(path, 'wx')).close();
    await rename(temporary, path);
  }
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

function refuse(path: string, why: string, hint: string): AppError {
  return new AppError('invalid_input', `${path} ${why}`, { hint });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function localError(cause: unknown, path: string, verb: 'read' | 'written'): AppError {
  if (cause instanceof AppError) return cause;
  switch (codeOf(cause)) {
    case 'ENOENT':
      return new AppError('not_found', `${path} does not exist on this computer`, {
        cause,
        hint: 'Check the path.',
      });
    case 'EEXIST':
      return new AppError('exists', `${path} exists already`, {
        cause,
        hint: 'Choose another name, or pass overwrite: true.',
      });
    case 'ENOSPC':
    case 'EDQUOT':
      return new AppError('quota_exceeded', `The disk is full: ${path} was not written`, {
        cause,
        hint: 'Free some space and try again.',
      });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new AppError('forbidden', `${path} cannot be ${verb} with the rights of this program`, {
        cause,
        hint: 'Choose another folder.',
      });
    default:
      return new AppError('unavailable', `${path} cannot be ${verb} (${codeOf(cause) || String(cause)})`, {
        cause,
      });
  }
}
