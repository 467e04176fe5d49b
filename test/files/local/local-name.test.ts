import { describe, expect, it } from 'vitest';
import { clashing, localName } from '../../../src/files/local/local-name.ts';

describe('names as this computer can store them', () => {
  it.each([
    ['a:b.txt', 'win32', 'a：b.txt'],
    ['what?*"<x>|.txt', 'win32', 'what？＊＂＜x＞｜.txt'],
    ['ends with a dot.', 'win32', 'ends with a dot．'],
    ['ends with a blank ', 'win32', 'ends with a blank　'],
    ['CON', 'win32', '_CON'],
    ['nul.txt', 'win32', '_nul.txt'],
    ['console.txt', 'win32', 'console.txt'],
    ['a:b?.txt', 'darwin', 'a：b?.txt'],
    ['a:b?.txt', 'linux', 'a:b?.txt'],
  ] as const)('%s on %s is %s', (name, platform, stored) => {
    expect(localName(name, platform)).toBe(stored);
  });

  it('tells names that would be one', () => {
    const names = ['/a/Read.me', '/a/read.me', '/b/read.me', '/b/a\uff1ab', '/b/a\uff1ab'];
    expect([...clashing(names, 'win32')]).toEqual([1, 4]);
    expect([...clashing(names, 'linux')]).toEqual([]);
  });
});
