import { LocalSource } from '../local/local-source.ts';

/** What is to be stored: bytes in memory or a file of this computer. Both can be read again. */
export type Content = Uint8Array | LocalSource;

const PIECE_BYTES = 65_536;

/** In bytes. */
export function contentSize(content: Content): number {
  return content instanceof LocalSource ? content.size : content.length;
}

/** The bytes from `start` up to, but without, `end`. */
export function readContent(content: Content, start = 0, end = contentSize(content)): AsyncIterable<Buffer> {
  return content instanceof LocalSource ? content.read(start, end) : pieces(content.subarray(start, end));
}

// oxlint-disable-next-line require-await
async function* pieces(bytes: Uint8Array): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES)
    yield Buffer.from(bytes.subarray(at, at + PIECE_BYTES));
}
