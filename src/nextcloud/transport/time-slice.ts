import type { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';

const PIECE = 16 * 1024;
const TURN_MS = 10;

/**
 * The body in small pieces, with a turn for everything else whenever the work on them has taken some
 * milliseconds. A fast server would otherwise keep the event loop busy until its last byte.
 */
export async function* inTimeSlices(body: Readable): AsyncGenerator<Uint8Array> {
  let started = performance.now();
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    for (let at = 0; at < chunk.length; at += PIECE) {
      yield chunk.subarray(at, at + PIECE);
      if (performance.now() - started < TURN_MS) continue;
      await nextTurn();
      started = performance.now();
    }
  }
}
