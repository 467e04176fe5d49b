import type { Resource } from '../../nextcloud/dav/resource.ts';
import { runParallel } from '../../parallel.ts';
import type { Call } from '../context/call.ts';
import type { TransferRecord } from '../journal/journal.ts';
import type { LocalTarget } from '../local/local-target.ts';
import { readRange } from '../read/range.ts';
import type { DownloadParts } from './download-job.ts';
import { BufferPool, DirectWriter } from './tuning/direct-io.ts';
import { collectEvery4MiB } from './tuning/minor-gc.ts';

/** Bytes that are written to the disk at once. */
const WRITE_BYTES = 2 * 1024 * 1024;
/** After this many more bytes the progress is flushed to the disk and recorded. */
const CHECKPOINT_BYTES = 64 * 1024 * 1024;

const pools = { aligned: new BufferPool(WRITE_BYTES, true), plain: new BufferPool(WRITE_BYTES, false) };

export interface PartsJob {
  readonly file: Resource;
  readonly target: LocalTarget;
  /** What an earlier call has fetched already. */
  readonly record: TransferRecord;
}

/**
 * Fetches a large file in several streams, each its own part of it. The record says up to where the bytes of each
 * stream are safely on the disk; a later call resumes from there.
 */
export async function fetchParts(parts: DownloadParts, job: PartsJob, call: Call): Promise<void> {
  const { file, target, record } = job;
  const { size } = record;
  const { width } = parts.slots;
  const share = record.share || Math.ceil(size / width / WRITE_BYTES) * WRITE_BYTES;
  const starts = Array.from({ length: Math.ceil(size / share) }, (_, index) => index * share);
  const positions = starts.map((start, index) => record.done[index] ?? start);
  const progress = new RecordedProgress(parts, target, { ...record, share, done: positions }, positions);
  const report = (): void => {
    const done = positions.reduce((sum, position, index) => sum + position - (starts[index] ?? 0), 0);
    call.report?.(done, size, file.path);
  };
  report();
  await progress.save();
  const { directIo, minorGc } = parts.tuning;
  const direct = directIo ? new DirectWriter(target.fd) : undefined;
  const output = { target, direct, buffers: directIo ? pools.aligned : pools.plain };
  try {
    await runParallel(starts.keys(), width, call.signal, async (index, signal) => {
      const start = positions[index] ?? 0;
      const end = Math.min((index + 1) * share, size);
      const writer = new BufferedWriter(output, start, (position) => {
        positions[index] = position;
        report();
        progress.saveWhenDue();
      });
      try {
        await parts.slots.use(signal, async () =>
          readRange(parts, { file, start, end }, { ...call, signal }, (chunk) => {
            if (minorGc) collectEvery4MiB(chunk.length);
            return writer.take(chunk);
          }),
        );
      } finally {
        await writer.finish();
      }
    });
  } finally {
    await progress.close();
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
 * Gathers the small pieces that arrive from the network, and writes them while more arrive. They are copied into two
 * alternating buffers: without the copy, garbage collection takes more time than the copying.
 */
class BufferedWriter {
  readonly #output: Output;
  readonly #onWritten: (position: number) => void;
  #filling: Buffer;
  #spare: Buffer;
  #held = 0;
  #position: number;
  /** Bytes up to the next multiple of `WRITE_BYTES` in the file. */
  #room: number;
  #writing: Promise<void> = Promise.resolve();

  constructor(output: Output, position: number, onWritten: (position: number) => void) {
    this.#output = output;
    this.#filling = output.buffers.acquire();
    this.#spare = output.buffers.acquire();
    this.#position = position;
    this.#room = WRITE_BYTES - (position % WRITE_BYTES);
    this.#onWritten = onWritten;
  }

  take(piece: Buffer): boolean | Promise<boolean> {
    const taken = piece.copy(this.#filling, this.#held, 0, this.#room - this.#held);
    this.#held += taken;
    if (this.#held < this.#room) return true;
    return this.#write().then(() => taken === piece.length || this.take(piece.subarray(taken)));
  }

  /** @throws AppError if a write failed */
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

  /** Starts to write; resolves when the other buffer can be filled. */
  async #write(): Promise<void> {
    await this.#writing;
    const full = this.#filling.subarray(0, this.#held);
    const position = this.#position;
    [this.#filling, this.#spare] = [this.#spare, this.#filling];
    this.#held = 0;
    this.#room = WRITE_BYTES;
    this.#position += full.length;
    const { target, direct } = this.#output;
    this.#writing = target.write(full, position, direct).then(() => this.#onWritten(position + full.length));
    // The next write, or `finish`, throws the error.
    this.#writing.catch(() => undefined);
  }
}

/** Records the progress of all streams in the background, and never more than is safely on the disk. */
class RecordedProgress {
  readonly #parts: DownloadParts;
  readonly #target: LocalTarget;
  readonly #record: TransferRecord;
  readonly #positions: readonly number[];
  #savedSum: number;
  #saving: Promise<void> | undefined;

  constructor(
    parts: DownloadParts,
    target: LocalTarget,
    record: TransferRecord,
    positions: readonly number[],
  ) {
    this.#parts = parts;
    this.#target = target;
    this.#record = record;
    this.#positions = positions;
    this.#savedSum = this.#sum();
  }

  saveWhenDue(): void {
    if (this.#saving || this.#sum() - this.#savedSum < CHECKPOINT_BYTES) return;
    this.#saving = this.save()
      // If the disk fails, the next write throws.
      .catch((error: unknown) => this.#parts.log.warn({ err: error }, 'progress not recorded'))
      .finally(() => (this.#saving = undefined));
  }

  async save(): Promise<void> {
    const done = [...this.#positions];
    this.#savedSum = this.#sum();
    await this.#target.checkpoint();
    await this.#parts.journal.write({ ...this.#record, done });
  }

  async close(): Promise<void> {
    await this.#saving;
    await this.save().catch(() => undefined);
  }

  #sum(): number {
    return this.#positions.reduce((sum, position) => sum + position, 0);
  }
}
