/** The bytes of a file. They are read in pieces, so that a huge file need not be held in memory. */
export interface StoredContent {
  readonly size: number;
  /** The bytes from `start` to `end`, exclusive. The server never reads more than 256 KiB at once. */
  slice(start: number, end: number): Buffer;
}

const PIECE = 256 * 1024;
const ZEROS = Buffer.alloc(PIECE);

export function contentBytes(data: string | Buffer): StoredContent {
  const buffer = typeof data === 'string' ? Buffer.from(data) : data;
  return { size: buffer.length, slice: (start, end) => buffer.subarray(start, end) };
}

/** A sparse file of zero bytes, which needs no memory. */
export function zeros(size: number): StoredContent {
  return {
    size,
    slice: (start, end) =>
      end - start <= PIECE ? ZEROS.subarray(0, Math.max(0, end - start)) : Buffer.alloc(end - start),
  };
}

/** The concatenation of several contents: the pieces of a request body, or the chunks of an upload. */
export function joined(parts: readonly StoredContent[]): StoredContent {
  const ends: number[] = [];
  let size = 0;
  for (const part of parts) ends.push((size += part.size));
  const indexAt = (offset: number): number => {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((ends[middle] ?? 0) > offset) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  return {
    size,
    slice(start, end) {
      const out: Buffer[] = [];
      const stop = Math.min(end, size);
      for (let at = start, i = indexAt(start); at < stop; i++) {
        const part = parts[i];
        const partEnd = ends[i];
        if (!part || partEnd === undefined) break;
        const base = partEnd - part.size;
        const upTo = Math.min(partEnd, stop);
        if (upTo > at) out.push(part.slice(at - base, upTo - base));
        at = Math.max(at, upTo);
      }
      return out.length === 1 && out[0] ? out[0] : Buffer.concat(out);
    },
  };
}

/** A received piece. Zero bytes need no memory, so that tests can upload gigabytes. */
export function received(piece: Buffer): StoredContent {
  if (piece.length <= PIECE && ZEROS.subarray(0, piece.length).equals(piece)) return zeros(piece.length);
  return contentBytes(piece);
}

export function* pieces(content: StoredContent, start = 0, end = content.size): Generator<Buffer> {
  for (let at = start; at < end; at += PIECE) yield content.slice(at, Math.min(end, at + PIECE));
}

export function wholeContent(content: StoredContent): Buffer {
  return Buffer.concat([...pieces(content)]);
}
