import type { Resource } from '../../nextcloud/dav/resource.ts';
import type { TransferRecord } from '../journal/journal.ts';
import { BufferPool, DirectWriter } from './tuning/direct-io.ts';
import type { LocalTarget } from '../local/local-target.ts';
import { runParallel } from '../../parallel.ts';
import { readRange } from '../read/range.ts';
import type { Call, Service } from '../context/service.ts';
import { collectEvery4MiB } from './tuning/minor-gc.ts';

/** Bytes that are written to the disk at once. */
const WRITTEN = 2 * 1024 * 1024;
/** After this many bytes more it is made sure that they stay, and noted. */
const NOTED = 64 * 1024 * 1024;

const pools = { aligned: new BufferPool(WRITTEN, true), plain: new BufferPool(WRITTEN, false) };

/**
 * Fetches a large file in several streams, each its own share of it. The note says how far the bytes of
 * each are safely on the disk, and is gone on from.
 */
export async function fetchParts(
  service: Service,
  file: Resource,
  target: LocalTarget,
  note: TransferRecord,
  call: Call,
): Promise<void> {
  const { size } = note;
  const share = note.share || Math.ceil(size / service.slots.width / WRITTEN) * WRITTEN;
  const starts = Array.from({ length: Math.ceil(size / share) }, (_, index) => index * share);
  const at = starts.map((start, index) => note.done[index] ?? start);
  const book = new Book(service, target, { ...note, share, done: at }, at);
  const report = (): void => {
    const done = at.reduce((sum, position, index) => sum + position - (starts[index] ?? 0), 0);
    call.report?.(done, size, file.path);
  };
  report();
  await book.note();
  const { directIo, minorGc } = service.tuning;
  const direct = directIo ? new DirectWriter(target.fd) : undefined;
  const output = { target, direct, buffers: directIo ? pools.aligned : pools.plain };
  try {
    await runParallel(starts.keys(), service.slots.width, call.signal, async (index, signal) => {
      const start = at[index] ?? 0;
      const end = Math.min((index + 1) * share, size);
      const writer = new Writer(output, start, (position) => {
        at[index] = position;
        report();
        book.noteWhenDue();
      });
      try {
        await service.slots.use(signal, async () =>
          readRange(service, { file, start, end }, { ...call, signal }, (chunk) => {
            if (minorGc) collectEvery4MiB(chunk.length);
            return writer.take(chunk);
          }),
        );
      } finally {
        await writer.finish();
      }
    });
  } finally {
    await book.close();
    await direct?.close();
  }
}

interface Output {
  readonly target: LocalTarget;
  /** Absent where direct I/O is switched off. */
  readonly direct: DirectWriter | undefined;
  readonly buffers: BufferPool;
}

/**
 * Gathers the small pieces that come from the network, and writes while more of them come. They are copied
 * into two buffers that take turns: held as they are, they cost more time to collect than to copy.
 */
class Writer {
  readonly #output: Output;
  readonly #onWritten: (position: number) => void;
  #filling: Buffer;
  #spare: Buffer;
  #held = 0;
  #position: number;
  /** Bytes until the next multiple of what is written at once. */
  #room: number;
  #writing: Promise<void> = Promise.resolve();

  constructor(output: Output, position: number, onWritten: (position: number) => void) {
    this.#output = output;
    this.#filling = output.buffers.acquire();
    this.#spare = output.buffers.acquire();
    this.#position = position;
    this.#room = WRITTEN - (position % WRITTEN);
    this.#onWritten = onWritten;
  }

  take(piece: Buffer): boolean | Promise<boolean> {
    const taken = piece.copy(this.#filling, this.#held, 0, this.#room - this.#held);
    this.#held += taken;
    if (this.#held < this.#room) return true;
    return this.#write().then(() => taken === piece.length || this.take(piece.subarray(taken)));
  }

  /** @throws AppError when the disk refused some of it */
  async finish(): Promise<void> {
    try {
      if (this.#held > 0) await this.#write();
      await this.#writing;
    } finally {
      await this.#writing.catch(() => undefined);
      this.#output.buffers.release(this.#filling);
      this.#output.buffers.release(this.#spare);
    }
  }

  /** Until the other buffer can be filled. */
  async #write(): Promise<void> {
    await this.#writing;
    const full = this.#filling.subarray(0, this.#held);
    const position = this.#position;
    [this.#filling, this.#spare] = [this.#spare, this.#filling];
    this.#held = 0;
    this.#room = WRITTEN;
    this.#position += full.length;
    const { target, direct } = this.#output;
    this.#writing = target.write(full, position, direct).then(() => this.#onWritten(position + full.length));
    // Whoever writes or finishes next hears of it.
    this.#writing.catch(() => undefined);
  }
}

/** Writes down how far all streams are, behind their backs, and never more than is safe. */
class Book {
  readonly #service: Service;
  readonly #target: LocalTarget;
  readonly #note: TransferRecord;
  readonly #at: readonly number[];
  #noted = 0;
  #busy: Promise<void> | undefined;

  constructor(service: Service, target: LocalTarget, note: TransferRecord, at: readonly number[]) {
    this.#service = service;
    this.#target = target;
    this.#note = note;
    this.#at = at;
    this.#noted = this.#sum();
  }

  noteWhenDue(): void {
    if (this.#busy || this.#sum() - this.#noted < NOTED) return;
    this.#busy = this.note()
      // A disk that fails will say so to the next write.
      .catch((error: unknown) => this.#service.log.warn({ err: error }, 'progress not noted'))
      .finally(() => (this.#busy = undefined));
  }

  async note(): Promise<void> {
    const done = [...this.#at];
    this.#noted = this.#sum();
    await this.#target.checkpoint();
    await this.#service.journal.write({ ...this.#note, done });
  }

  async close(): Promise<void> {
    await this.#busy;
    await this.note().catch(() => undefined);
  }

  #sum(): number {
    return this.#at.reduce((sum, position) => sum + position, 0);
  }
}
