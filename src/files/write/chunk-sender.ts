import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { AppError, isAppError } from '../../errors.ts';
import type { ChunkedUpload } from '../../nextcloud/dav/chunks.ts';
import { isLoopbackHost } from '../../nextcloud/address.ts';
import { pause } from '../../pause.ts';
import { backoff } from '../../nextcloud/transport/retry.ts';
import { readContent } from './content.ts';
import type { Content } from './content.ts';
import type { TransferRecord } from '../journal/journal.ts';
import { LocalSource } from '../local/local-source.ts';
import { runParallel } from '../../parallel.ts';
import type { Call, Service } from '../context/service.ts';

const TRIES = 8;

export function lengthOf({ size, share }: TransferRecord, number: number): number {
  return Math.min(share, size - (number - 1) * share);
}

/** Sends the chunks that are not there yet, some at a time, and notes each that was answered. */
export async function sendAll(
  service: Service,
  upload: ChunkedUpload,
  content: Content,
  note: TransferRecord,
  call: Call,
): Promise<void> {
  const done = new Set(note.done);
  const all = Array.from({ length: Math.ceil(note.size / note.share) }, (_, index) => index + 1);
  const underway = new Map<number, number>();
  const report = (): void => {
    const bytes =
      [...done].reduce((sum, number) => sum + lengthOf(note, number), 0) +
      [...underway.values()].reduce((sum, sent) => sum + sent, 0);
    call.report?.(bytes, note.size, note.remote_path);
  };
  report();
  const { maxParallel } = await service.capabilities(call);
  const width = Math.min(service.slots.width, maxParallel);
  const left = all.filter((number) => !done.has(number));
  await runParallel(left, width, call.signal, async (number, signal) => {
    const sent = (bytes: number): void => {
      underway.set(number, bytes);
      report();
    };
    await service.slots.use(signal, async () =>
      sendOne(service, upload, content, note, number, sent, signal),
    );
    underway.delete(number);
    done.add(number);
    report();
    if (content instanceof LocalSource) await service.journal.write({ ...note, done: [...done] });
  });
}

async function sendOne(
  service: Service,
  upload: ChunkedUpload,
  content: Content,
  note: TransferRecord,
  number: number,
  sent: (bytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const start = (number - 1) * note.share;
  const length = lengthOf(note, number);
  // On this computer there is no wire that could change a byte.
  const check = !isLoopbackHost(service.account.origin);
  for (let attempt = 1; ; attempt++) {
    const hash = createHash('sha1');
    const body = async function* (): AsyncGenerator<Buffer> {
      let bytes = 0;
      for await (const piece of readContent(content, start, start + length)) {
        if (check) hash.update(piece);
        sent((bytes += piece.length));
        yield piece;
      }
    };
    try {
      const readable = (): Readable => Readable.from(body(), { objectMode: false });
      const headers = await upload.put({ number, length, body: readable }, check, signal);
      const theirs = check ? headers.get('x-hash-sha1')?.toLowerCase() : undefined;
      if (theirs === undefined || theirs === hash.digest('hex')) return;
      throw new AppError(
        'unavailable',
        `A part of ${note.remote_path} arrived with other bytes than were sent`,
      );
    } catch (error) {
      const again = isAppError(error, 'unavailable', 'timeout', 'locked', 'rate_limited');
      if (!again || attempt >= TRIES) throw error;
      sent(0);
      await pause(Math.max(backoff(attempt, Math.random()), (error.retryAfter ?? 0) * 1000), signal);
    }
  }
}
