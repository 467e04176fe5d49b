import type { Encoding } from '../../documents/kernel/encoding.ts';

/** Where a line begins. */
export interface LineMark {
  /** Lines before it. */
  readonly lines: number;
  /** Offset of its first byte. */
  readonly byte: number;
  readonly encoding: Encoding | undefined;
}

const START: LineMark = { lines: 0, byte: 0, encoding: undefined };
const MAX_MARKS = 1024;

/** Known line beginnings of one version of one file, so that reading on does not start from the top. */
export class LineMarks {
  #marks: LineMark[] = [];
  #spacing = 64 * 1024;

  /** The last mark at or before a 1-based line. */
  before(line: number): LineMark {
    return this.#marks.findLast((mark) => mark.lines < line) ?? START;
  }

  add(mark: LineMark): void {
    const last = this.#marks.at(-1) ?? START;
    if (mark.byte < last.byte + this.#spacing) return;
    this.#marks.push(mark);
    if (this.#marks.length < MAX_MARKS) return;
    this.#marks = this.#marks.filter((_, index) => index % 2 === 1);
    this.#spacing *= 2;
  }
}
