import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { Readable } from 'node:stream';
import { AppError, isAppError } from '../../errors.ts';
import type { ChunkedUpload } from '../../nextcloud/dav/chunks.ts';
import { isLoopbackHost } from '../../nextcloud/address.ts';
import { hesitant } from '../../nextcloud/transport/body.ts';
import { backoff } from '../../nextcloud/transport/retry.ts';
import { runParallel } from '../../parallel.ts';
import { pause } from '../../pause.ts';
import type { Call } from '../context/call.ts';
import type { TransferRecord } from '../journal/journal.ts';
import { LocalSource } from '../local/local-source.ts';
import { readContent } from './content.ts';
import type { Content } from './content.ts';
import type { SendParts } from './file-write.ts';

const MAX_ATTEMPTS = 8;

/** The length of a chunk in bytes; the last one may be shorter. */
export function chunkLength({ size, share }: TransferRecord, number: number): number {
  return Math.min(share, size - (number - 1) * share);
}

export interface ChunkJob {
  readonly upload: ChunkedUpload;
  readonly content: Content;
  /** Which chunks the server has confirmed already. */
  readonly record: TransferRecord;
}

/** Sends the chunks that are missing, some in parallel, and records each one that the server has confirmed. */
export class ChunkSender {
  readonly #parts: SendParts;
  readonly #job: ChunkJob;
  readonly #call: Call;
  readonly #done: Set<number>;
  /** Bytes sent of each chunk that is being sent. */
  readonly #sent = new Map<number, number>();
  /** On this computer no network can change a byte. */
  readonly #isHashed: boolean;

  constructor(parts: SendParts, job: ChunkJob, call: Call) {
    this.#parts = parts;
    this.#job = job;
    this.#call = call;
    this.#done = new Set(job.record.done);
    this.#isHashed = !isLoopbackHost(parts.account.origin);
  }

  async sendAll(): Promise<void> {
    const { slots, journal } = this.#parts;
    const { content, record } = this.#job;
    this.#report();
    const { maxParallel } = await this.#parts.capabilities(this.#call);
    const all = Array.from({ length: Math.ceil(record.size / record.share) }, (_, index) => index + 1);
    const missing = all.filter((number) => !this.#done.has(number));
    await runParallel(
      missing,
      Math.min(slots.width, maxParallel),
      this.#call.signal,
      async (number, signal) => {
        await slots.use(signal, async () => this.#send(number, signal));
        this.#sent.delete(number);
        this.#done.add(number);
        this.#report();
        if (content instanceof LocalSource) await journal.write({ ...record, done: [...this.#done] });
      },
    );
  }

  #report(): void {
    const { record } = this.#job;
    let bytes = 0;
    for (const number of this.#done) bytes += chunkLength(record, number);
    for (const sent of this.#sent.values()) bytes += sent;
    this.#call.report?.(bytes, record.size, record.remote_path);
  }

  async #send(number: number, signal: AbortSignal): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#sendOnce(number, attempt > 1, signal);
      } catch (error) {
        const isTransient = isAppError(error, 'unavailable', 'timeout', 'locked', 'rate_limited');
        if (!isTransient || attempt >= MAX_ATTEMPTS) throw error;
        this.#sent.set(number, 0);
        this.#report();
        await pause(Math.max(backoff(attempt, Math.random()), (error.retryAfter ?? 0) * 1000), signal);
      }
    }
  }

  async #sendOnce(number: number, isRepeated: boolean, signal: AbortSignal): Promise<void> {
    const { upload, record } = this.#job;
    const length = chunkLength(record, number);
    const hash = createHash('sha1');
    const body = (): Readable => {
      const read = this.#read(number, hash);
      return Readable.from(isRepeated ? hesitant(read) : read, { objectMode: false });
    };
    const headers = await upload.put({ number, length, body }, this.#isHashed, signal);
    const theirs = this.#isHashed ? headers.get('x-hash-sha1')?.toLowerCase() : undefined;
    if (theirs === undefined || theirs === hash.digest('hex')) return;
    throw new AppError(
      'unavailable',
      `A part of ${record.remote_path} arrived with other bytes than were sent`,
    );
  }

  async *#read(number: number, hash: Hash): AsyncGenerator<Buffer> {
    const { content, record } = this.#job;
    const start = (number - 1) * record.share;
    let sent = 0;
    for await (const piece of readContent(content, start, start + chunkLength(record, number))) {
      if (this.#isHashed) hash.update(piece);
      this.#sent.set(number, (sent += piece.length));
      this.#report();
      yield piece;
    }
  }
}
