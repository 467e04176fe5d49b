import { AppError } from '../../../errors.ts';
import { nextSlice, sliceIsOver } from '../../../time-slices.ts';
import { includes } from './includes.ts';
import type { LineMatcher, LineMatches, LinePattern } from './line-pattern.ts';
import { RegexMatcher } from './regex-matcher.ts';
import { WordMatcher } from './word-matcher.ts';

const MAX_PATTERN_CHARS = 1000;

/**
 * @param owner identifies the principal: regular expressions are tested in threads that all principals share
 * @throws AppError `invalid_input` for a pattern that is empty, too long, or no regular expression; `rate_limited`
 */
export async function createLineMatcher(
  wanted: LinePattern,
  owner: string,
  signal?: AbortSignal,
): Promise<LineMatcher> {
  const { pattern, match, caseSensitive } = wanted;
  if (pattern === '')
    throw new AppError('invalid_input', 'The pattern is empty', { hint: 'Pass the text to search for.' });
  if (pattern.length > MAX_PATTERN_CHARS)
    throw new AppError('invalid_input', `The pattern has more than ${MAX_PATTERN_CHARS} characters`, {
      hint: 'Search for a part of it.',
    });
  if (match === 'regex') return RegexMatcher.create({ pattern, caseSensitive }, owner, signal);
  if (match === 'text') return new TextMatcher(pattern, caseSensitive);
  if (!caseSensitive) return new WordMatcher(pattern);
  throw new AppError('invalid_input', 'Words are found in upper and lower case alike', {
    hint: 'Search for text or a regular expression where case matters.',
  });
}

/** Lines that contain a text. */
class TextMatcher implements LineMatcher {
  readonly #wanted: string;
  readonly #caseSensitive: boolean;

  constructor(pattern: string, caseSensitive: boolean) {
    const wanted = pattern.normalize('NFC');
    this.#wanted = caseSensitive ? wanted : wanted.toLowerCase();
    this.#caseSensitive = caseSensitive;
  }

  mayMatch(text: string): boolean {
    return includes(this.#folded(text), this.#wanted);
  }

  placeIn(line: string): number {
    return Math.max(0, this.#folded(line).indexOf(this.#wanted));
  }

  async match(lines: readonly string[], signal?: AbortSignal): Promise<LineMatches> {
    const hits = new Set<number>();
    for (const [index, line] of lines.entries()) {
      if (this.mayMatch(line)) hits.add(index);
      if (sliceIsOver()) await nextSlice(signal);
    }
    return { hits, cut: new Set() };
  }

  #folded(text: string): string {
    return this.#caseSensitive ? text : text.toLowerCase();
  }
}
