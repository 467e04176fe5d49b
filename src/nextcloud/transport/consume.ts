import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { nextSlice, sliceIsOver } from '../../time-slices.ts';

/** Receives the next bytes. `false` ends the reading; a promise pauses it until it is resolved. */
export type TakeChunk = (chunk: Buffer) => boolean | Promise<boolean>;

/**
 * Passes on a body chunk by chunk as it arrives, in time slices: one turn of the event loop can bring 2 MB. An async iterator takes several turns of the event loop for
 * each chunk, which is half the time of a fast download (measured with 1 GB).
 *
 * @throws what `take` throws, or what broke off the body, once the last `take` has finished
 */
export async function consumeBody(body: Readable, take: TakeChunk): Promise<void> {
  const stopped = Promise.withResolvers<void>();
  let taking: Promise<boolean> | undefined;
  const later = async (): Promise<boolean> => {
    await nextSlice();
    return true;
  };
  const onData = (chunk: Buffer): void => {
    try {
      const more = take(chunk);
      if (more === false) stop();
      else if (more !== true) void hold((taking = more));
      else if (sliceIsOver()) void hold((taking = later()));
    } catch (error) {
      stop(error);
    }
  };
  const stop = (...errors: unknown[]): void => {
    body.off('data', onData).pause();
    if (errors.length > 0) stopped.reject(errors[0]);
    else stopped.resolve();
  };
  const hold = async (taken: Promise<boolean>): Promise<void> => {
    body.pause();
    try {
      if (await taken) body.resume();
      else stop();
    } catch (error) {
      stop(error);
    }
  };
  const end = async (): Promise<void> => {
    try {
      await finished(body, { writable: false });
    } finally {
      await taking;
    }
  };
  body.on('data', onData);
  await Promise.race([end(), stopped.promise]);
}
