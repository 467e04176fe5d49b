import { AppError } from '../../errors.ts';
import { nextSlice, sliceIsOver } from '../../time-slices.ts';
import type { LineMatcher, LineMatches, LinePattern } from './line-pattern.ts';
import { RegexMatcher } from './regex-matcher.ts';

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
  const { pattern, regex, caseSensitive } = wanted;
  if (pattern === '')
    throw new AppError('invalid_input', 'The pattern is empty', { hint: 'Pass the text to search for.' });
  if (pattern.length > MAX_PATTERN_CHARS)
    throw new AppError('invalid_input', `The pattern has more than ${MAX_PATTERN_CHARS} characters`, {
      hint: 'Search for a part of it.',
    });
  if (!regex) return new TextMatcher(pattern, caseSensitive);
  return RegexMatcher.create({ pattern, caseSensitive }, owner, signal);
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

  async match(lines: readonly string[], signal?: AbortSignal): Promise<LineMatches> {
    const hits = new Set<number>();
    for (const [index, line] of lines.entries()) {
      if (includes(this.#caseSensitive ? line : line.toLowerCase(), this.#wanted)) hits.add(index);
      if (sliceIsOver()) await nextSlice(signal);
    }
    return { hits, cut: new Set() };
  }
}

/** V8 searches for texts of up to this length in linear time; for longer ones it takes their product in bad cases. */
const NATIVE_CHARS = 250;

/** Whether a text is in another, in time proportional to both. */
export function includes(text: string, wanted: string): boolean {
  if (wanted.length <= NATIVE_CHARS) return text.includes(wanted);
  // Knuth, Morris and Pratt, 1977.
  const borders = new Int32Array(wanted.length);
  for (let at = 1, length = 0; at < wanted.length; at++) {
    while (length > 0 && wanted.charCodeAt(at) !== wanted.charCodeAt(length))
      length = borders[length - 1] ?? 0;
    if (wanted.charCodeAt(at) === wanted.charCodeAt(length)) length++;
    borders[at] = length;
  }
  for (let at = 0, length = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    while (length > 0 && char !== wanted.charCodeAt(length)) length = borders[length - 1] ?? 0;
    if (char === wanted.charCodeAt(length)) length++;
    if (length === wanted.length) return true;
  }
  return false;
}
