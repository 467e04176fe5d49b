import { expect, it } from 'vitest';
import { printable, printableLines } from '../../src/cli/terminal/printable.ts';

it('shows what would drive a terminal', () => {
  expect(printable('a\nb\t\u001b[2J\u007f\u009b1m\u202etxt')).toBe(
    String.raw`a\nb\t\u001b[2J\u007f\u009b1m\u202etxt`,
  );
  expect(printable('ümläut 😀 e\u0301\u00a0')).toBe('ümläut 😀 e\u0301\u00a0');
  expect(printableLines('a\u001b[2J\nb')).toBe('a\\u001b[2J\nb');
});
