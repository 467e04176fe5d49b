import type { Readable } from 'node:stream';
import { nextSlice, sliceIsOver } from '../../time-slices.ts';
import type { TakeChunk } from './consume.ts';

const PIECE_BYTES = 16 * 1024;

/**
 * Splits a body into small pieces, which are worked on in time slices. Otherwise a fast server would keep the event
 * loop busy until its last byte.
 */
export async function* inTimeSlices(body: Readable): AsyncGenerator<Uint8Array> {
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
      yield chunk.subarray(at, at + PIECE_BYTES);
      if (sliceIsOver()) await nextSlice();
    }
  }
}

/** Hands on each chunk in small pieces, which are worked on in time slices. */
export function inSmallPieces(take: TakeChunk): TakeChunk {
  const later = async (rest: Buffer, more: Promise<boolean> | boolean): Promise<boolean> => {
    if (!(await more)) return false;
    if (sliceIsOver()) await nextSlice();
    return takePieces(rest);
  };
  const takePieces: TakeChunk = (chunk) => {
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
      const more = take(chunk.subarray(at, at + PIECE_BYTES));
      if (more === false) return false;
      if (more !== true || sliceIsOver()) return later(chunk.subarray(at + PIECE_BYTES), more);
    }
    return true;
  };
  return takePieces;
}
