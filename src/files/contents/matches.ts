import { escapeControls } from '../../text/foreign-text.ts';

/** A matching line with the lines around it, as rows to show. */
export interface Match {
  /** Where the search goes on behind it, in what the file is counted by. */
  readonly place: number;
  /** `12: text`, and `11- text` for the lines around it. */
  readonly rows: string[];
}

/** What is shown of a line, in UTF-16 code units. */
const MAX_LINE_CHARS = 400;
/** What is shown of a long line before the place that matches. */
const LEAD_CHARS = 100;

export interface CollectorOptions {
  /** Lines around each match. */
  readonly context: number;
  /** The most matches to keep; the others are counted. */
  readonly limit: number;
  /** Which of them: the first, or the last. */
  readonly keep: 'first' | 'last';
  /** Where a line matches, to show that part of it. */
  readonly placeIn: (line: string) => number;
}

/** Lines that follow one another, and what stands before each where it is shown. */
export interface NumberedLines {
  readonly lines: readonly string[];
  /** @param by by how many lines the line is before or behind a match; 0 for the match itself */
  readonly label: (index: number, by: number) => string;
  readonly place: (index: number) => number;
}

/** Collects the matching lines of one text. Only the lines around them are kept in memory. */
export class MatchCollector {
  readonly matches: Match[] = [];
  /** The number of all matches so far, kept or not. */
  total = 0;
  /** Whether one of the lines that came when nothing more was wanted matches. */
  hasMore = false;
  readonly #options: CollectorOptions;
  #before: { readonly numbered: NumberedLines; readonly index: number }[] = [];
  /** Lines behind the last match that are still to come. */
  #after = 0;

  constructor(options: CollectorOptions) {
    this.#options = options;
  }

  /** Whether nothing more of the text is wanted. Who only counts wants all of it. */
  get isFull(): boolean {
    const { limit, keep } = this.#options;
    return limit > 0 && keep === 'first' && this.total >= limit && this.#after === 0;
  }

  get contextLines(): number {
    return this.#options.context;
  }

  /** Whether the next line is wanted for what is around it. */
  get wantsLines(): boolean {
    return this.#after > 0;
  }

  /**
   * Counts matches of lines that are to be taken next, where it can be known without them.
   *
   * @param hits in ascending order
   * @returns those that have to be taken; where the last are kept, what was taken before follows on nothing then
   */
  count(hits: readonly number[]): readonly number[] {
    const { limit, keep } = this.#options;
    const kept = limit === 0 ? [] : keep === 'last' ? hits.slice(-limit) : hits;
    this.total += hits.length - kept.length;
    if (kept.length < hits.length) this.endText();
    return kept;
  }

  /** Takes the next lines, of which some match. */
  take(numbered: NumberedLines, hits: ReadonlySet<number>): void {
    const last = numbered.lines.length;
    if (hits.size === 0) return this.#pass(numbered, 0, last);
    let from = 0;
    for (const hit of [...hits].toSorted((a, b) => a - b)) {
      this.#pass(numbered, from, hit);
      if (this.isFull) {
        this.hasMore = true;
        return;
      }
      this.#hit(numbered, hit);
      from = hit + 1;
    }
    this.#pass(numbered, from, last);
  }

  /** What comes next does not follow on these lines. */
  endText(): void {
    this.#before = [];
    this.#after = 0;
  }

  #hit(numbered: NumberedLines, index: number): void {
    const { limit, keep, context, placeIn } = this.#options;
    this.total++;
    if (limit === 0) return;
    const isBeyond = keep === 'first' && this.matches.length >= limit;
    if (isBeyond) {
      this.hasMore = true;
      this.#follow(numbered, index);
      return;
    }
    const around = this.#after > 0 ? [] : this.#before;
    const rows = around.map((line, at) => rowOf(line, at - around.length));
    const line = numbered.lines[index] ?? '';
    rows.push(`${numbered.label(index, 0)}: ${shortened(line, placeIn(line))}`);
    this.matches.push({ place: numbered.place(index), rows });
    if (keep === 'last' && this.matches.length >= 2 * limit) this.matches.splice(0, limit);
    this.#after = context;
    this.#before = [];
  }

  #pass(numbered: NumberedLines, from: number, to: number): void {
    let index = from;
    for (; index < to && this.#after > 0; index++) this.#follow(numbered, index);
    for (index = Math.max(index, to - this.#options.context); index < to; index++)
      this.#before.push({ numbered, index });
    const excess = this.#before.length - this.#options.context;
    if (excess > 0) this.#before.splice(0, excess);
  }

  #follow(numbered: NumberedLines, index: number): void {
    if (this.#after === 0) return;
    const by = this.#options.context - --this.#after;
    this.matches.at(-1)?.rows.push(rowOf({ numbered, index }, by));
  }
}

function rowOf({ numbered, index }: { numbered: NumberedLines; index: number }, by: number): string {
  return `${numbered.label(index, by)}- ${shortened(numbered.lines[index] ?? '', 0)}`;
}

/** A line as it is, and of a long one the part around a place. */
function shortened(line: string, place: number): string {
  if (line.length <= MAX_LINE_CHARS) return escapeControls(line);
  const from = place < MAX_LINE_CHARS - LEAD_CHARS ? 0 : place - LEAD_CHARS;
  const to = from + MAX_LINE_CHARS;
  const shown = escapeControls(line.slice(from, to).toWellFormed());
  return `${from > 0 ? '[...] ' : ''}${shown}${to < line.length ? ' [... cut]' : ''}`;
}
