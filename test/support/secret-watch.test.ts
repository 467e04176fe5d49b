import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SecretWatch } from './secret-watch.ts';

// Not the password of the other tests, which no file may hold.
const login = { username: 'watched', password: 'only-for-this-watch' };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-watch-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ['as it is', login.password],
  ['in base64', Buffer.from(`${login.username}:${login.password}`).toString('base64')],
  ['as a cookie', 'oc_sessionPassphrase=abc'],
])('finds a secret %s, in a file that was there for a moment, below a new folder', async (_what, secret) => {
  const watch = new SecretWatch([login]);
  await watch.add(folder);
  mkdirSync(join(folder, 'a/b'), { recursive: true });
  await sleep(100);
  const file = join(folder, 'a/b/c.json');
  writeFileSync(file, `{"x":"${secret}"}`);
  await sleep(100);
  rmSync(file);
  await watch.close();
  expect([...watch.found].join()).toContain(file);
});

test('finds nothing in what is harmless, and follows no link', async () => {
  const watch = new SecretWatch([login]);
  writeFileSync(join(folder, 'before.txt'), 'watched');
  await watch.add(folder);
  writeFileSync(join(folder, 'after.txt'), 'a password, but no secret');
  symlinkSync('/proc', join(folder, 'elsewhere'));
  await sleep(100);
  await watch.close();
  expect([[...watch.found], watch.read]).toEqual([[], expect.any(Number)]);
  expect(watch.read).toBeGreaterThanOrEqual(2);
});

test.skipIf(process.platform === 'win32')('does not wait for a pipe that nobody writes to', async () => {
  const watch = new SecretWatch([login]);
  await watch.add(folder);
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  await sleep(100);
  await watch.close();
  expect(watch.read).toBe(0);
});
