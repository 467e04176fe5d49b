import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expandBraces } from '../../src/glob/braces.ts';
import { foldCase } from '../../src/glob/letter-case.ts';
import { GlobMatcher } from '../../src/glob/matcher.ts';
import { parseSteps } from '../../src/glob/steps.ts';
import { fastestOf } from '../support/cpu-time.ts';

function compile(pattern: string, strict = false): GlobMatcher {
  return new GlobMatcher(expandBraces(pattern, strict).map((one) => parseSteps(one, strict)));
}

/** A pattern as it was made up, so that the reference needs no parser. */
type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: '?' | '*' | '**' | '**/' }
  | { readonly kind: 'class'; readonly members: readonly string[]; readonly negated: boolean }
  | { readonly kind: 'choice'; readonly choices: readonly (readonly Piece[])[] };

function written(pieces: readonly Piece[]): string {
  return pieces
    .map((piece) => {
      if (piece.kind === 'text') return piece.text;
      if (piece.kind === 'class') return `[${piece.negated ? '!' : ''}${piece.members.join('')}]`;
      if (piece.kind === 'choice') return `{${piece.choices.map(written).join(',')}}`;
      return piece.kind;
    })
    .join('');
}

/** Tries everything. */
function naive(pieces: readonly Piece[], text: readonly string[]): boolean {
  const [piece, ...rest] = pieces;
  if (piece === undefined) return text.length === 0;
  const [char, ...left] = text;
  const suffixes = text.map((_, at) => text.slice(at)).concat([[]]);
  switch (piece.kind) {
    case 'text': {
      const wanted = Array.from(piece.text, foldCase);
      return wanted.every((one, at) => one === text[at]) && naive(rest, text.slice(wanted.length));
    }
    case '?':
      return char !== undefined && char !== '/' && naive(rest, left);
    case '*': {
      const slash = text.includes('/') ? text.indexOf('/') : text.length;
      return suffixes.slice(0, slash + 1).some((suffix) => naive(rest, suffix));
    }
    case '**':
      return suffixes.some((suffix) => naive(rest, suffix));
    case '**/':
      return suffixes.some((suffix, at) => (at === 0 || text[at - 1] === '/') && naive(rest, suffix));
    case 'class': {
      const inside = piece.members.some((member) => foldCase(member) === char);
      return char !== undefined && char !== '/' && inside !== piece.negated && naive(rest, left);
    }
    case 'choice':
      return piece.choices.some((choice) => naive([...choice, ...rest], text));
  }
}

const letters = fc.constantFrom('a', 'b', 'A', 'ü', 'Ü', '😀', '.', 'ß');
const plain: fc.Arbitrary<Piece> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('text' as const), text: letters }) },
  fc.constant({ kind: 'text' as const, text: '/' }),
  fc.constantFrom(...(['?', '*', '**', '**/'] as const)).map((kind) => ({ kind })),
  fc.record({
    kind: fc.constant('class' as const),
    members: fc.array(letters, { minLength: 1, maxLength: 3 }),
    negated: fc.boolean(),
  }),
);
const pieces = fc.letrec<{ piece: Piece; row: Piece[] }>((tie) => ({
  piece: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'braces' },
    { weight: 5, arbitrary: plain },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('choice' as const),
        choices: fc.array(tie('row'), { minLength: 2, maxLength: 3, depthIdentifier: 'braces' }),
      }),
    },
  ),
  row: fc.array(tie('piece'), { maxLength: 4, depthIdentifier: 'braces' }),
})).row;
const texts = fc
  .array(fc.oneof({ weight: 3, arbitrary: letters }, fc.constant('/')), { maxLength: 9 })
  .map((chars) => chars.join(''));

/** No star stands after a star, and no slash after two of them, which would make another piece of them. */
function isUnambiguous(row: readonly Piece[]): boolean {
  return flat(row).every((all) =>
    all.every((piece, at) => {
      const before = all[at - 1]?.kind ?? '';
      const slash = piece.kind === 'text' && piece.text === '/';
      return !(piece.kind.startsWith('*') && ['*', '**'].includes(before)) && !(slash && before === '**');
    }),
  );
}

function flat(row: readonly Piece[]): Piece[][] {
  return row.reduce<Piece[][]>(
    (all, piece) => {
      const choices = piece.kind === 'choice' ? piece.choices.flatMap(flat) : [[piece]];
      return all.flatMap((one) => choices.map((choice) => [...one, ...choice]));
    },
    [[]],
  );
}

describe('GlobMatcher', () => {
  it('agrees with a matcher that tries everything', () => {
    let hits = 0;
    fc.assert(
      fc.property(pieces.filter(isUnambiguous), fc.array(texts, { maxLength: 20 }), (row, names) => {
        const matcher = compile(written(row));
        for (const name of names) {
          const expected = naive(row, Array.from(foldCase(name)));
          if (expected) hits++;
          expect(matcher.matches(name), `${written(row)} on ${name}`).toBe(expected);
        }
      }),
      { numRuns: 3000 },
    );
    expect(hits).toBeGreaterThan(300);
  });

  it('finds a text in a pattern that was made from it', () => {
    fc.assert(
      fc.property(texts, fc.infiniteStream(fc.nat(5)), (text, dice) => {
        const roll = dice[Symbol.iterator]();
        const pattern = Array.from(text, (char) => {
          const side = Number(roll.next().value);
          if (char === '/') return side === 0 ? '**/' : char;
          return (
            [
              char,
              '?',
              '*',
              `[${char}]`,
              `{${char},zz}`,
              foldCase(char.toUpperCase()) === foldCase(char) ? char.toUpperCase() : char,
            ][side] ?? char
          );
        }).join('');
        expect(compile(pattern).matches(text), pattern).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('covers a path when it matches the path or a folder above it', () => {
    fc.assert(
      fc.property(pieces.filter(isUnambiguous), texts, (row, text) => {
        const matcher = compile(written(row));
        const folders = Array.from(text.matchAll(/\//g), ({ index }) => text.slice(0, index));
        expect(matcher.covers(text)).toBe([...folders, text].some((one) => matcher.matches(one)));
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['{a,{b,c}d}*', ['a', 'ax', 'bd', 'cdx'], ['b', 'd']],
    ['{a', ['{a'], ['a']],
    ['a}', ['a}'], ['a']],
    ['{a}', ['{a}'], ['a']],
    ['{a}b,c}', ['{a}b,c}'], ['ab']],
    ['{}', ['{}'], ['']],
    ['{,a}b', ['b', 'ab'], ['{,a}b']],
    ['[', ['['], ['']],
    ['[]a]', ['[]a]'], ['a', ']']],
    ['[!]', ['!'], ['a', '[!]']],
    ['[z-a]', ['[z-a]'], ['z', 'a']],
    ['[a-]', ['a', '-'], ['b', ',']],
    ['[-a]', ['a', '-'], ['b']],
    ['[--9]', ['-', '5', '.'], ['/']],
    ['[!/]', ['[!/]'], ['a']],
    ['[A-C]x', ['bX'], ['dx']],
    [String.raw`a\*`, [String.raw`a\x`], ['a*']],
    ['x**y', ['xy', 'x/a/y'], ['x']],
    ['**/**/x', ['x', 'a/x', 'a/b/x'], ['ax', 'x/a']],
    ['a/**/b', ['a/b', 'a/c/d/b'], ['ab', 'b']],
    ['ﬀ', ['ﬀ'], ['ff']],
  ])('%s', (pattern, hits, misses) => {
    const matcher = compile(pattern);
    for (const hit of hits) expect(matcher.matches(hit), hit).toBe(true);
    for (const miss of misses) expect(matcher.matches(miss), miss).toBe(false);
  });

  it('folds case as a regular expression without regard to case does', () => {
    const chars = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code));
    const single = chars.filter((char) => {
      const upper = char.toUpperCase();
      return upper.length === 1 && !(char.charCodeAt(0) > 127 && upper.charCodeAt(0) < 128);
    });
    expect(single.filter((char) => foldCase(char) !== foldCase(char.toUpperCase()))).toEqual([]);
  });

  it('crosses the border between two words of bits', () => {
    for (let length = 28; length < 70; length++) {
      const name = 'ab'.repeat(length).slice(0, length);
      for (const pattern of [name, `**/${name}`, `{x,${name}}`, `${name.slice(0, -1)}?`, `*${name}*`])
        expect(compile(pattern).matches(name), pattern).toBe(true);
      expect(compile(`**/${name}`).matches(`x/${name}`)).toBe(true);
      expect(compile(name).matches(`${name}a`)).toBe(false);
      expect(compile(name).matches(name.slice(1))).toBe(false);
    }
  });
});

describe('the time of one match', () => {
  const name = 'a'.repeat(200);
  it.each([
    ['four stars and a class', '*a*a*a*a[c]', name],
    ['five stars and a class', '*a*a*a*a*[c]', name],
    ['a hundred stars', `${'*a'.repeat(100)}b`, name],
    ['a hundred double stars', `${'**a'.repeat(100)}b`, name],
    ['folders', `${'**/'.repeat(60)}x`, 'a/'.repeat(100)],
    ['folders and stars', `${'**/*a*/'.repeat(40)}x`, 'aa/'.repeat(66)],
    ['braces in braces', `*{a,{b,{c,{d,{e,*f*}*}*}*}*}*[c]`, name],
    ['sixty-four alternatives', `${'{a*,*a}'.repeat(6)}[c]`, name],
    ['question marks', `*${'?'.repeat(120)}[c]`, name],
    ['the longest path', '*a*a*a*a*[c]', 'a'.repeat(4000)],
  ])('%s', (_what, pattern, text) => {
    const matcher = compile(pattern);
    const fastest = fastestOf(20, () => expect(matcher.matches(text)).toBe(false));
    expect(fastest).toBeLessThan(1);
  });
});
