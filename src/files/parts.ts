import type { Resource } from '../nextcloud/resource.ts';
import type { Note } from './journal.ts';
import type { LocalTarget } from './local-target.ts';
import { inParallel } from './pool.ts';
import { readRange } from './range.ts';
import type { Call, Service } from './service.ts';
import { passing } from './thrift.ts';

/** Bytes that are written to the disk at once. */
const WRITTEN = 512 * 1024;
/** After this many bytes more it is made sure that they stay, and noted. */
const NOTED = 64 * 1024 * 1024;

/**
 * Fetches a large file in several streams, each its own share of it. The note says how far the bytes of
 * each are safely on the disk, and is gone on from.
 */
export async function fetchParts(
  service: Service,
  file: Resource,
  target: LocalTarget,
  note: Note,
  call: Call,
): Promise<void> {
  const { size } = note;
  const share = note.share || Math.ceil(size / service.lanes.width);
  const starts = Array.from({ length: Math.ceil(size / share) }, (_, index) => index * share);
  const at = starts.map((start, index) => note.done[index] ?? start);
  const book = new Book(service, target, { ...note, share, done: at }, at);
  const report = (): void => {
    const done = at.reduce((sum, position, index) => sum + position - (starts[index] ?? 0), 0);
    call.report?.(done, size, file.path);
  };
  report();
  await book.note();
  try {
    await inParallel(starts.keys(), service.lanes.width, call.signal, async (index, signal) => {
      const start = at[index] ?? 0;
      const end = Math.min((index + 1) * share, size);
      const writer = new Writer(target, start);
      await service.lanes.use(signal, async () =>
        readRange(service, file, start, end, { ...call, signal }, async (chunk) => {
          if (writer.take(chunk)) {
            await writer.flush();
            at[index] = writer.position;
            report();
            book.noteWhenDue();
          }
          return true;
        }),
      );
      await writer.flush();
      at[index] = writer.position;
      report();
    });
  } finally {
    await book.close();
  }
}

/** Gathers the small pieces that come from the network. */
class Writer {
  readonly #target: LocalTarget;
  #pieces: Buffer[] = [];
  #held = 0;
  position: number;

  constructor(target: LocalTarget, position: number) {
    this.#target = target;
    this.position = position;
  }

  /** Whether it is time to write. */
  take(piece: Buffer): boolean {
    this.#pieces.push(piece);
    this.#held += piece.length;
    return this.#held >= WRITTEN;
  }

  async flush(): Promise<void> {
    if (this.#held === 0) return;
    await this.#target.write(this.#pieces, this.position);
    passing(this.#held);
    this.position += this.#held;
    this.#pieces = [];
    this.#held = 0;
  }
}

/** Writes down how far all streams are, behind their backs, and never more than is safe. */
class Book {
  readonly #service: Service;
  readonly #target: LocalTarget;
  readonly #note: Note;
  readonly #at: readonly number[];
  #noted = 0;
  #busy: Promise<void> | undefined;

  constructor(service: Service, target: LocalTarget, note: Note, at: readonly number[]) {
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
