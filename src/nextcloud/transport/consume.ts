import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';

/** Takes the next bytes; `false` ends the reading, a promise holds the rest back until it is kept. */
export type TakeChunk = (chunk: Buffer) => boolean | Promise<boolean>;

/**
 * Hands out a body piece by piece as it comes. An iterator costs each piece several turns of the event
 * loop, half of the time of a fast download (measured with 1 GB).
 *
 * @throws what `take` throws, or what broke the body, when nothing is being taken any more
 */
export async function consumeBody(body: Readable, take: TakeChunk): Promise<void> {
  const enough = Promise.withResolvers<void>();
  let taking: Promise<boolean> | undefined;
  const onData = (chunk: Buffer): void => {
    try {
      const more = take(chunk);
      if (more === false) stop();
      else if (more !== true) void hold((taking = more));
    } catch (error) {
      stop(error);
    }
  };
  const stop = (...errors: unknown[]): void => {
    body.off('data', onData).pause();
    if (errors.length > 0) enough.reject(errors[0]);
    else enough.resolve();
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
  await Promise.race([end(), enough.promise]);
}
