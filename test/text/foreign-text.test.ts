import { describe, expect, it } from 'vitest';
import { escapeCost, escapeData, escapeLine, escapeLines } from '../../src/text/foreign-text.ts';

const hidden = [
  0x00, 0x07, 0x08, 0x09, 0x0a, 0x0d, 0x1b, 0x7f, 0x85, 0x9b, 0xad, 0x61c, 0x180e, 0x115f, 0x1160, 0x200b,
  0x200d, 0x200e, 0x202e, 0x2028, 0x2029, 0x2060, 0x2066, 0x2800, 0x3164, 0xfeff, 0xffa0, 0xfe00, 0xe0001,
  0xe0041, 0xe007f, 0xe0100, 0xe01ef,
];

describe('escapeLine', () => {
  it.each(hidden.map((code) => [code.toString(16), String.fromCodePoint(code)]))(
    'U+%s cannot pass',
    (code, character) => {
      const line = escapeLine(`a${character}b`);
      expect(line).not.toContain(character);
      expect(line).toMatch(/^a(?:\\[tnr]|(?:\\u[0-9a-f]{4}){1,2})b$/);
      expect(JSON.parse(`"${line}"`), code).toBe(`a${character}b`);
      expect(escapeCost(`a${character}b`)).toBe(line.length - 2 - character.length);
    },
  );

  it.each(['Müllabfuhr – 2026.pdf', '日本語.txt', '❤️ emoji.png', 'مرحبا', "it's \\n", 'नमस्ते', 'a\u00a0b'])(
    'leaves %s as it is',
    (text) => expect(escapeLine(text)).toBe(text),
  );

  it('shows half of a pair, and never makes one', () => {
    expect(escapeLine('a\ud800b')).toBe('a\\ud800b');
    expect(escapeLine(`${'x'.repeat(9)}😀`, 10)).toBe(`${'x'.repeat(9)} [2 more characters]`);
  });

  it('is bounded', () => {
    expect(escapeLine('x'.repeat(10_000)).length).toBeLessThan(4200);
  });
});

describe('escapeData', () => {
  it('reaches every string, and the names of properties', () => {
    expect(escapeData({ 'a\n': ['b\u202e', { c: 'd\r' }], n: 1, t: true, u: undefined, z: null })).toEqual({
      'a\\n': ['b\\u202e', { c: 'd\\r' }],
      n: 1,
      t: true,
      u: undefined,
      z: null,
    });
  });
});

describe('escapeLines', () => {
  it('keeps line ends and nothing else', () => {
    expect(escapeLines('a\u001b[2J\nb\r\nc')).toBe('a\\u001b[2J\nb\\r\nc');
  });
});
