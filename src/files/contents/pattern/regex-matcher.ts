import { AppError } from '../../../errors.ts';
import { cancelled } from '../../../pause.ts';
import { ThreadError } from '../../../threads/bounded-thread.ts';
import { ThreadPool } from '../../../threads/thread-pool.ts';
import { includes } from './includes.ts';
import type { LineMatcher, LineMatches } from './line-pattern.ts';
import type { RegexAnswer, RegexPattern, RegexQuestion } from './regex-messages.ts';
import { requiredTexts } from './required-text.ts';

/** Beside this file when run from source, beside the bundle otherwise. */
const script = new URL(
  import.meta.url.endsWith('.ts') ? './regex-thread.ts' : './regex-thread.js',
  import.meta.url,
);
const threads = new ThreadPool<RegexQuestion, RegexAnswer>(script, {
  threads: 2,
  memoryMb: 256,
  growthMb: 768,
  idleMs: 20_000,
});
/** A thread answers after one or two seconds; one that does not is ended. */
const MAX_MS = 10_000;
/** Characters of the lines that are sent to a thread at once. */
const BATCH_CHARS = 262_144;

/**
 * Lines that match a regular expression, tested in a thread. RE2 takes time in proportion to the pattern and the line,
 * which together can still be seconds.
 */
export class RegexMatcher implements LineMatcher {
  readonly #pattern: RegexPattern;
  readonly #owner: string;
  readonly #required: readonly string[] | undefined;

  private constructor(pattern: RegexPattern, owner: string) {
    this.#pattern = pattern;
    this.#owner = owner;
    this.#required = requiredTexts(pattern.pattern);
  }

  /**
   * @param owner whose search it is: the threads are shared fairly between owners
   * @throws AppError `invalid_input` for a pattern that cannot be used, `rate_limited` for too many searches at once
   */
  static async create(pattern: RegexPattern, owner: string, signal?: AbortSignal): Promise<RegexMatcher> {
    const matcher = new RegexMatcher(pattern, owner);
    await matcher.#ask(undefined, signal);
    return matcher;
  }

  mayMatch(text: string): boolean {
    if (!this.#required) return true;
    // RE2 takes it for an s; of all other letters the lower case does the same.
    const folded = text.toLowerCase().replaceAll('\u017f', 's');
    return this.#required.some((one) => includes(folded, one));
  }

  placeIn(line: string): number {
    const folded = line.toLowerCase();
    const places = (this.#required ?? []).map((one) => folded.indexOf(one)).filter((at) => at >= 0);
    return places.length === 0 ? 0 : Math.min(...places);
  }

  /** @throws AppError `timeout` when the pattern takes too much time or memory */
  async match(lines: readonly string[], signal?: AbortSignal): Promise<LineMatches> {
    const hits = new Set<number>();
    const cut = new Set<number>();
    for (let from = 0; from < lines.length;) {
      const batch = lines.slice(from, endOfBatch(lines, from));
      const answer = await this.#ask(batch.join('\n'), signal);
      for (const hit of answer.hits) hits.add(from + hit);
      for (const line of answer.cut) cut.add(from + line);
      from += answer.tested;
    }
    return { hits, cut };
  }

  async #ask(
    lines: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Exclude<RegexAnswer, { wrong: unknown }>> {
    if (signal?.aborted) throw cancelled(signal.reason);
    const terms = { owner: this.#owner, ms: MAX_MS, signal };
    const answer = await threads.ask({ ...this.#pattern, lines }, terms).catch((error: unknown) => {
      if (signal?.aborted) throw cancelled(signal.reason);
      throw error instanceof ThreadError && ['time', 'memory'].includes(error.fault)
        ? new AppError('timeout', 'The pattern takes too long', { hint: 'Search for less.', cause: error })
        : error;
    });
    if (!('wrong' in answer)) return answer;
    if (answer.wrong === 'too large')
      throw new AppError('invalid_input', 'The pattern repeats so much that it cannot be tested in time', {
        hint: 'Use smaller numbers in braces, or + and *.',
      });
    throw new AppError('invalid_input', `The pattern is not a regular expression: ${answer.wrong.syntax}`, {
      hint: 'RE2 syntax is understood: no lookaround and no backreferences.',
      remedy: { kind: 'omit', option: 'regex' },
    });
  }
}

/** At least one line. */
function endOfBatch(lines: readonly string[], from: number): number {
  let chars = 0;
  let end = from;
  while (end < lines.length && chars < BATCH_CHARS) chars += (lines[end++]?.length ?? 0) + 1;
  return end;
}
