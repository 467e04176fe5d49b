import type { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';

const PIECE_BYTES = 16 * 1024;
const SLICE_MS = 10;

/**
 * Splits a body into small pieces, and yields to the event loop whenever the work on them has taken 10 ms.
 * Otherwise a fast server would keep the event loop busy until its last byte.
 */
export async function* inTimeSlices(body: Readable): AsyncGenerator<Uint8Array> {
  let started = performance.now();
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
      yield chunk.subarray(at, at + PIECE_BYTES);
      if (performance.now() - started < SLICE_MS) continue;
      await nextTurn();
      started = performance.now();
    }
  }
}
