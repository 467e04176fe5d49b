import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { AppError } from '../errors.ts';
import { localError, refuse } from './local-error.ts';
import { passing } from './thrift.ts';

const PIECE = 512 * 1024;

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

  static async open(path: string): Promise<LocalSource> {
    const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch(
      (cause: unknown) => {
        throw localError(cause, path, 'read');
      },
    );
    const found = await handle.stat();
    if (found.isFile()) return new LocalSource(path, handle, found);
    await handle.close();
    throw refuse(path, 'is not a plain file', 'Only plain files can be uploaded.');
  }

  /** The bytes from `start` up to `end`, never more, even of a file that grows meanwhile. */
  async *read(start = 0, end = this.size): AsyncGenerator<Buffer> {
    for (let at = start; at < end;) {
      const buffer = Buffer.allocUnsafeSlow(Math.min(PIECE, end - at));
      const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, at).catch((cause: unknown) => {
        throw localError(cause, this.path, 'read');
      });
      if (bytesRead === 0) throw this.#changed();
      at += bytesRead;
      passing(bytesRead);
      yield buffer.subarray(0, bytesRead);
    }
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
