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

/** The offset behind the first line end in bytes that end with one. */
export function endOfFirstLine(bytes: Uint8Array, encoding: string): number {
  const [, next] = lineOffsets([bytes], encoding, [0, 1]);
  return next ?? bytes.length;
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
  eachCharacter(pieces, encoding, (code, end) => {
    if (returned !== undefined) {
      begin(code === LF ? end : returned);
      returned = undefined;
      if (code === LF) return true;
    }
    if (code !== LF && code !== CR) return true;
    line++;
    if (code === LF) begin(end);
    else returned = end;
    return offsets.length < wanted.length;
  });
  if (returned !== undefined) begin(returned);
  return offsets;
}

/** Visits the bytes of a text, or in UTF-16 its units, each with the offset behind it, until no more are wanted. */
function eachCharacter(
  pieces: readonly BytePiece[],
  encoding: string,
  visit: (code: number, end: number) => boolean,
): void {
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
      let code = byte;
      if (isWide) {
        if (half === undefined) {
          half = byte;
          continue;
        }
        code = isLittle ? half | (byte << 8) : (half << 8) | byte;
        half = undefined;
      }
      if (!visit(code, end)) return;
    }
  }
}
