import { describe, expect, it } from 'vitest';
import { parseDate } from '../../../src/files/search/dates.ts';
import { formatBytes } from '../../../src/text/byte-size.ts';
import { nameFilter } from '../../../src/files/search/name-filter.ts';
import { parsePath, ROOT } from '../../../src/path.ts';

describe('nameFilter', () => {
  it.each([
    ['report', ['%report%'], true],
    ['100%', ['%100\\%%'], true],
    ['under_score', ['%under\\_score%'], true],
    ['*.pdf', ['%.pdf'], true],
    ['report-202?-*', ['report-202_-%'], true],
    ['müll', ['%m_ll%'], false],
    ['**/invoices/*.pdf', ['%.pdf'], false],
    ['{a,b}*.txt', ['a%.txt', 'b%.txt', '{a,b}*.txt'], true],
    ['100%*', ['100\\%%'], true],
    ['*a*a*a*a*a*a*a*a*a*', ['%a%a%a%a%a%a%a%'], false],
    ['', [], true],
  ])('%j asks the server for %j', (query, likes, exact) => {
    expect(nameFilter(query, ROOT)).toMatchObject({ likes, exact });
  });

  it.each([
    ['müll', '/x/MÜLLtonne.txt', true],
    ['*.PDF', '/a/b.pdf', true],
    ['**/invoices/*.pdf', '/a/Invoices/x.pdf', true],
    ['invoices/*.pdf', '/a/invoices/x.pdf', false],
    ['{a,b}*.txt', '/q/bee.txt', true],
    ['{a,b}*.txt', '/q/cee.txt', false],
    ['[0-9]*', '/7up', true],
    ['a (1)*', '/a (1).txt', true],
    ['!*', '/!important', true],
    ['!*', '/other', false],
  ])('%j matches %j: %j', (query, path, expected) => {
    expect(nameFilter(query, ROOT).matches(parsePath(path))).toBe(expected);
  });
});

describe('parseDate', () => {
  const now = Date.UTC(2026, 10, 23, 12);
  it.each([
    ['2026-01-31', Date.UTC(2026, 0, 31)],
    ['2026-01', Date.UTC(2026, 0, 1)],
    ['2026', Date.UTC(2026, 0, 1)],
    ['today', Date.UTC(2026, 10, 23)],
    ['yesterday', Date.UTC(2026, 10, 22)],
    ['7d', Date.UTC(2026, 10, 16)],
    ['2026-01-31T08:00Z', Date.UTC(2026, 0, 31, 8)],
    ['2026-01-31T08:00:00+02:00', Date.UTC(2026, 0, 31, 6)],
    ['2026-01-31T08:00', Date.UTC(2026, 0, 31, 8)],
  ])('%j', (text, time) => {
    expect(parseDate(text, now)).toBe(time);
  });

  it.each(['', 'soon', '2026-02-30', '2026-13', '31.1.2026'])('%j is refused', (text) => {
    expect(() => parseDate(text, now)).toThrow(expect.objectContaining({ code: 'invalid_input' }));
  });
});

describe('fileSize', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 KB'],
    [10_240, '10 KB'],
    [999_999, '1.0 MB'],
    [1_500_000, '1.5 MB'],
    [5_368_709_120, '5.4 GB'],
  ])('%d is %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});
