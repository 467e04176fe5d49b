import { escapeControls, escapeLine } from '../../text/foreign-text.ts';
import type { RemotePath } from '../../path.ts';

/** A matching line, as `path:line: text`, with the lines around it as `path-line- text`. */
export interface Match {
  readonly path: RemotePath;
  readonly line: number;
  text: string;
}

const MAX_LINE_CHARS = 400;

/** Collects the matching lines of one file. Only the context lines are kept in memory. */
export class MatchCollector {
  readonly matches: Match[] = [];
  readonly #path: RemotePath;
  /** The path as it stands before each line. */
  readonly #shown: string;
  readonly #context: number;
  readonly #limit: number;
  readonly #before: string[] = [];
  #after = 0;
  #number = 0;

  constructor(path: RemotePath, context: number, limit: number) {
    this.#path = path;
    this.#shown = escapeLine(path);
    this.#context = context;
    this.#limit = limit;
  }

  get full(): boolean {
    return this.matches.length >= this.#limit && this.#after === 0;
  }

  /** Takes the next line. */
  take(line: string, isMatch: boolean): void {
    if (this.full) return;
    this.#number++;
    const last = this.matches.at(-1);
    if (this.matches.length < this.#limit && isMatch) {
      const context = this.#after > 0 ? [] : this.#before;
      const first = this.#number - context.length;
      const rows = context.map((text, index) => `${this.#shown}-${first + index}- ${short(text)}`);
      this.matches.push({
        path: this.#path,
        line: this.#number,
        text: [...rows, this.#row(':', line)].join('\n'),
      });
      this.#after = this.#context;
      this.#before.length = 0;
      return;
    }
    if (this.#after > 0 && last) {
      last.text += `\n${this.#row('-', line)}`;
      this.#after--;
      return;
    }
    this.#before.push(line);
    if (this.#before.length > this.#context) this.#before.shift();
  }

  #row(mark: ':' | '-', line: string): string {
    return `${this.#shown}${mark}${this.#number}${mark} ${short(line)}`;
  }
}

function short(line: string): string {
  const shown = escapeControls(line.slice(0, MAX_LINE_CHARS));
  return line.length > MAX_LINE_CHARS ? `${shown} [... cut]` : shown;
}
