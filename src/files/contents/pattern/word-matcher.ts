import { AppError } from '../../../errors.ts';
import { nextSlice, sliceIsOver } from '../../../time-slices.ts';
import type { LineMatcher, LineMatches } from './line-pattern.ts';

const word = /[\p{L}\p{N}\p{M}]+/gu;
/** Scripts that are written without spaces: their words are looked for anywhere. */
const unspaced = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}]/u;
/** To take marks off a text can take time with the square of its length, and no word is longer. */
const MAX_WORD_CHARS = 200;
const MAX_WORDS = 20;
/** What is behind it in a line is not looked at to show it. */
const MAX_PLACE = 100_000;

interface Wanted {
  readonly text: string;
  readonly is: (token: string) => boolean;
}

/**
 * Lines in which all words of the pattern occur, in any order. Words are letters and digits; case and diacritics make no
 * difference, as in the indexes of databases (SQLite FTS5 with `unicode61 remove_diacritics 2`). A `*` after a word stands for any ending.
 */
export class WordMatcher implements LineMatcher {
  readonly #words: readonly Wanted[];

  /** @throws AppError `invalid_input` for a pattern without words, or with too many */
  constructor(pattern: string) {
    const found = [...pattern.matchAll(/([\p{L}\p{N}\p{M}]+)(\*?)/gu)];
    if (found.length === 0)
      throw new AppError('invalid_input', 'The pattern has no words, which are letters and digits', {
        hint: 'Search for it as text.',
      });
    if (found.length > MAX_WORDS)
      throw new AppError('invalid_input', `The pattern has more than ${MAX_WORDS} words`, {
        hint: 'Search for the rarest of them.',
      });
    this.#words = found.map(([, letters = '', star = '']) => wanted(foldWord(letters), star !== ''));
  }

  mayMatch(text: string): boolean {
    if (!isAscii(text)) return true;
    const folded = text.toLowerCase();
    return this.#words.every((each) => folded.includes(each.text));
  }

  async match(lines: readonly string[], signal?: AbortSignal): Promise<LineMatches> {
    const hits = new Set<number>();
    for (const [index, line] of lines.entries()) {
      if (await this.#matches(line, signal)) hits.add(index);
      if (sliceIsOver()) await nextSlice(signal);
    }
    return { hits, cut: new Set() };
  }

  placeIn(line: string): number {
    for (const { 0: token, index } of line.slice(0, MAX_PLACE).matchAll(word))
      if (this.#words.some(({ is }) => is(foldWord(token)))) return index;
    return 0;
  }

  async #matches(line: string, signal: AbortSignal | undefined): Promise<boolean> {
    if (!this.mayMatch(line)) return false;
    const missing = new Set(this.#words);
    for (const [token] of line.matchAll(word)) {
      if (sliceIsOver()) await nextSlice(signal);
      const folded = foldWord(token);
      for (const each of missing) if (each.is(folded)) missing.delete(each);
      if (missing.size === 0) return true;
    }
    return false;
  }
}

function wanted(text: string, isPrefix: boolean): Wanted {
  if (unspaced.test(text)) return { text, is: (token) => token.includes(text) };
  return { text, is: isPrefix ? (token) => token.startsWith(text) : (token) => token === text };
}

/** A word without case, diacritics and ligatures. */
function foldWord(token: string): string {
  if (isAscii(token)) return token.toLowerCase();
  if (token.length <= MAX_WORD_CHARS) return token.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
  // Text without spaces, or no words at all.
  return token.toLowerCase();
}

function isAscii(text: string): boolean {
  return !/[^\0-\x7f]/.test(text);
}
