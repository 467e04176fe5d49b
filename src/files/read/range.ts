import { AppError, isAppError } from '../../errors.ts';
import { fetchFile, otherPart } from '../../nextcloud/dav/dav.ts';
import type { FileHead } from '../../nextcloud/dav/dav.ts';
import { consumeBody } from '../../nextcloud/transport/consume.ts';
import type { TakeChunk } from '../../nextcloud/transport/consume.ts';
import { pause } from '../../pause.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import { backoff } from '../../nextcloud/transport/retry.ts';
import type { Readable } from 'node:stream';
import type { Call, Service } from '../context/service.ts';

const TRIES = 4;
/** A body that came this far before it broke has its tries anew: a long download outlives many breaks. */
const PROGRESS = 1024 * 1024;
/** What is read and thrown away at most when a server does not know ranges. */
const MAX_SKIP = 64 * 1024 * 1024;

/**
 * Hands out the bytes from `start` up to `end` of one version of a file, each once and in order. Where
 * an answer breaks, it goes on from there as long as the file is the same.
 *
 * @throws AppError `conflict` when the file changed meanwhile
 */
export async function readRange(
  service: Service,
  file: Resource,
  start: number,
  end: number,
  call: Call,
  take: TakeChunk,
): Promise<void> {
  const reader = new RangeReader(file, start, end, take);
  for (let attempt = 1, since = start; !reader.done;) {
    let begun = false;
    try {
      await fetchFile(service.account, file.path, { ...call, ...reader.next(), once: true }, (head, body) => {
        begun = true;
        return reader.read(head, body);
      });
    } catch (error) {
      if (isAppError(error, 'conflict')) service.metadata.changed(file.path);
      if (!begun || !isAppError(error, 'unavailable', 'timeout') || !error.retryable) throw error;
      if (reader.position >= since + PROGRESS) [attempt, since] = [1, reader.position];
      // A silence has cost its time already.
      attempt += error.code === 'timeout' ? 2 : 1;
      if (attempt > TRIES) throw error;
      await pause(backoff(attempt, Math.random()), call.signal);
    }
  }
}

class RangeReader {
  readonly #file: Resource;
  readonly #size: number;
  readonly #end: number;
  readonly #take: TakeChunk;
  position: number;
  done: boolean;

  constructor(file: Resource, start: number, end: number, take: TakeChunk) {
    this.#file = file;
    this.#size = file.size ?? 0;
    this.#end = end;
    this.#take = take;
    this.position = start;
    this.done = start >= end;
  }

  /** The range that is still wanted; none for a whole file. */
  next(): { range?: { start: number; end: number }; ifRange?: string } {
    const { etag } = this.#file;
    if (this.position === 0 && this.#end === this.#size) return {};
    // `bytes=0-0` is answered with the whole file (observed), so one byte is asked for as two.
    const range = { start: this.position, end: Math.max(this.#end - 1, this.position === 0 ? 1 : 0) };
    return { range, ...(etag === undefined ? {} : { ifRange: etag }) };
  }

  async read(head: FileHead, body: Readable): Promise<void> {
    if (head.etag !== this.#file.etag || (head.size ?? this.#size) !== this.#size)
      throw changed(this.#file.path);
    // A whole file in answer to a range: some proxies know no ranges.
    let at = head.start;
    if (at > this.position || this.position - at > MAX_SKIP) throw otherPart();
    await consumeBody(body, (chunk) => {
      const from = Math.max(0, this.position - at);
      const wanted = chunk.subarray(from, Math.max(from, this.#end - at));
      at += chunk.length;
      if (at > this.#size) throw otherPart();
      if (wanted.length === 0) return true;
      this.position += wanted.length;
      // Where nothing more comes, the body may end by itself: its connection is used again.
      const goOn = (more: boolean): boolean => {
        this.done = !more || this.position >= this.#end;
        return more && !(this.done && at < head.start + (head.length ?? this.#size));
      };
      const more = this.#take(wanted);
      return typeof more === 'boolean' ? goOn(more) : more.then(goOn);
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
