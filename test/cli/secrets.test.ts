import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';
import type { EmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';
import { Home } from './home.ts';

// Not the password of the other tests, which no file may hold.
const password = 'only-for-this-file-of-tests';
const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
const file = join(folder, 'password');

let home: Home;
let cloud: EmbeddedNextcloud;
let account: Record<string, string>;

beforeAll(async () => {
  writeFileSync(file, `${password}\n`, { mode: 0o600 });
  home = new Home();
  home.guard('carol', password);
  cloud = await startEmbeddedNextcloud({ users: [{ id: 'carol', password }] });
  account = { NEXTCLOUD_URL: cloud.url, NEXTCLOUD_USERNAME: 'carol' };
});
afterAll(async () => {
  await cloud.close();
  rmSync(folder, { recursive: true });
  home.close();
});

const warning = /--password is on the command line.*Set NEXTCLOUD_PASSWORD.*NEXTCLOUD_PASSWORD_FILE/s;

test('doctor signs in with the password of a file', async () => {
  const { code, out } = await home.run(['doctor', '--password-file', file], { env: account });
  expect(out).toMatch(/✔ login/);
  expect(code).toBe(0);
});

test.each([
  ['doctor', ['doctor'], 'out'],
  ['get', ['get', '/nowhere', 'x'], 'err'],
  ['serve', ['serve'], 'err'],
] as const)(
  '%s takes a password on the command line, and says what is better',
  async (_name, argv, where) => {
    const ran = await home.run([...argv, '--password', password], { env: account });
    expect(ran[where]).toMatch(warning);
    expect(ran.out + ran.err).not.toMatch(/not set/i);
  },
);

test('install does not write a secret into the configuration of an assistant', async () => {
  for (const flag of ['--password', '--token', '--signing-key']) {
    const { code, err } = await home.run(['install', 'cursor', flag, password]);
    expect([code, err]).toEqual([
      2,
      expect.stringContaining(`${flag} would be stored in plain text`) as string,
    ]);
  }
});
