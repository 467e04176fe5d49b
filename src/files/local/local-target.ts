import { randomBytes } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { link, lstat, open, rename, statfs, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../errors.ts';
import { formatBytes } from '../../text/byte-size.ts';
import { openPlainFile } from '../../plain-file.ts';
import { assertOpenedIn, HeldFolder } from './held-folder.ts';
import { codeOf, localError } from './local-error.ts';

/** Another way to write to the same file. */
export interface PositionedWriter {
  /** @returns the number of bytes written, 0 where it cannot write these */
  write(piece: Uint8Array, position: number): Promise<number>;
}

/** A download on its way: bytes go to a temporary name beside the target. */
export class LocalTarget {
  readonly path: string;
  /** Where the bytes are until the file is whole. */
  readonly temporary: string;
  /** Holds what an earlier call has fetched. */
  readonly reopened: boolean;
  readonly #folder: HeldFolder;
  readonly #handle: FileHandle;
  readonly #overwrite: boolean;
  #written: Promise<unknown> = Promise.resolve();

  private constructor(path: string, temporary: string, overwrite: boolean, opened: Opened) {
    this.path = path;
    this.temporary = temporary;
    this.#overwrite = overwrite;
    this.#folder = opened.folder;
    this.#handle = opened.handle;
    this.reopened = opened.reopened;
  }

  /** The descriptor of the open file, for another writer of it. */
  get fd(): number {
    return this.#handle.fd;
  }

  /** A name beside the target. Not made from the target's, which may be as long as a name can be. */
  static placeFor(path: string): string {
    return join(dirname(path), `.nextcloud-${randomBytes(8).toString('hex')}.part`);
  }

  /**
   * Goes on with what an earlier call has left at the place, if it is still there.
   *
   * @param path one that was checked: its folder's real path, and a name
   */
  static async open(
    path: string,
    overwrite: boolean,
    place = LocalTarget.placeFor(path),
  ): Promise<LocalTarget> {
    const temporary = isPlace(path, place) ? place : LocalTarget.placeFor(path);
    const folder = await HeldFolder.open(dirname(path)).catch((cause: unknown) => {
      throw localError(cause, path, 'written');
    });
    try {
      return new LocalTarget(path, temporary, overwrite, await openIn(folder, temporary));
    } catch (cause) {
      await folder.close();
      throw localError(cause, codeOf(cause) === 'EEXIST' ? temporary : path, 'written');
    }
  }

  /** Clears away what an earlier call has left at the place. */
  static async remove(path: string, place: string): Promise<void> {
    if (isPlace(path, place)) await unlink(place).catch(() => undefined);
  }

  /** Whether nothing is to be gone on with: the place is empty, or is a second name of the whole file, which goes. */
  static async settled(path: string, place: string): Promise<boolean> {
    const [whole, left] = await Promise.all(
      [path, place].map(async (one) => lstat(one, { bigint: true }).catch(() => undefined)),
    );
    if (!left || !isPlace(path, place)) return true;
    if (left.ino !== whole?.ino || left.dev !== whole.dev) return false;
    await LocalTarget.remove(path, place);
    return true;
  }

  /** Makes sure that there is room for a file of this size, before a byte of it is fetched. */
  async reserve(size: number): Promise<void> {
    const [{ bavail, bsize }, { blocks }] = await Promise.all([
      statfs(dirname(this.path)),
      this.#handle.stat(),
    ]);
    const missing = size - blocks * 512;
    if (missing > bavail * bsize)
      throw new AppError(
        'quota_exceeded',
        `The disk has ${formatBytes(bavail * bsize)} left, and ${this.path} needs ${formatBytes(missing)}`,
        { hint: 'Free some space or choose another folder.' },
      );
  }

  /**
   * Writes are queued: several writers of one file would wait for each other in the kernel, and keep a core busy.
   *
   * @param first tries before the usual way; what it does not write is written as usual
   */
  async write(piece: Uint8Array, position: number, first?: PositionedWriter): Promise<void> {
    const written = this.#written.then(async () => this.#write(piece, position, first));
    this.#written = written.catch(() => undefined);
    return written;
  }

  async #write(piece: Uint8Array, position: number, first: PositionedWriter | undefined): Promise<void> {
    const { length } = piece;
    try {
      let written = (await first?.write(piece, position)) ?? 0;
      // A disk that fills up takes a part, and says why with the next try.
      while (written < length)
        written += (await this.#handle.write(piece, written, length - written, position + written))
          .bytesWritten;
    } catch (cause) {
      throw localError(cause, this.path, 'written');
    }
  }

  /** What was written so far outlives a power cut. */
  async checkpoint(): Promise<void> {
    await this.#handle.datasync().catch((cause: unknown) => {
      throw localError(cause, this.path, 'written');
    });
  }

  /** What is on the disk, for its checksum. */
  async *read(): AsyncGenerator<Buffer> {
    const buffer = Buffer.allocUnsafeSlow(1024 * 1024);
    for (let at = 0; ;) {
      const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }

  /** Whole and correct: gives it its name, unless something took the name meanwhile. */
  async finish(size: number, modified: Date | undefined, sync = true): Promise<void> {
    try {
      const found = await this.#handle.stat();
      if (found.size !== size)
        throw new AppError('invalid_response', `${this.path} came with ${found.size} of ${size} bytes`);
      if (modified) await this.#handle.utimes(modified, modified);
      // Some file systems have no rights to give.
      await this.#handle.chmod(await this.#mode()).catch(() => undefined);
      if (sync) await this.#handle.sync();
      await this.#folder.assertInPlace();
      await assertOpenedIn(this.temporary, this.#handle);
      await this.#handle.close();
      const temporary = this.#folder.at(basename(this.temporary));
      const path = this.#folder.at(basename(this.path));
      if (this.#overwrite) await rename(temporary, path);
      else await placeNew(temporary, path);
      await this.#folder.close();
    } catch (cause) {
      await this.discard();
      throw localError(cause, this.path, 'written');
    }
  }

  /** Nobody else reads what is not whole yet. Then it is a file as any program makes it, or as the one it replaces. */
  async #mode(): Promise<number> {
    const before = this.#overwrite
      ? await lstat(this.#folder.at(basename(this.path))).catch(() => undefined)
      : undefined;
    return before?.isFile() ? before.mode & 0o777 : 0o666 & ~process.umask();
  }

  /** Leaves what is there for a later call. */
  async keep(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
    await this.#folder.close().catch(() => undefined);
  }

  async discard(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
    await unlink(this.#folder.at(basename(this.temporary))).catch(() => undefined);
    await this.keep();
  }
}

async function openIn(folder: HeldFolder, temporary: string): Promise<Opened> {
  const at = folder.at(basename(temporary));
  const left = await openPlainFile(at, { access: 'existing', followLinks: false }).catch(() => undefined);
  const handle = left ?? (await open(at, 'wx+', 0o600));
  try {
    await assertOpenedIn(temporary, handle);
    return { folder, handle, reopened: left !== undefined };
  } catch (error) {
    await handle.close();
    if (!left) await unlink(at).catch(() => undefined);
    throw error;
  }
}

interface Opened {
  readonly folder: HeldFolder;
  readonly handle: FileHandle;
  readonly reopened: boolean;
}

// What a note says is not trusted further than this.
function isPlace(path: string, place: string): boolean {
  return dirname(place) === dirname(path) && place.endsWith('.part');
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
