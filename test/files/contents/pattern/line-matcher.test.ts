import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { includes } from '../../../../src/files/contents/pattern/includes.ts';
import { createLineMatcher } from '../../../../src/files/contents/pattern/line-matcher.ts';
import { cpuTime } from '../../../support/cpu-time.ts';
import { measureLoopDelay } from '../../../support/event-loop.ts';

async function matching(pattern: string, lines: readonly string[], more = {}): Promise<number[]> {
  const matcher = await createLineMatcher({ pattern, match: 'text', caseSensitive: false, ...more }, 'alice');
  return [...(await matcher.match(lines)).hits];
}

describe('includes', () => {
  it('agrees with String.includes, also for long texts', () => {
    const letters = fc.array(fc.constantFrom('a', 'b'), { maxLength: 700 }).map((all) => all.join(''));
    fc.assert(
      fc.property(
        letters,
        fc.nat(700),
        fc.integer({ min: 251, max: 400 }),
        letters,
        (text, from, length, other) => {
          const part = text.slice(from, from + length);
          for (const wanted of [part, `${part}a`, other])
            expect(includes(text, wanted)).toBe(text.includes(wanted));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('takes time in proportion to the line', () => {
    const line = 'a'.repeat(1_000_000);
    for (const length of [100, 250, 251, 1000]) {
      const wanted = `${'a'.repeat(length / 2)}b${'a'.repeat(length / 2)}`;
      const start = cpuTime();
      expect(includes(line, wanted)).toBe(false);
      expect(cpuTime() - start, String(length)).toBeLessThan(50);
    }
  });
});

describe('createLineMatcher', { timeout: 60_000 }, () => {
  const lines = ['Alpha', 'beta', '', 'GAMMA ray', 'alphabet'];

  it('finds text, with and without regard to case', async () => {
    expect(await matching('alpha', lines)).toEqual([0, 4]);
    expect(await matching('alpha', lines, { caseSensitive: true })).toEqual([4]);
    expect(await matching('(a', ['x(a)'])).toEqual([0]);
  });

  it('finds regular expressions, with and without regard to case', async () => {
    const regex = { match: 'regex' };
    expect(await matching('^alpha', lines, regex)).toEqual([0, 4]);
    expect(await matching('^alpha', lines, { match: 'regex', caseSensitive: true })).toEqual([4]);
    expect(await matching('^$', lines, regex)).toEqual([2]);
    expect(await matching('a\\b', ['a\u2028b', 'ab'], regex)).toEqual([0]);
    const many = Array.from({ length: 60_000 }, (_, at) => `line ${at}`);
    expect(await matching('[05]0000$', many, regex)).toEqual(
      [10_000, 20_000, 30_000, 40_000, 50_000].filter((at) => /[05]0000$/.test(`${at}`)),
    );
  });

  it.each([
    ['', {}, /is empty/],
    ['a'.repeat(1001), {}, /more than 1000 characters/],
    ['a'.repeat(1001), { match: 'regex' }, /more than 1000 characters/],
    ['(a', { match: 'regex' }, /is not a regular expression: error parsing regexp: missing closing/],
    ['(?=a)', { match: 'regex' }, /is not a regular expression/],
    ['a{990}'.repeat(100), { match: 'regex' }, /repeats so much/],
  ])('refuses %s', async (pattern, more, why) => {
    await expect(matching(pattern, [], more)).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringMatching(why),
    });
  });

  const letters = (length: number): string =>
    Array.from({ length }, (_, at) => 'ab'[((at * at * 7 + at) % 13) % 2]).join('');

  // What stops a backtracking engine for ever, and what makes RE2 work hardest.
  const hard: [what: string, pattern: string][] = [
    ['a pattern of 5 KB', '(a*)*'.repeat(1000)],
    ['nested stars', '(?:(?:[ab]*)*[ab]+)*[0-9]'],
    ['many optional letters', '(?:[ab]?){900}[0-9]'],
    ['many classes', `${'[a-c]*'.repeat(160)}[0-9]`],
    ['a state for every subset', '[ab]*a[ab]{900}[0-9]'],
    ['as many instructions as there may be', `${'[ab]{990}'.repeat(2)}[0-9]`],
    ['letters of all alphabets', '(?:[\\pL]*k?){140}[0-9]'],
    ['borders of words', '(?:\\b[ab]*\\B){100}[0-9]'],
    ['a pattern that is all repetition', 'a{990}'.repeat(100)],
  ];

  it.each(hard)('holds nothing up: %s', async (_what, pattern) => {
    const texts = [letters(4000), letters(200_000), ...Array.from({ length: 20 }, () => letters(4000))];
    const started = Date.now();
    const { delay } = await measureLoopDelay(() => matching(pattern, texts, { match: 'regex' }));
    expect(delay.processor).toBeLessThan(50);
    expect(Date.now() - started).toBeLessThan(30_000);
  });

  it('says of which lines only the beginning was tested', async () => {
    const matcher = await createLineMatcher(
      { pattern: '(?:[ab]?){900}[0-9]', match: 'regex', caseSensitive: true },
      'alice',
    );
    const { hits, cut } = await matcher.match([`1${letters(200_000)}`, letters(200_000), letters(100)]);
    expect([[...hits], [...cut]]).toEqual([[0], [1]]);
  });

  it('is ended when its caller gives up', async () => {
    const gone = new AbortController();
    const pattern = `${'[ab]{990}'.repeat(2)}[0-9]`;
    const matcher = await createLineMatcher({ pattern, match: 'regex', caseSensitive: true }, 'alice');
    const line = letters(4000);
    const waiting = matcher.match(
      Array.from({ length: 1000 }, () => line),
      gone.signal,
    );
    setTimeout(() => gone.abort(), 300);
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('holds nothing up by much text without a match', async () => {
    const texts = Array.from({ length: 3000 }, () => 'aB'.repeat(2000));
    const { delay, outcome } = await measureLoopDelay(() =>
      matching(`${'ab'.repeat(200)}c${'ab'.repeat(200)}`, texts),
    );
    expect(outcome).toEqual({ status: 'fulfilled', value: [] });
    expect(delay.processor).toBeLessThan(50);
  });
});
