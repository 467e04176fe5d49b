import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeFileAtomically } from '../src/atomic-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-atomic-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('writes a private file into a folder that it makes, and leaves nothing else', async () => {
  const file = join(folder, 'a', 'b', 'file');
  await writeFileAtomically(file, 'one');
  await writeFileAtomically(file, 'two');
  expect(readFileSync(file, 'utf8')).toBe('two');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, 'a')).mode & 0o777).toBe(0o700);
  expect(readdirSync(join(folder, 'a', 'b'))).toEqual(['file']);
});

test('uses the mode that is given, and overwrites a fixed temporary file that was left', async () => {
  const file = join(folder, 'file');
  writeFileSync(`${file}.new`, 'left by a crash');
  await writeFileAtomically(file, 'one', { mode: 0o644, temporary: `${file}.new` });
  expect(readFileSync(file, 'utf8')).toBe('one');
  expect(readdirSync(folder)).toEqual(['file']);
});

test('removes its temporary file when the write fails', async () => {
  const taken = join(folder, 'taken');
  mkdirSync(join(taken, 'full'), { recursive: true });
  await expect(writeFileAtomically(taken, 'text')).rejects.toThrow();
  expect(readdirSync(folder)).toEqual(['taken']);
});
