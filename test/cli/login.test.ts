import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeQR } from 'qr/decode.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startEmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';
import type { EmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';
import { qrCode } from '../../src/cli/terminal/qr-code.ts';
import { Home } from './home.ts';
import type { Ran, RunOptions } from './home.ts';

let home: Home;
let cloud: EmbeddedNextcloud;

beforeEach(async () => {
  home = new Home();
  cloud = await startEmbeddedNextcloud({
    users: [
      { id: 'demo', password: 'demo-app-password' },
      { id: 'u-7', login: 'bob@example.com', password: 'bobs-own-password' },
    ],
  });
  home.guard('demo', 'demo-app-password');
});

afterEach(async () => {
  await cloud.close();
  home.close();
});

/** Grants access as soon as the link is shown, and remembers the app password as a secret. */
async function login(argv: readonly string[], user = 'demo', options: RunOptions = {}): Promise<Ran> {
  let granted = false;
  return home.run(['login', ...argv], {
    ...options,
    watch: (out) => {
      const link = /http:\S+\/login\/v2\/flow\/\S+/.exec(out)?.[0];
      if (link === undefined || granted) return;
      granted = true;
      cloud.grant(link, user);
    },
  });
}

/** What the server holds of app passwords, told by what they open. */
async function opens(username: string, password: string): Promise<boolean> {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const headers = { authorization, 'OCS-APIRequest': 'true' };
  return (await fetch(`${cloud.url}/ocs/v2.php/cloud/user?format=json`, { headers })).status === 200;
}

/** The stored password, read by a way of its own from the two files. */
function stored(name: string): string {
  const { createDecipheriv } = process.getBuiltinModule('node:crypto');
  const key = Buffer.from(home.read('.local/state/nextcloud-files-mcp/credentials.key'), 'base64');
  const all = JSON.parse(home.read('.local/share/nextcloud-files-mcp/credentials.json')) as Record<
    string,
    { iv: string; tag: string; text: string }
  >;
  const { iv = '', tag = '', text = '' } = all[name] ?? {};
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64'));
  decipher.setAAD(Buffer.from(name)).setAuthTag(Buffer.from(tag, 'base64'));
  const password = Buffer.concat([decipher.update(Buffer.from(text, 'base64')), decipher.final()]).toString();
  home.guard('demo', password);
  return password;
}

test('signs in, serves, and revokes', async () => {
  const { code, out } = await login([cloud.url]);
  expect(code).toBe(0);
  expect(out).toContain('Signed in as demo');
  expect(out).toContain('an encrypted file');
  const password = stored('default');
  expect(password).toHaveLength(72);
  expect(await opens('demo', password)).toBe(true);
  for (const file of [
    '.config/nextcloud-files-mcp/accounts.json',
    '.local/share/nextcloud-files-mcp/credentials.json',
    '.local/state/nextcloud-files-mcp/credentials.key',
  ])
    expect(statSync(join(home.path, file)).mode & 0o777, file).toBe(0o600);

  const doctor = await home.run(['doctor', '--json']);
  expect(doctor.code).toBe(0);
  expect(doctor.out).toContain('the account \\"default\\", its password in an encrypted file');
  expect(doctor.out).toContain('"an app password"');

  const gone = await home.run(['logout']);
  expect([gone.code, gone.out]).toEqual([0, expect.stringContaining('is revoked') as string]);
  expect(await opens('demo', password)).toBe(false);
  expect(home.read('.local/share/nextcloud-files-mcp/credentials.json')).toBe('{}\n');
  expect((await home.run(['list'])).out).toContain('No account is stored');
});

test('shows no QR code of a link that only this computer can open, and says why there is no keychain', async () => {
  const { out } = await login([cloud.url]);
  expect(out).not.toMatch(/[█▀▄]/);
  expect(out).toContain('an encrypted file (no keychain was found on this computer)');
});

test('a QR code holds the link', async () => {
  const link = 'https://cloud.example.com/index.php/login/v2/flow/aSkF4LvNbTZ3rHqYwXcJm6PdGt8Ue2Rs5BnKx7';
  const out = await qrCode(link);
  const lines = out.split('\n').filter((line) => /^[█▀▄ ]{20,}$/.test(line));
  expect(lines.length).toBeGreaterThan(20);
  // Each character is two squares, one above the other; filled is light.
  const scale = 4;
  const width = Math.max(...lines.map((line) => line.length));
  const height = lines.length * 2;
  const data = new Uint8Array(width * scale * height * scale * 4).fill(255);
  const paint = (x: number, y: number, light: boolean): void => {
    for (let dy = 0; dy < scale; dy++)
      for (let dx = 0; dx < scale; dx++) {
        const at = ((y * scale + dy) * width * scale + x * scale + dx) * 4;
        data.fill(light ? 255 : 0, at, at + 3);
      }
  };
  for (const [row, line] of lines.entries())
    for (let x = 0; x < width; x++) {
      const char = line[x] ?? ' ';
      paint(x, row * 2, char === '█' || char === '▀');
      paint(x, row * 2 + 1, char === '█' || char === '▄');
    }
  expect(decodeQR({ width: width * scale, height: height * scale, data })).toBe(link);
});

test('opens the browser of the desktop, which grants', async () => {
  const opened = join(home.bin, 'opened');
  writeFileSync(
    join(home.bin, 'xdg-open'),
    `#!${process.execPath}
require('node:fs').writeFileSync(${JSON.stringify(opened)}, process.argv[2]);
fetch(process.argv[2], { method: 'POST', body: new URLSearchParams({ user: 'u-7' }) });
`,
    { mode: 0o755 },
  );
  const { code, out } = await home.run(['login', cloud.url], { env: { DISPLAY: ':0' } });
  expect([code, out]).toEqual([0, expect.stringContaining('in the browser window that opens') as string]);
  expect(out).toContain('Signed in as bob@example.com');
  expect(out).toContain(readFileSync(opened, 'utf8'));
  const again = await login([cloud.url, '--no-browser', '--account', 'demo'], 'demo', {
    env: { DISPLAY: ':0' },
  });
  expect(again.out).not.toContain('that opens');
});

test('keeps several accounts apart, and uses the one that is named', async () => {
  await login([cloud.url]);
  await login([cloud.url, '--account', 'work'], 'u-7');
  const { out } = await home.run(['list', '--json']);
  const place = 'encrypted-file';
  expect(JSON.parse(out)).toEqual([
    { name: 'default', url: cloud.url, username: 'demo', place, default: true },
    { name: 'work', url: cloud.url, username: 'bob@example.com', place, default: false },
  ]);
  const who = async (argv: string[], env: Record<string, string> = {}): Promise<string> => {
    const ran = await home.run(['doctor', '--json', ...argv], { env });
    return (JSON.parse(ran.out) as { user?: { id: string } }).user?.id ?? ran.out;
  };
  expect(await who([])).toBe('demo');
  expect(await who(['--account', 'work'])).toBe('u-7');
  expect(await who([], { NEXTCLOUD_ACCOUNT: 'work' })).toBe('u-7');
  // A stored password goes to its own server alone.
  const mixed = await home.run(['doctor', '--json', '--url', 'http://127.0.0.1:9']);
  expect([mixed.code, mixed.out]).toEqual([
    2,
    expect.stringContaining('--url is set, so the account \\"default\\" is not used.') as string,
  ]);

  await login([cloud.url, '--account', 'work', '--default'], 'u-7');
  expect(await who([])).toBe('u-7');
  expect((await home.run(['logout', '--account', 'work'])).code).toBe(0);
  expect(await who([])).toBe('demo');
  const none = await home.run(['doctor', '--account', 'work']);
  expect([none.code, none.out]).toEqual([2, expect.stringContaining('There are "default"') as string]);
});

test('a sign-in anew revokes the password before', async () => {
  await login([cloud.url]);
  const first = stored('default');
  await login([]);
  const second = stored('default');
  expect([await opens('demo', first), await opens('demo', second)]).toEqual([false, true]);
});

test('keeps the account when the server cannot be reached, unless it is told to forget', async () => {
  await login([cloud.url]);
  cloud.set({ maintenance: true });
  const kept = await home.run(['logout']);
  expect([kept.code, kept.err]).toEqual([1, expect.stringContaining('nothing was deleted') as string]);
  expect((await home.run(['list'])).out).toContain('default');
  const { code, out } = await home.run(['logout', '--force']);
  expect([code, out]).toEqual([0, expect.stringContaining('Devices & sessions') as string]);
  cloud.set({ maintenance: false });
});

test('an account whose password was taken away says what to do', async () => {
  await login([cloud.url]);
  writeFileSync(join(home.path, '.local/share/nextcloud-files-mcp/credentials.json'), '{}');
  const { code, out } = await home.run(['doctor']);
  expect([code, out]).toEqual([2, expect.stringContaining('login --account default') as string]);
});

test.each([
  [[], /config: The address of the Nextcloud is missing.*login https:/],
  [['ftp://cloud.example.com'], /: "ftp:\S+" is not an http or https address\. Example: \S+ login https:/],
  [['https://'], /: "https:\/\/" is not an http or https address/],
  [[''], /: "" is not an http or https address/],
  [['https://demo:demo-app-password@cloud.example.com'], /: The address contains a login.*Example: .*login/],
  [['ftp://demo:demo-app-password@cloud.example.com'], /: The address is not an http or https address/],
  [['--url', 'ftp://cloud.example.com'], /--url is "ftp:\S+: it is not an http.*\. Example: \S+ login/],
  [['http://127.0.0.1:9'], /cannot be reached/],
  [['https://cloud.example.com', 'more'], /login does not know "more".*help login/],
  [['--account'], /--account needs a value/],
])('login %j is refused with what to do', async (argv, shown) => {
  const { code, err } = await home.run(['login', ...argv]);
  expect(code).toBeGreaterThan(0);
  expect(err).toMatch(shown);
  expect(existsSync(join(home.path, '.config'))).toBe(false);
});

test('an address that is wrong is not replaced by that of the settings or of the stored account', async () => {
  await login([cloud.url]);
  const wrong = 'ftp://cloud.example.com';
  for (const env of [{}, { NEXTCLOUD_URL: cloud.url }]) {
    const { code, err } = await login([wrong], 'demo', { env });
    expect([code, err]).toEqual([2, expect.stringContaining(`config: "${wrong}" is not an http`) as string]);
    expect(err).not.toContain('NEXTCLOUD_URL');
  }
});

test('a damaged list of accounts is told before access is asked for', async () => {
  await login([cloud.url]);
  writeFileSync(join(home.path, '.config/nextcloud-files-mcp/accounts.json'), '{');
  const { code, out, err } = await login([cloud.url]);
  expect([code, out, err]).toEqual([2, '', expect.stringContaining('is damaged') as string]);
});
