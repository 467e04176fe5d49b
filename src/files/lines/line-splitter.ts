/**
 * Takes the next line, without its line end.
 *
 * @param cut the number of characters that the line had beyond the maximum
 * @returns whether more lines are wanted
 */
export type TakeLine = (line: string, cut: number) => boolean;

/**
 * Splits a text that comes in pieces into lines. LF, CRLF and CR all end a line, also mixed, and a pair that is
 * split between two pieces is one line end. At most one line is held, and of a long line only its beginning.
 */
export class LineSplitter {
  readonly #take: TakeLine;
  readonly #maxChars: number;
  /** The beginning of a line whose end has not come yet. */
  #line = '';
  #cut = 0;
  #isInLine = false;
  #endedWithCarriageReturn = false;
  #isStopped = false;
  #hasRest = false;
  #count = 0;

  /** @param maxChars the longest part of a line that is handed out, in UTF-16 code units */
  constructor(take: TakeLine, maxChars: number) {
    this.#take = take;
    this.#maxChars = maxChars;
  }

  /** The number of lines handed out so far. */
  get count(): number {
    return this.#count;
  }

  /** Whether text was left over when no more lines were wanted. */
  get hasRest(): boolean {
    return this.#hasRest;
  }

  /** @returns whether more text is wanted */
  write(text: string): boolean {
    let start = this.#endedWithCarriageReturn && text.startsWith('\n') ? 1 : 0;
    if (text !== '') this.#endedWithCarriageReturn = text.endsWith('\r');
    let feed = text.indexOf('\n', start);
    let carriage = text.indexOf('\r', start);
    while (start < text.length && !this.#isStopped) {
      if (feed !== -1 && feed < start) feed = text.indexOf('\n', start);
      if (carriage !== -1 && carriage < start) carriage = text.indexOf('\r', start);
      const end = carriage === -1 || (feed !== -1 && feed < carriage) ? feed : carriage;
      this.#append(end === -1 ? text.slice(start) : text.slice(start, end));
      if (end === -1) return true;
      this.#endLine();
      start = end + (end === carriage && feed === end + 1 ? 2 : 1);
    }
    if (start < text.length) this.#hasRest = true;
    return !this.#isStopped;
  }

  /** The text has ended. What follows the last line end is a line, too, unless it is empty. */
  end(): void {
    if (!this.#isInLine) return;
    if (this.#isStopped) this.#hasRest = true;
    else this.#endLine();
  }

  /** More text came after no more lines were wanted, which need not be decoded. */
  skipRest(): void {
    this.#hasRest = true;
  }

  #append(part: string): void {
    this.#isInLine = true;
    const room = Math.max(0, this.#maxChars - this.#line.length);
    this.#line += part.length > room ? part.slice(0, room) : part;
    this.#cut += Math.max(0, part.length - room);
  }

  #endLine(): void {
    const [line, cut] = [this.#line, this.#cut];
    this.#isInLine = false;
    this.#line = '';
    this.#cut = 0;
    this.#count++;
    if (!this.#take(line, cut)) this.#isStopped = true;
  }
}

/** The lines of a whole text. */
export function splitLines(text: string): string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line) > 0, Infinity);
  splitter.write(text);
  splitter.end();
  return lines;
}
