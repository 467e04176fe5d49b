import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/errors.ts';
import { applyEdits } from '../../../src/files/edit/text-edits.ts';
import type { Replacement } from '../../../src/files/edit/text-edits.ts';
import { cpuTime, fastestOf } from '../../support/cpu-time.ts';
import { applyOneByOne } from './one-by-one.ts';

function outcome(work: () => string): string {
  try {
    return `text ${JSON.stringify(work())}`;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return error.message;
  }
}

/** An error of `applyEdits` in the words of the reference. */
function applied(text: string, edits: readonly Replacement[]): string {
  try {
    return `text ${JSON.stringify(applyEdits(text, edits, { where: 'F' }))}`;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const found =
      /^old_text(?: of edit (\d+))? is (?:(empty)|(not) in F|in F (\d+ times, at the lines [\d, ]+))/.exec(
        error.message,
      );
    const [, number = '1', empty, missing, times] = found ?? [error.message];
    const what = empty ?? (missing === undefined ? times : 'missing');
    return `${Number(number) - 1}: ${what?.trim()}`;
  }
}

const letters = ['a', 'a', 'b', 'ab', '\n', '\n', '\r', '\r\n', ' ', 'ü', '😀'];
const short = fc.array(fc.constantFrom(...letters), { maxLength: 4 }).map((parts) => parts.join(''));
const texts = fc.array(fc.constantFrom(...letters), { maxLength: 60 }).map((parts) => parts.join(''));

/** What a text has in it, and what was put there by the edits before. */
const takenFrom = fc.record({
  from: fc.nat(100),
  length: fc.integer({ min: 1, max: 12 }),
  newText: short,
  replaceAll: fc.boolean(),
  invented: fc.option(short, { freq: 8 }),
});

function editsOf(
  text: string,
  rolls: readonly (typeof takenFrom extends fc.Arbitrary<infer T> ? T : never)[],
) {
  let now = text;
  const edits: Replacement[] = [];
  for (const { from, length, newText, replaceAll, invented } of rolls) {
    const start = now.length === 0 ? 0 : from % now.length;
    const edit = { oldText: invented ?? now.slice(start, start + length), newText, replaceAll };
    try {
      now = applyOneByOne(now, [edit]);
      edits.push(edit);
    } catch {
      // Few of them do not fit, so that most rows of edits come to an end.
      if (from % 20 === 0) edits.push(edit);
    }
  }
  return edits;
}

describe('applyEdits', () => {
  it('comes to the same as one edit after the other', () => {
    let made = 0;
    fc.assert(
      fc.property(texts, fc.array(takenFrom, { minLength: 1, maxLength: 12 }), (text, rolls) => {
        const edits = editsOf(text, rolls);
        const expected = outcome(() => applyOneByOne(text, edits));
        if (expected.startsWith('text')) made++;
        expect(applied(text, edits)).toBe(expected);
      }),
      { numRuns: 6000 },
    );
    expect(made).toBeGreaterThan(1500);
  }, 60_000);

  it('comes to the same in a text of many blocks', () => {
    const words = ['lorem', 'ipsum', 'dolor', 'x', '\n', '\n', '\r\n', '    ', 'return;'];
    const long = fc
      .array(fc.constantFrom(...words), { minLength: 500, maxLength: 1500 })
      .map((parts) => parts.join(''));
    const roll = fc.record({
      from: fc.nat(10_000),
      length: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 400, max: 3000 })),
      newText: fc.oneof(short, long),
      replaceAll: fc.boolean(),
      invented: fc.constant(null),
    });
    const modest = roll.map((one) => ({ ...one, replaceAll: one.replaceAll && one.newText.length < 10 }));
    let made = 0;
    fc.assert(
      fc.property(long, fc.array(modest, { minLength: 1, maxLength: 12 }), (text, rolls) => {
        const edits = editsOf(text, rolls);
        const expected = outcome(() => applyOneByOne(text, edits));
        if (expected.startsWith('text')) made++;
        expect(applied(text, edits)).toBe(expected);
      }),
      { numRuns: 400 },
    );
    expect(made).toBeGreaterThan(100);
  }, 60_000);

  it('makes 20,000 edits of a text of 4 MB in well under a second', () => {
    const lines = Array.from({ length: 60_000 }, (_, at) => `line ${at}: ${'lorem ipsum dolor '.repeat(3)}`);
    const text = lines.join('\n');
    expect(text.length).toBeGreaterThan(3_900_000);
    const edits = Array.from({ length: 20_000 }, (_, at) => ({
      oldText: `line ${at * 3}: lorem ipsum`,
      newText: `LINE ${at * 3}\nlorem`,
      replaceAll: false,
    }));
    let result = '';
    const took = fastestOf(2, () => (result = applyEdits(text, edits, { where: 'F' })));
    expect(result).toBe(
      text.replace(/line (\d*): lorem ipsum/g, (all, n: string) =>
        Number(n) % 3 === 0 ? `LINE ${n}\nlorem` : all,
      ),
    );
    expect(took).toBeLessThan(1000);
  });

  it('makes 20,000 edits, each of what the one before it has written', () => {
    const text = `${'lorem ipsum\n'.repeat(300_000)}counter 0`;
    const edits = Array.from({ length: 20_000 }, (_, at) => ({
      oldText: `counter ${at}`,
      newText: `counter ${at + 1}`,
      replaceAll: false,
    }));
    let result = '';
    const took = fastestOf(2, () => (result = applyEdits(text, edits, { where: 'F' })));
    expect(result.endsWith('\ncounter 20000')).toBe(true);
    expect(took).toBeLessThan(1000);
  });

  it('refuses a text that grows with every edit before it fills the memory', () => {
    const newText = 'a'.repeat(1000);
    const edits = Array.from({ length: 3 }, () => ({ oldText: 'a', newText, replaceAll: true }));
    const start = cpuTime();
    expect(() => applyEdits('a', edits, { where: 'F' })).toThrow(
      expect.objectContaining({ code: 'too_large' }),
    );
    expect(cpuTime() - start).toBeLessThan(2000);
  });

  it.each([
    [
      '50,000 lines that are not there',
      'x\n'.repeat(50_000),
      Array.from({ length: 50_000 }, (_, at) => `y${at}`).join('\n'),
    ],
    [
      '50,000 equal lines, one of them another',
      'x\n'.repeat(60_000),
      `${'x\n'.repeat(25_000)}z\n${'x\n'.repeat(25_000)}`,
    ],
    [
      'a text of one letter but for one in the middle',
      'a'.repeat(1_000_000),
      `${'a'.repeat(50_000)}b${'a'.repeat(50_000)}`,
    ],
  ])('says in a second where the closest place is: %s', (_what, text, oldText) => {
    const start = cpuTime();
    expect(() => applyEdits(text, [{ oldText, newText: '', replaceAll: false }], { where: 'F' })).toThrow(
      /is not in F/,
    );
    expect(cpuTime() - start).toBeLessThan(1000);
  });
});
