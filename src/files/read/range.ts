import { AppError, isAppError } from '../../errors.ts';
import { fetchFile, otherPart } from '../../nextcloud/dav/get.ts';
import type { FileHead } from '../../nextcloud/dav/get.ts';
import { consumeBody } from '../../nextcloud/transport/consume.ts';
import type { TakeChunk } from '../../nextcloud/transport/consume.ts';
import { inSmallPieces } from '../../nextcloud/transport/time-slice.ts';
import { pause } from '../../pause.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import { backoff } from '../../nextcloud/transport/retry.ts';
import type { Readable } from 'node:stream';
import type { Call } from '../context/call.ts';
import type { StatParts } from '../context/stat.ts';
import { otherLength } from './true-size.ts';

export type { TakeChunk };

const MAX_ATTEMPTS = 4;
/** After this much progress the attempts are counted anew: a long download survives many broken connections. */
const PROGRESS_BYTES = 1024 * 1024;
/** The most that is read and discarded if a server does not support ranges. */
const MAX_SKIPPED_BYTES = 64 * 1024 * 1024;

/** Some bytes of one version of a file. */
export interface FileRange {
  readonly file: Resource;
  /** The offset of the first byte. */
  readonly start: number;
  /** The offset behind the last byte. */
  readonly end: number;
  /** What is before the range must not be sent, where it would be read and discarded otherwise. */
  readonly exact?: boolean;
}

/** Thrown where a range has to be exact, and the server sends the file from its beginning. */
export class RangeIgnored extends Error {
  constructor() {
    super('the server ignores ranges');
  }
}

/**
 * Hands out the bytes of a range, each once and in order. If a response breaks off, the rest is requested as long
 * as the file is the same.
 *
 * @throws AppError `conflict` when the file has changed meanwhile
 */
export async function readRange(
  { account, metadata }: StatParts,
  range: FileRange,
  call: Call,
  take: TakeChunk,
): Promise<void> {
  const { path } = range.file;
  const reader = new RangeReader(range, take);
  for (let attempt = 1, since = range.start; !reader.done;) {
    let hasBegun = false;
    try {
      await fetchFile(account, path, { ...call, ...reader.next(), once: true }, (head, body) => {
        hasBegun = true;
        return reader.read(head, body);
      });
    } catch (error) {
      if (isAppError(error, 'conflict', 'invalid_response')) metadata.changed(path);
      if (!hasBegun || !isAppError(error, 'unavailable', 'timeout') || !error.retryable) throw error;
      if (reader.position >= since + PROGRESS_BYTES) [attempt, since] = [1, reader.position];
      // A timeout has taken its time already.
      attempt += error.code === 'timeout' ? 2 : 1;
      if (attempt > MAX_ATTEMPTS) throw error;
      await pause(backoff(attempt, Math.random()), call.signal);
    }
  }
}

/** The same in small pieces, which are worked on in time slices. */
export async function readPieces(
  parts: StatParts,
  range: FileRange,
  call: Call,
  take: TakeChunk,
): Promise<void> {
  await readRange(parts, range, call, inSmallPieces(take));
}

/** The bytes of a range in one buffer. */
export async function readBuffer(parts: StatParts, range: FileRange, call: Call): Promise<Buffer> {
  const chunks: Buffer[] = [];
  await readRange(parts, range, call, (chunk) => chunks.push(chunk) > 0);
  return Buffer.concat(chunks);
}

class RangeReader {
  readonly #file: Resource;
  readonly #size: number;
  readonly #end: number;
  readonly #take: TakeChunk;
  readonly #exact: boolean;
  position: number;
  done: boolean;

  constructor({ file, start, end, exact = false }: FileRange, take: TakeChunk) {
    this.#exact = exact;
    this.#file = file;
    this.#size = file.size ?? 0;
    this.#end = end;
    this.#take = take;
    this.position = start;
    this.done = start >= end;
  }

  /** The range that is still missing; none for a whole file. */
  next(): { range?: { start: number; end: number }; ifRange?: string } {
    const { etag } = this.#file;
    if (this.position === 0 && this.#end === this.#size) return {};
    // `bytes=0-0` is answered with the whole file (observed), so two bytes are requested for one.
    const range = { start: this.position, end: Math.max(this.#end - 1, this.position === 0 ? 1 : 0) };
    return { range, ...(etag === undefined ? {} : { ifRange: etag }) };
  }

  async read(head: FileHead, body: Readable): Promise<void> {
    if (head.etag !== this.#file.etag) throw changed(this.#file.path);
    if ((head.size ?? this.#size) !== this.#size) throw otherLength(this.#file.path, head.size, this.#size);
    if (this.#exact && head.start < this.position) throw new RangeIgnored();
    // Some proxies do not support ranges and answer with the whole file.
    let at = head.start;
    if (at > this.position || this.position - at > MAX_SKIPPED_BYTES) throw otherPart();
    await consumeBody(body, (chunk) => {
      const from = Math.max(0, this.position - at);
      const wanted = chunk.subarray(from, Math.max(from, this.#end - at));
      at += chunk.length;
      if (at > this.#size) throw otherPart();
      if (wanted.length === 0) return true;
      this.position += wanted.length;
      // If nothing more comes, the body may end by itself, which lets the connection be reused.
      const continues = (more: boolean): boolean => {
        this.done = !more || this.position >= this.#end;
        return more && !(this.done && at < head.start + (head.length ?? this.#size));
      };
      const more = this.#take(wanted);
      return typeof more === 'boolean' ? continues(more) : more.then(continues);
    });
    if (!this.done)
      throw new AppError('unavailable', `${this.#file.path} ended before it was whole`, {
        retryable: true,
        hint: 'Try again.',
      });
  }
}

function changed(path: string): AppError {
  return new AppError('conflict', `${path} changed while it was read`, {
    hint: 'Read it again.',
    retryable: true,
  });
}
