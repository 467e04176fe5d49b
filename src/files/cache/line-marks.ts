import type { LineStart } from '../lines/line-reader.ts';

const START: LineStart = { lines: 0, byte: 0, encoding: undefined };
const MAX_MARKS = 1024;

/** Known line beginnings of one version of one file, so that reading on does not start from the top. */
export class LineMarks {
  #marks: LineStart[] = [];
  #spacing = 64 * 1024;

  /** The last mark at or before a 1-based line. */
  before(line: number): LineStart {
    return this.#marks.findLast((mark) => mark.lines < line) ?? START;
  }

  add(mark: LineStart): void {
    const last = this.#marks.at(-1) ?? START;
    if (mark.byte < last.byte + this.#spacing) return;
    this.#marks.push(mark);
    if (this.#marks.length < MAX_MARKS) return;
    this.#marks = this.#marks.filter((_, index) => index % 2 === 1);
    this.#spacing *= 2;
  }
}
