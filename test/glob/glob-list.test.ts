import { describe, expect, it } from 'vitest';
import { splitGlobs } from '../../src/glob/glob-list.ts';

describe('splitGlobs', () => {
  it.each([
    ['**/.ssh,/Private/**', ['**/.ssh', '/Private/**']],
    [' a , ,b,', ['a', 'b']],
    ['**/{.ssh,.gnupg}', ['**/{.ssh,.gnupg}']],
    ['{a,{b,c}},d', ['{a,{b,c}}', 'd']],
    ['x[,]y,z', ['x[,]y', 'z']],
    ['x[1,y]2', ['x[1,y]2']],
    ['x[1,y', ['x[1', 'y']],
    [String.raw`a\,b,c`, [String.raw`a\,b`, 'c']],
    [String.raw`a\{,b`, [String.raw`a\{`, 'b']],
    ['{a,b', ['{a,b']],
    ['a},b', ['a}', 'b']],
    ['a},{b,c}', ['a}', '{b,c}']],
    ['', []],
  ])('%j', (list, globs) => {
    expect(splitGlobs(list)).toEqual(globs);
  });
});
