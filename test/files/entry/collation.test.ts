import { expect, test } from 'vitest';
import { sortKey } from '../../../src/files/entry/collation.ts';

const sorted = (names: readonly string[]): string[] =>
  names.toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : sortKey(a) > sortKey(b) ? 1 : 0));

test('numbers are sorted by their value', () => {
  const names = ['v1', 'v2', 'v007', 'v9', 'v10', 'v0100', 'v12345678901234567890'];
  expect(sorted(names.toReversed())).toEqual(names);
});

test('case, accents and spellings of letters make no difference', () => {
  const names = ['ÄPFEL', 'äpfel 2', 'Ausgaben', 'straße', 'STRASSE 2', 'Øre', 'zoo'];
  expect(sorted(names)).toEqual(['ÄPFEL', 'äpfel 2', 'Ausgaben', 'Øre', 'straße', 'STRASSE 2', 'zoo']);
  expect(sortKey('Ü'.normalize('NFD'))).toBe(sortKey('ü'.normalize('NFC')));
});

test('a folder comes before what is in it, and that before the next sibling', () => {
  const paths = ['/a', '/a/x', '/a/z', '/a b', '/a-b', '/b'];
  expect(sorted(paths.toReversed())).toEqual(paths);
});

test('names that differ in case alone have one key, so that their paths decide', () => {
  expect(sortKey('Case.txt')).toBe(sortKey('case.TXT'));
});
