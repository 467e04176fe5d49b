import { expect, it } from 'vitest';
import { guarded } from '../../src/cli/terminal/print.ts';
import { program } from '../../src/cli/terminal/program.ts';
import { fittedTo } from '../../src/cli/terminal/wrap.ts';
import { escapeLine, escapeLines } from '../../src/text/foreign-text.ts';

it('shows what would drive a terminal', () => {
  expect(escapeLine('a\nb\t\u001b[2J\u007f\u009b1m\u202etxt')).toBe(
    String.raw`a\nb\t\u001b[2J\u007f\u009b1m\u202etxt`,
  );
  expect(escapeLine('ümläut 😀 e\u0301\u00a0')).toBe('ümläut 😀 e\u0301\u00a0');
  expect(escapeLines('a\u001b[2J\nb')).toBe('a\\u001b[2J\nb');
});

it.each([
  ['tag characters', '\u{e0041}'],
  ['zero width', 'a\u200bb\u2060c\ufeff'],
  ['line ends', 'a\u2028b\u2029c\u0085d\r'],
  ['directions', '\u061c\u200e\u200f\u202a\u2069'],
  ['fillers and selectors', '\u3164\u2800\ufe01\u{e0101}'],
  ['half a character', '\ud800'],
])('shows %s', (_what, text) => {
  expect(escapeLine(text)).toMatch(/^[\x20-\x7e]+$/);
  // It is an escape of JSON, so that JSON stays JSON.
  expect(JSON.parse(`"${escapeLine(text).replaceAll(String.raw`\\r`, '\\r')}"`)).toBe(text);
});

it.each(['help put', 'login https://cloud.example.com', 'ls /a/b', 'logout --force', 'login --account work'])(
  'keeps the command %s on one line, to be copied',
  (command) => {
    for (let length = 1; length < 80; length++) {
      const text = `${'word '.repeat(length / 5)}${'x'.repeat(length % 5)}: ${program} ${command} does it. ${'word '.repeat(9)}`;
      const lines = fittedTo(text, { isTTY: true, columns: 80 }).split('\n');
      expect(lines.some((line) => line.includes(`${program} ${command}`))).toBe(true);
      expect(lines.filter((line) => line.length > 80)).toEqual([]);
      expect(lines.join(' ').replaceAll(/\s+/g, ' ')).toBe(text.replaceAll(/\s+/g, ' '));
    }
  },
);

it('lets through what is our own, and nothing else', () => {
  const own = '\u001b[1mbold\u001b[22m \u001b[32mgreen\u001b[39m\nnext line';
  expect(guarded(own)).toBe(own);
  for (const foreign of [
    '\u001b[2J',
    '\u001b[8m',
    '\u001b]0;title\u0007',
    '\u001b[1;1H',
    '\r',
    '\u009b31m',
    '\u202e',
  ])
    expect(guarded(`a${foreign}b`)).toMatch(/^[\x20-\x7e]+$/);
});
