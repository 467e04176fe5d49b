import type { Resource } from '../../nextcloud/dav/resource.ts';
import type { Call } from '../context/call.ts';
import { LinePage } from '../lines/line-page.ts';
import type { PageSize, TextPart } from '../lines/line-page.ts';
import { endOfLastLine, lineOffsets } from '../lines/line-ends.ts';
import type { BytePiece } from '../lines/line-ends.ts';
import { LineReader } from '../lines/line-reader.ts';
import type { Encoding } from '../../documents/kernel/encoding.ts';
import { readBuffer, readPieces } from './range.ts';
import type { StatParts } from '../context/stat.ts';

/** A text, and the byte that a line of it begins with. */
export interface ByteSource {
  readonly file: Resource;
  readonly byte: number;
  readonly encoding: Encoding;
}

const BACK_BYTES = 64 * 1024;
const MAX_BACK_BYTES = 4 * 1024 * 1024;

/**
 * Lines from a byte on, which is not counted from the beginning: the part and the next one are known by their bytes.
 *
 * @param offset 1 for the line that begins there, -1 for the one before it
 */
export async function readFromByte(
  parts: StatParts,
  source: ByteSource,
  { offset, count, chars }: Pick<PageSize, 'count' | 'chars'> & { readonly offset: number },
  call: Call,
): Promise<TextPart> {
  const { file, encoding } = source;
  const size = file.size ?? 0;
  const byte = offset < 0 ? await lineBefore(parts, source, -offset, call) : source.byte;
  const page = new LinePage({ skip: Math.max(0, offset - 1), count, chars });
  const reader = new LineReader({
    take: page.take,
    maxLineChars: page.maxLineChars,
    from: { lines: 0, byte, encoding },
  });
  const pieces: BytePiece[] = [];
  let position = byte;
  await readPieces(parts, { file, start: byte, end: size }, call, (piece) => {
    position += piece.length;
    pieces.push(piece.includes(10) || piece.includes(13) ? piece : piece.length);
    return reader.write(piece);
  });
  if (position >= size) reader.end();
  const skipped = Math.max(0, offset - 1);
  const isAtEnd = position >= size && !reader.hasRest && !page.isFull;
  const [first = 0, next = 0] = lineOffsets(pieces, encoding.encoding, [
    skipped,
    ...(isAtEnd ? [] : [skipped + page.lines.length]),
  ]);
  return {
    lines: page.lines,
    first: 0,
    byte: byte + first,
    encoding,
    cutLines: page.cutLines,
    ...(isAtEnd ? {} : { nextByte: byte + next }),
  };
}

/** Where the line begins that is some lines before another one; the beginning of the text where there are fewer. */
async function lineBefore(
  parts: StatParts,
  { file, byte, encoding }: ByteSource,
  lines: number,
  call: Call,
): Promise<number> {
  const unit = encoding.encoding.startsWith('utf-16') ? 2 : 1;
  for (let window = BACK_BYTES; ; window *= 4) {
    const from = Math.max(0, byte - window);
    const start = from === 0 ? encoding.bom : from - (from % 4);
    const bytes = await readBuffer(parts, { file, start, end: byte }, call);
    let [back, missing] = [bytes.length, lines];
    for (; missing > 0 && back > 0; missing--) {
      // Without the end of the line before: its LF, or its CR where there is no LF behind it.
      const next = endOfLastLine(bytes.subarray(0, Math.max(0, back - unit)), encoding.encoding, start);
      if (next === 0 && from > 0) break;
      back = next;
    }
    if (missing === 0 || from === 0 || window >= MAX_BACK_BYTES) return start + back;
  }
}
