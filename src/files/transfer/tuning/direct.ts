import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { codeOf } from '../../local/local-error.ts';

/** What addresses, positions and lengths are multiples of: open(2), O_DIRECT. No disk in use has larger blocks. */
const BLOCK = 4096;
/** Memory of WebAssembly is the only one in Node that begins at a page. */
const WASM_PAGE = 65_536;

declare const WebAssembly: {
  readonly Memory: new (pages: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
};

/** Buffers of one length that can be written directly, and are used again: they are costly to make. */
export class DirectBuffers {
  readonly length: number;
  readonly #spare: Buffer[] = [];

  /** @param length in bytes, a multiple of 64 KiB */
  constructor(length: number) {
    this.length = length;
  }

  take(): Buffer {
    return this.#spare.pop() ?? this.#make();
  }

  giveBack(buffer: Buffer): void {
    this.#spare.push(buffer);
  }

  #make(): Buffer {
    const pages = this.length / WASM_PAGE;
    try {
      return Buffer.from(new WebAssembly.Memory({ initial: pages, maximum: pages }).buffer);
    } catch {
      // Address space may be limited. Any memory will do, it is just not written directly then.
      return Buffer.allocUnsafeSlow(this.length);
    }
  }
}

/**
 * Writes past the memory that the system keeps of files (O_DIRECT of Linux): a gigabyte costs a third of the
 * time of a processor or less, is on the disk at once, and does not push out of memory what others read.
 * Where a file system does not have it, nothing is lost: the caller writes as always.
 */
export class DirectWriter {
  readonly #handle: Promise<FileHandle | undefined>;
  #refused = false;

  /** @param fd of the open file, which is written through it as well */
  constructor(fd: number) {
    const { O_DIRECT, O_WRONLY } = constants;
    this.#handle =
      O_DIRECT === undefined
        ? Promise.resolve(undefined)
        : open(`/proc/self/fd/${fd}`, O_WRONLY | O_DIRECT).catch(() => undefined);
  }

  /** @returns bytes written, none where it cannot be done */
  async write(piece: Uint8Array, position: number): Promise<number> {
    if (this.#refused || piece.length % BLOCK !== 0 || position % BLOCK !== 0) return 0;
    try {
      return (await (await this.#handle)?.write(piece, 0, piece.length, position))?.bytesWritten ?? 0;
    } catch (error) {
      if (codeOf(error) !== 'EINVAL') throw error;
      this.#refused = true;
      return 0;
    }
  }

  async close(): Promise<void> {
    await (await this.#handle)?.close();
  }
}
