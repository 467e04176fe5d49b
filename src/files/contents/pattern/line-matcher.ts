import { AppError } from '../../../errors.ts';
import { nextSlice, sliceIsOver } from '../../../time-slices.ts';
import { includes } from './includes.ts';
import type { LineMatcher, LineMatches, LinePattern } from './line-pattern.ts';
import { RegexMatcher } from './regex-matcher.ts';
import { WordMatcher } from './word-matcher.ts';

const MAX_PATTERN_CHARS = 1000;
/** Characters of an endless line that are tested at once. */
const PART_CHARS = 65_536;

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
  /** Whether the text may be in another, without a copy of that in lower case. */
  readonly #quick: RegExp | undefined;

  constructor(pattern: string, caseSensitive: boolean) {
    const wanted = pattern.normalize('NFC');
    this.#wanted = caseSensitive ? wanted : wanted.toLowerCase();
    this.#caseSensitive = caseSensitive;
    this.#quick = caseSensitive ? undefined : quickTest(wanted);
  }

  mayMatch(text: string): boolean {
    if (this.#quick && text.length <= MAX_QUICK_TEXT) return this.#quick.test(text);
    return includes(this.#folded(text), this.#wanted);
  }

  placeIn(line: string): number {
    return Math.max(0, this.#folded(line).indexOf(this.#wanted));
  }

  async match(lines: readonly string[], signal?: AbortSignal): Promise<LineMatches> {
    const hits = new Set<number>();
    for (const [index, line] of lines.entries()) {
      if (await this.#matches(line, signal)) hits.add(index);
      if (sliceIsOver()) await nextSlice(signal);
    }
    return { hits, cut: new Set() };
  }

  async #matches(line: string, signal: AbortSignal | undefined): Promise<boolean> {
    for (let at = 0; at === 0 || at < line.length; at += PART_CHARS) {
      // What begins in one part may end in the next one.
      const part = line.length <= PART_CHARS ? line : line.slice(at, at + PART_CHARS + this.#wanted.length);
      if (includes(this.#folded(part), this.#wanted)) return true;
      if (line.length > PART_CHARS && sliceIsOver()) await nextSlice(signal);
    }
    return false;
  }

  #folded(text: string): string {
    return this.#caseSensitive ? text : text.toLowerCase();
  }
}

/** A regular expression takes the product of both lengths in bad cases, so both are bounded. */
const MAX_QUICK_PATTERN = 64;
const MAX_QUICK_TEXT = 128 * 1024;

/** Two letters beside those of ASCII become one of ASCII in lower case. */
function quickTest(wanted: string): RegExp | undefined {
  if (wanted.length > MAX_QUICK_PATTERN || /[^\0-\x7f]/.test(wanted)) return undefined;
  return new RegExp(`${wanted.replaceAll(/[^\w\s]/g, String.raw`\$&`)}|[\u0130\u212a]`, 'i');
}
