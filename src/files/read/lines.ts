/** Longer lines are cut, with a note of how much is missing. */
const MAX_LINE_CHARS = 4000;
const NOTE_CHARS = 60;

/**
 * Collects whole lines from pieces of text, within a number of lines and of characters. Holds at most
 * one line, and of a long line only its beginning.
 */
export class LineCollector {
  readonly lines: string[] = [];
  readonly #skip: number;
  readonly #count: number;
  readonly #chars: number;
  /** Even a single line fits into `chars`. */
  readonly #longest: number;
  #seen = 0;
  #used = 0;
  #line = '';
  #cut = 0;
  #started = false;
  #carriage = false;
  /** Lines that were cut. */
  cutLines = 0;
  full = false;

  /** Skips `skip` lines, then takes `count` of them as long as they fit into `chars`. */
  constructor(skip: number, count: number, chars: number) {
    this.#skip = skip;
    this.#count = count;
    this.#chars = chars;
    this.#longest = Math.min(MAX_LINE_CHARS, chars - NOTE_CHARS);
  }

  /** Lines that ended so far, the skipped ones too. */
  get ended(): number {
    return this.#seen;
  }

  write(text: string): void {
    let at = 0;
    if (this.#carriage && text.startsWith('\n')) at = 1;
    const feedsOnly = !text.includes('\r');
    if (text !== '') this.#carriage = text.endsWith('\r');
    while (at < text.length && !this.full) {
      const end = feedsOnly ? text.indexOf('\n', at) : lineEnd(text, at);
      if (end === -1) return this.#append(text.slice(at));
      this.#append(text.slice(at, end));
      this.#endLine();
      at = end + (text.startsWith('\r\n', end) ? 2 : 1);
    }
  }

  /** The text is over; what stands after the last line end is a line too. */
  end(): void {
    if (this.#started && !this.full) this.#endLine();
  }

  #append(part: string): void {
    this.#started = true;
    if (this.#seen < this.#skip) return;
    const room = this.#longest - this.#line.length;
    this.#line += part.slice(0, Math.max(0, room));
    this.#cut += Math.max(0, part.length - Math.max(0, room));
  }

  #endLine(): void {
    this.#started = false;
    this.#seen++;
    if (this.#seen <= this.#skip) return;
    const line = this.#cut > 0 ? `${this.#line} [... ${this.#cut} more characters in this line]` : this.#line;
    if (this.#used + line.length + 1 > this.#chars && this.lines.length > 0) {
      this.#seen--;
      this.full = true;
      return;
    }
    if (this.#cut > 0) this.cutLines++;
    this.lines.push(line);
    this.#used += line.length + 1;
    this.#line = '';
    this.#cut = 0;
    if (this.lines.length >= this.#count) this.full = true;
  }
}

function lineEnd(text: string, from: number): number {
  const feed = text.indexOf('\n', from);
  const carriage = text.indexOf('\r', from);
  if (carriage === -1) return feed;
  return feed === -1 ? carriage : Math.min(feed, carriage);
}
