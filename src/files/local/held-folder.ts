import { constants } from 'node:fs';
import { lstat, mkdir, open, readlink, realpath } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../errors.ts';
import { codeOf } from './local-error.ts';

/**
 * A folder under its real path that stays the same one while it is used: another program may put a link in its place at
 * any time. On Linux it is held open, and what is in it is reached through its descriptor (proc_pid_fd(5)). Elsewhere, and
 * where its rights do not let it be opened, it is reached by its path, and looked at before and after.
 */
export class HeldFolder {
  /** The real path. */
  readonly path: string;
  readonly #handle: FileHandle | undefined;
  readonly #before: Identity;

  private constructor(path: string, handle: FileHandle | undefined, before: Identity) {
    this.path = path;
    this.#handle = handle;
    this.#before = before;
  }

  /**
   * @param path a real path
   * @throws AppError `forbidden` when it is not the real path of a folder any more; or the error of the system
   */
  static async open(path: string, platform: NodeJS.Platform = process.platform): Promise<HeldFolder> {
    const handle = platform === 'linux' ? await openFolder(path) : undefined;
    try {
      const before = handle ? await handle.stat({ bigint: true }) : await lstat(path, { bigint: true });
      if (!before.isDirectory()) throw moved(path);
      const folder = new HeldFolder(path, handle, before);
      await folder.assertInPlace();
      return folder;
    } catch (error) {
      await handle?.close();
      throw error;
    }
  }

  /** A path for calls of the system, not to be shown or kept. */
  at(name: string): string {
    return this.#handle ? `${descriptor(this.#handle)}/${name}` : join(this.path, name);
  }

  /** Makes a folder in it if there is none. @returns its real path */
  async make(name: string): Promise<string> {
    await mkdir(this.at(name)).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error;
    });
    const made = await realpath(this.at(name));
    if (dirname(made) !== this.path) throw moved(join(this.path, name));
    return made;
  }

  /** @throws AppError `forbidden` when something else has taken its place */
  async assertInPlace(): Promise<void> {
    if (this.#handle) {
      if ((await readlink(descriptor(this.#handle))) !== this.path) throw moved(this.path);
      return;
    }
    const real = await realpath(this.path).catch(() => undefined);
    const found = await lstat(this.path, { bigint: true }).catch(() => undefined);
    if (real !== this.path || !found || !isSame(found, this.#before)) throw moved(this.path);
  }

  async close(): Promise<void> {
    await this.#handle?.close();
  }
}

/**
 * Makes sure that what was opened is in the folder in which it was looked for, whose path is a real one.
 *
 * @throws AppError `forbidden`
 */
export async function assertOpenedIn(
  path: string,
  handle: FileHandle,
  platform: NodeJS.Platform = process.platform,
): Promise<void> {
  const real = await placeOf(path, handle, platform);
  if (real === undefined || dirname(real) !== dirname(path)) throw moved(path);
}

/** Where it is, if that can be told. */
async function placeOf(
  path: string,
  handle: FileHandle,
  platform: NodeJS.Platform,
): Promise<string | undefined> {
  const known = platform === 'linux' ? await readlink(descriptor(handle)).catch(() => undefined) : undefined;
  if (known !== undefined) return known;
  try {
    const real = await realpath(path);
    const [named, opened] = await Promise.all([lstat(real, { bigint: true }), handle.stat({ bigint: true })]);
    return isSame(named, opened) ? real : undefined;
  } catch {
    return undefined;
  }
}

interface Identity {
  readonly dev: bigint;
  readonly ino: bigint;
}

function isSame(one: Identity, other: Identity): boolean {
  return one.dev === other.dev && one.ino === other.ino;
}

function descriptor({ fd }: FileHandle): string {
  return `/proc/self/fd/${fd}`;
}

async function openFolder(path: string): Promise<FileHandle | undefined> {
  const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants;
  let handle: FileHandle;
  try {
    handle = await open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  } catch (error) {
    // Files may be made and found in a folder whose names may not be read.
    if (['EACCES', 'EPERM'].includes(codeOf(error))) return undefined;
    throw ['ELOOP', 'ENOTDIR'].includes(codeOf(error)) ? moved(path) : error;
  }
  // A container may have no /proc.
  if (await readlink(descriptor(handle)).catch(() => undefined)) return handle;
  await handle.close();
  return undefined;
}

function moved(path: string): AppError {
  return new AppError(
    'forbidden',
    `${path}, or a folder above it, was moved or replaced by another program in the meantime`,
    { hint: 'Try again when nothing changes the folders there.' },
  );
}
