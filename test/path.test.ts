import { describe, expect, it } from 'vitest';
import { AppError } from '../src/errors.ts';
import { baseName, join, parentOf, parsePath, ROOT, within } from '../src/path.ts';
import { cpuTime } from './support/cpu-time.ts';

describe('parsePath', () => {
  it.each([
    ['/', '/'],
    ['//', '/'],
    ['a', '/a'],
    ['a/b/', '/a/b'],
    ['/a b', '/a b'],
    ['/100% #1?.txt', '/100% #1?.txt'],
    ['/a%20b', '/a%20b'],
    ['/Mu\u0308sli', '/M\u00fcsli'],
    ['/...', '/...'],
    ['/ ', '/ '],
  ])('%j is %j', (text, path) => {
    expect(parsePath(text)).toBe(path);
  });

  it.each([
    '',
    '..',
    '/..',
    '/a/../b',
    '/a/./b',
    '/a//b',
    '/a\\b',
    '/a\nb',
    '/a\0',
    '/\u007f',
    '/\u0085',
    '/\ud800',
    `/${'x/'.repeat(2500)}`,
  ])('%j is refused with a way out', (text) => {
    expect(() => parsePath(text)).toThrow(
      expect.objectContaining({ code: 'invalid_input', hint: expect.any(String) }),
    );
  });
});

describe('a long text', () => {
  it.each([
    ['slashes', `${'/'.repeat(100_000)}a/`],
    ['marks', `/a${'\u0301\u0323'.repeat(500_000)}`],
    ['folders', '/a'.repeat(1_000_000)],
  ])('of %s is refused in time', (_, text) => {
    const start = cpuTime();
    expect(() => parsePath(text)).toThrow(expect.objectContaining({ code: 'invalid_input' }));
    expect(cpuTime() - start).toBeLessThan(50);
  });
});

describe('parts of a path', () => {
  const path = parsePath('/a/b/c.txt');

  it('knows name and parent', () => {
    expect([baseName(path), parentOf(path), parentOf(parsePath('/a')), parentOf(ROOT)]).toEqual([
      'c.txt',
      '/a/b',
      '/',
      '/',
    ]);
  });

  it('joins one plain name only', () => {
    expect(join(parsePath('/a'), 'b')).toBe('/a/b');
    expect(join(ROOT, 'b')).toBe('/b');
    for (const name of ['..', 'x/y', '', '.']) expect(() => join(ROOT, name)).toThrow(AppError);
  });

  it('takes whole names for within', () => {
    expect([
      within(path, parsePath('/a')),
      within(parsePath('/ab'), parsePath('/a')),
      within(path, ROOT),
    ]).toEqual([true, false, true]);
  });
});
