import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../src/errors.ts';
import { AccessPolicy } from '../../src/files/context/access-policy.ts';
import { parsePath, within } from '../../src/path.ts';
import type { RemotePath } from '../../src/path.ts';
import { part, TIMEOUT } from './runs.ts';

const names = [
  'a',
  'A',
  'b.txt',
  'Private',
  'private',
  'Mu\u0308ll',
  'M\u00fcll',
  '(old)',
  'a+b',
  '!x',
  '@y',
  '$z',
  '^',
  'a|b',
  '.ssh',
  'sp ace',
  '\u2028',
  '..a',
];
const segment = fc.oneof(
  fc.constantFrom(...names),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 5 }),
);
const path = fc.array(segment, { minLength: 1, maxLength: 5 }).map((parts) => read(`/${parts.join('/')}`));

function read(text: string): RemotePath | undefined {
  try {
    return parsePath(text);
  } catch {
    return undefined;
  }
}

function allows(check: () => void): boolean {
  try {
    check();
    return true;
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}

const known = path.filter((one) => one !== undefined);
const root = fc.record({ path: known, readOnly: fc.boolean() });

describe('the fence', { timeout: TIMEOUT }, () => {
  test('hides a denied name, however it is written, with all that is below', () => {
    const plain = known.filter((one) => !/[*?[\]{}\\,]/.test(one) && one.trim() === one);
    const styles = [
      (glob: string) => glob,
      (glob: string) => `${glob}/`,
      (glob: string) => glob.normalize('NFD'),
      (glob: string) => `/${glob}`,
      (glob: string) => glob.slice(1),
      (glob: string) => `**${glob}`,
      (glob: string) => `${glob}/**`,
      (glob: string) => glob.replace(/[a-z]/g, (letter) => letter.toUpperCase()),
    ];
    fc.assert(
      fc.property(
        plain,
        fc.constantFrom(...styles),
        fc.array(segment, { maxLength: 3 }),
        (denied, style, rest) => {
          const below = read([denied, ...rest].join('/'));
          if (below === undefined) return true;
          const fence = new AccessPolicy([{ path: parsePath('/'), readOnly: false }], [style(denied)]);
          return (
            !fence.isVisible(below) &&
            !allows(() => fence.assertReadable(below)) &&
            !allows(() => fence.assertListable(below)) &&
            !allows(() => fence.assertWritable(below)) &&
            !allows(() => fence.assertRemovable(below))
          );
        },
      ),
      part(0.1),
    );
  });

  test('hides it at any depth when it is given without a folder', () => {
    const name = segment.filter((one) => read(`/${one}`) !== undefined && !/[*?[\]{}\\/,]/.test(one));
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 3 }), name, (above, hidden) => {
        const at = read(`/${[...above, hidden].join('/')}`);
        const fence = new AccessPolicy([{ path: parsePath('/'), readOnly: false }], [hidden]);
        return at === undefined || !fence.isVisible(at);
      }),
      part(0.05),
    );
  });

  test('lets nothing through outside of the roots, and writes nothing in a read-only one', () => {
    fc.assert(
      fc.property(fc.array(root, { minLength: 1, maxLength: 3 }), known, (roots, one) => {
        const fence = new AccessPolicy(roots, []);
        const around = roots.filter((candidate) => within(one, candidate.path));
        const innermost = around.toSorted((a, b) => b.path.length - a.path.length)[0];
        expect(allows(() => fence.assertReadable(one))).toBe(around.length > 0);
        const twice = around.filter((candidate) => candidate.path === innermost?.path);
        if (twice.length > 0 && twice.every(({ readOnly }) => readOnly)) {
          expect(allows(() => fence.assertWritable(one))).toBe(false);
          expect(allows(() => fence.assertRemovable(one))).toBe(false);
        }
        if (allows(() => fence.assertRemovable(one))) {
          expect(allows(() => fence.assertWritable(one))).toBe(true);
          expect(roots.some(({ path: at, readOnly }) => readOnly && within(at, one))).toBe(false);
        }
        if (allows(() => fence.assertWritable(one)))
          expect(allows(() => fence.assertReadable(one))).toBe(true);
        if (allows(() => fence.assertReadable(one))) expect(fence.isVisible(one)).toBe(true);
      }),
      part(0.1),
    );
  });
});
