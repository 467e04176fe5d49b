const LF = 10;
const CR = 13;

/**
 * The offset behind the last line end in the bytes of a text, 0 without one. A CR at their very end is left for the next
 * bytes, which may begin with the LF that belongs to it.
 *
 * @param at the offset of the bytes in the file: in UTF-16 only every other byte begins a character
 */
export function endOfLastLine(bytes: Uint8Array, encoding: string, at: number): number {
  if (encoding.startsWith('utf-16')) return endOfLastWideLine(bytes, encoding === 'utf-16le', at);
  // A byte of 10 or 13 ends a line in every other encoding: none has it inside of a character.
  const feed = bytes.lastIndexOf(LF);
  if (feed !== -1) return feed + 1;
  return bytes.length < 2 ? 0 : bytes.lastIndexOf(CR, bytes.length - 2) + 1;
}

function endOfLastWideLine(bytes: Uint8Array, isLittle: boolean, at: number): number {
  const first = at % 2;
  const [low, high] = isLittle ? [0, 1] : [1, 0];
  let isFollowed = false;
  for (let unit = first + 2 * Math.floor((bytes.length - first) / 2) - 2; unit >= first; unit -= 2) {
    const code = bytes[unit + high] === 0 ? bytes[unit + low] : undefined;
    if (code === LF || (code === CR && isFollowed)) return unit + 2;
    isFollowed = true;
  }
  return 0;
}

/** Bytes of a text, or the number of some that are not kept, in which no line ends. */
export type BytePiece = Uint8Array | number;

/**
 * Where lines begin in the bytes of a text.
 *
 * @param pieces from the beginning of a line on, in order
 * @param wanted numbers of lines, from 0, in ascending order
 * @returns the offsets of their first bytes from the first piece on; fewer where there are fewer lines
 */
export function lineOffsets(
  pieces: readonly BytePiece[],
  encoding: string,
  wanted: readonly number[],
): number[] {
  const offsets: number[] = [];
  let line = 0;
  const begin = (offset: number): void => {
    while (wanted[offsets.length] === line) offsets.push(offset);
  };
  begin(0);
  // The next line begins behind a CR, or behind the LF that belongs to it.
  let returned: number | undefined;
  for (const { code, end } of characters(pieces, encoding)) {
    if (returned !== undefined) {
      begin(code === LF ? end : returned);
      returned = undefined;
      if (code === LF) continue;
    }
    if (offsets.length === wanted.length) return offsets;
    if (code === LF || code === CR) line++;
    if (code === LF) begin(end);
    if (code === CR) returned = end;
  }
  if (returned !== undefined) begin(returned);
  return offsets;
}

/** The bytes of a text, or in UTF-16 its units, each with the offset behind it. */
function* characters(
  pieces: readonly BytePiece[],
  encoding: string,
): Generator<{ readonly code: number; readonly end: number }, void, void> {
  const isWide = encoding.startsWith('utf-16');
  const isLittle = encoding === 'utf-16le';
  let end = 0;
  let half: number | undefined;
  for (const piece of pieces) {
    if (typeof piece === 'number') {
      if (isWide && (piece + Number(half !== undefined)) % 2 === 0) half = undefined;
      else if (isWide) half ??= 0;
      end += piece;
      continue;
    }
    for (const byte of piece) {
      end++;
      if (!isWide) yield { code: byte, end };
      else if (half === undefined) half = byte;
      else {
        yield { code: isLittle ? half | (byte << 8) : (half << 8) | byte, end };
        half = undefined;
      }
    }
  }
}
