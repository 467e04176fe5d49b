import { stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { AppError } from '../../errors.ts';
import { openPlainFile } from '../../plain-file.ts';
import { assertOpenedIn } from './held-folder.ts';
import { localError } from './local-error.ts';

const PIECE = 512 * 1024;
/** Pieces at once on their way: one that is sent, one that waits for it and one that is read. */
const UNDERWAY = 3;

/** A file of this computer that is being sent: any part of it, any number of times, until it changes. */
export class LocalSource {
  readonly path: string;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
  /** Tells this version of the file from every other one. */
  readonly version: string;
  readonly #handle: FileHandle;

  private constructor(path: string, handle: FileHandle, found: Found) {
    this.path = path;
    this.size = found.size;
    this.modified = found.mtimeMs;
    this.version = versionOf(found);
    this.#handle = handle;
  }

  /** @param path one that was checked: its folder's real path, and a name that is no link */
  static async open(path: string): Promise<LocalSource> {
    const handle = await openPlainFile(path, { followLinks: false }).catch((cause: unknown) => {
      throw localError(cause, path, 'read');
    });
    try {
      await assertOpenedIn(path, handle);
      return new LocalSource(path, handle, await handle.stat());
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /**
   * The bytes from `start` up to `end`, never more, even of a file that grows meanwhile. A piece is good until
   * the third after it is asked for: its memory is used again, which halves the work of sending a large file.
   */
  async *read(start = 0, end = this.size): AsyncGenerator<Buffer> {
    const buffers: Buffer[] = [];
    for (let at = start, turn = 0; at < end; turn++) {
      const length = Math.min(PIECE, end - at);
      const buffer = (buffers[turn % UNDERWAY] ??= Buffer.allocUnsafeSlow(length));
      const { bytesRead } = await this.#handle.read(buffer, 0, length, at).catch((cause: unknown) => {
        throw localError(cause, this.path, 'read');
      });
      if (bytesRead === 0) throw this.#changed();
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }

  /** All bytes, of a small file. */
  async whole(): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(this.size);
    let at = 0;
    for await (const piece of this.read()) at += piece.copy(bytes, at);
    return bytes;
  }

  /** @throws AppError `conflict` when the file is not any more what it was when it was opened */
  async mustBeSame(): Promise<void> {
    const [open, named] = await Promise.all([this.#handle.stat(), stat(this.path).catch(() => undefined)]);
    if (versionOf(open) !== this.version || !named || versionOf(named) !== this.version)
      throw this.#changed();
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  #changed(): AppError {
    return new AppError('conflict', `${this.path} changed while it was uploaded. Nothing was stored`, {
      hint: 'Upload it again when nothing writes to it any more.',
    });
  }
}

interface Found {
  readonly ino: number;
  readonly size: number;
  readonly mtimeMs: number;
}

function versionOf({ ino, size, mtimeMs }: Found): string {
  return `${ino}-${size}-${mtimeMs}`;
}
