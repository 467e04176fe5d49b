import { expect, test } from 'vitest';
import { localError } from '../../../src/files/local/local-error.ts';

const because = (code: string): Error => Object.assign(new Error(code), { code });

test('advice on what cannot be read is about reading, and on what cannot be written about places', () => {
  const read = localError(because('EACCES'), '/x/a.txt', 'read');
  expect(`${read.code}: ${read.message}`).toMatch(/^forbidden: \/x\/a\.txt cannot be read /);
  expect(read.hint).toMatch(/^Allow .* to read/);
  expect(`${read.message} ${read.hint}`).not.toContain('folder');
  expect(localError(because('EACCES'), '/x/a.txt', 'written').hint).toBe('Choose another folder.');
});

test('what is missing is missing, where the place above it could be written', () => {
  expect(localError(because('ENOENT'), '/none-of-this/a/b.txt', 'read').code).toBe('not_found');
  expect(localError(because('ENOENT'), `${import.meta.dirname}/none/b.txt`, 'written').code).toBe(
    'not_found',
  );
});
