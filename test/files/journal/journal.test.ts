import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Journal } from '../../../src/files/journal/journal.ts';
import { createLog } from '../../../src/log.ts';

const subject = { kind: 'upload', account: 'home', remote_path: '/a', local_path: '/a' } as const;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-journal-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

it('removes the lock of a process that was killed when all was done', async () => {
  const journal = new Journal(folder, createLog('silent'));
  let locks: string[] = [];
  await journal.withLock(subject, async () => {
    locks = readdirSync(folder);
    await journal.read(subject);
    expect(readdirSync(folder)).toEqual(locks);
  });
  expect([locks.length, readdirSync(folder)]).toEqual([1, []]);
  const { pid } = spawnSync(process.execPath, ['--version']);
  writeFileSync(join(folder, locks[0] ?? ''), JSON.stringify({ pid, host: hostname() }));
  expect(await journal.read(subject)).toBeUndefined();
  expect(readdirSync(folder)).toEqual([]);
});
