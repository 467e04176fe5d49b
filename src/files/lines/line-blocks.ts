import type { BytePiece } from './line-ends.ts';
import type { TextSink } from './line-reader.ts';

/** Whole lines of a text that follow one another. */
export interface LineBlock {
  /** The lines with LF between them, whatever line ends the file has. */
  readonly text: string;
  readonly count: number;
  /** The number of lines before them since the first bytes. */
  readonly before: number;
  /** The number of bytes before them since the first ones. */
  readonly byte: number;
  /** The bytes that they were decoded from; a number stands for that many bytes without a line end. */
  readonly bytes: readonly BytePiece[];
  /** The first line has more characters than are here. */
  readonly isCut: boolean;
}

/**
 * Collects a text into blocks of whole lines: a line that came in several pieces, or as many as came together, whose text
 * is not copied once more (copies were half of the time for 1 GB, measured). Most blocks have nothing in them.
 */
export class LineBlocks implements TextSink {
  readonly hasRest = false;
  readonly #take: (block: LineBlock) => void;
  readonly #maxLineChars: number;
  /** Texts, and beside each the bytes that it was decoded from. */
  #parts: string[] = [];
  #bytes: BytePiece[] = [];
  #chars = 0;
  #byte = 0;
  #count = 0;
  #isCut = false;

  /** @param maxLineChars the longest part of a line that is handed out, in UTF-16 code units */
  constructor(take: (block: LineBlock) => void, maxLineChars: number) {
    this.#take = take;
    this.#maxLineChars = maxLineChars;
  }

  get count(): number {
    return this.#count;
  }

  get wantsLineEnd(): boolean {
    return this.#chars > 0;
  }

  write(text: string, bytes: Uint8Array, isWhole = false): boolean {
    if (this.#chars > this.#maxLineChars) {
      // The beginning of an endless line is enough.
      this.#isCut = true;
      const end = isWhole ? text.search(/[\n\r]/) : text.length;
      this.#push(text.slice(end), isWhole ? bytes : bytes.length);
    } else this.#push(text, bytes);
    if (isWhole && this.#chars > 0) this.#emit();
    return true;
  }

  end(): void {
    if (this.#chars > 0) this.#emit();
  }

  skipRest(): void {
    throw new Error('All blocks are wanted.');
  }

  #push(text: string, bytes: BytePiece): void {
    this.#parts.push(text);
    this.#bytes.push(bytes);
    this.#chars += text.length;
  }

  #emit(): void {
    const [parts, bytes] = [this.#parts, this.#bytes];
    const whole = parts.length === 1 ? (parts[0] ?? '') : parts.join('');
    const plain = whole.includes('\r') ? whole.replaceAll(/\r\n?/g, '\n') : whole;
    const text = plain.endsWith('\n') ? plain.slice(0, -1) : plain;
    const block = { text, count: countLines(text), before: this.#count, byte: this.#byte, bytes };
    const isCut = this.#isCut;
    this.#count += block.count;
    for (const piece of bytes) this.#byte += typeof piece === 'number' ? piece : piece.length;
    [this.#parts, this.#bytes, this.#chars, this.#isCut] = [[], [], 0, false];
    this.#take({ ...block, isCut });
  }
}

function countLines(text: string): number {
  let count = 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
