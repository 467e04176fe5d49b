import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AccountBook } from '../../src/accounts/account-book.ts';
import { systemFolders } from '../../src/machine.ts';
import type { Machine } from '../../src/machine.ts';
import { openVault, storePassword, vaultsFor } from '../../src/accounts/open-vault.ts';
import { Secret } from '../../src/log.ts';

const SECRET = 'oQ9-"it\'s\\$(secret)';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-vault-'));
  mkdirSync(join(folder, 'bin'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const machine = (platform: NodeJS.Platform): Machine => ({
  platform,
  home: join(folder, 'home'),
  env: {
    PATH: join(folder, 'bin'),
    APPDATA: join(folder, 'Roaming'),
    LOCALAPPDATA: join(folder, 'Local'),
  },
});

/**
 * Stands in for the store of another system, which cannot run here: takes and gives by the arguments and
 * the standard input that its manual names, and writes its arguments down.
 */
function standIn(command: string, body: string): void {
  const script = `#!${process.execPath}
const fs = require('node:fs');
const args = process.argv.slice(2);
const store = ${JSON.stringify(join(folder, 'store'))};
const input = fs.readFileSync(0, 'utf8');
fs.appendFileSync(${JSON.stringify(join(folder, 'arguments'))}, JSON.stringify(args) + '\\n');
const read = () => { try { return JSON.parse(fs.readFileSync(store, 'utf8')); } catch { return {}; } };
const put = (name, secret) => fs.writeFileSync(store, JSON.stringify({ ...read(), [name]: secret }));
const give = (name) => { const found = read()[name]; if (found === undefined) process.exit(1); process.stdout.write(found); };
const drop = (name) => { const all = read(); delete all[name]; fs.writeFileSync(store, JSON.stringify(all)); };
${body}
`;
  writeFileSync(join(folder, 'bin', command), script, { mode: 0o755 });
}

const stores: readonly (readonly [NodeJS.Platform, string, string])[] = [
  [
    'linux',
    'secret-tool',
    `const at = args.indexOf('account'); const name = args[at + 1];
     if (args[0] === 'store') put(name, input); else if (args[0] === 'lookup') give(name); else drop(name);`,
  ],
  [
    'darwin',
    'security',
    // -i reads command lines, with quotes and backslashes as in security(1).
    `const words = args[0] === '-i' ? [...input.trim().matchAll(/"((?:[^"\\\\\\\\]|\\\\\\\\.)*)"/g)].map((m) => m[1].replace(/\\\\\\\\(.)/g, '$1')) : args;
     const of = (flag) => words[words.indexOf(flag) + 1];
     if (words[0] === 'add-generic-password') put(of('-a'), of('-w'));
     else if (words[0] === 'find-generic-password') { give(of('-a')); process.stdout.write('\\\\n'); }
     else drop(of('-a'));`.replaceAll('\\\\', '\\'),
  ],
  [
    'win32',
    'powershell.exe',
    `const [name, secret] = input.split('\\r\\n'); const script = args.at(-1);
     if (script.includes('.Add(')) put(name, secret); else if (script.includes('.RetrievePassword()')) give(name); else drop(name);`,
  ],
];

describe.each(stores)('on %s by %s', (platform, command, body) => {
  test('keeps, gives back and forgets, and no password is an argument', async () => {
    standIn(command, body);
    const vault = await storePassword(machine(platform), 'work account', new Secret(SECRET));
    expect(vault.place).toBe(vaultsFor(machine(platform))[0]);
    expect((await vault.get('work account'))?.reveal()).toBe(SECRET);
    expect(await vault.get('other')).toBeUndefined();
    await vault.remove('work account');
    expect(await vault.get('work account')).toBeUndefined();
    const said = readFileSync(join(folder, 'arguments'), 'utf8');
    expect(said.split('\n').length).toBeGreaterThan(5);
    expect(said).not.toContain('secret)');
  });

  test.each([
    ['is not there', undefined],
    ['fails', 'process.exit(1);'],
    ['takes the password and does not give it back', 'if (args[0] === "lookup") process.exit(1);'],
  ])('takes the encrypted file when it %s', async (_what, broken) => {
    if (broken !== undefined) standIn(command, broken);
    const vault = await storePassword(machine(platform), 'work', new Secret(SECRET));
    expect(vault.place).toBe('encrypted-file');
    expect((await vault.get('work'))?.reveal()).toBe(SECRET);
    const { data, state } = systemFolders(machine(platform));
    expect(data).not.toBe(state);
    const sealed = readFileSync(join(data, 'credentials.json'), 'utf8');
    expect(sealed).not.toContain('secret)');
    expect(sealed).not.toContain(Buffer.from(SECRET).toString('base64').slice(0, -2));
  });
});

test('each system has its own folders', () => {
  const on = (platform: NodeJS.Platform, home: string, env = {}): ReturnType<typeof systemFolders> =>
    systemFolders({ platform, home, env });
  expect(on('linux', '/home/a')).toEqual({
    config: '/home/a/.config/nextcloud-files-mcp',
    data: '/home/a/.local/share/nextcloud-files-mcp',
    state: '/home/a/.local/state/nextcloud-files-mcp',
    cache: '/home/a/.cache/nextcloud-files-mcp',
  });
  expect(on('linux', '/home/a', { XDG_CONFIG_HOME: '/c' }).config).toBe('/c/nextcloud-files-mcp');
  expect(on('darwin', '/Users/a').config).toBe('/Users/a/Library/Application Support/nextcloud-files-mcp');
  expect(on('win32', 'C:\\Users\\a')).toEqual({
    config: 'C:\\Users\\a\\AppData\\Roaming\\nextcloud-files-mcp',
    data: 'C:\\Users\\a\\AppData\\Roaming\\nextcloud-files-mcp',
    state: 'C:\\Users\\a\\AppData\\Local\\nextcloud-files-mcp',
    cache: 'C:\\Users\\a\\AppData\\Local\\nextcloud-files-mcp\\Cache',
  });
});

test('a sealed password opens under its own name and with its own key only', async () => {
  const here = machine('linux');
  const vault = await openVault('encrypted-file', here);
  await vault.put('a', new Secret(SECRET));
  await vault.put('b', new Secret('another'));
  const file = join(systemFolders(here).data, 'credentials.json');
  const all = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  writeFileSync(file, JSON.stringify({ a: all['b'], b: all['b'] }));
  expect((await vault.get('b'))?.reveal()).toBe('another');
  await expect(vault.get('a')).rejects.toThrow(/cannot be decrypted/);
  writeFileSync(join(systemFolders(here).state, 'credentials.key'), Buffer.alloc(32, 1).toString('base64'));
  await expect(vault.get('b')).rejects.toThrow(/cannot be decrypted/);
  writeFileSync(file, 'not json');
  await expect(vault.get('b')).rejects.toThrow(/is damaged/);
});

test('a damaged list of accounts is not written over', async () => {
  const here = machine('linux');
  const book = new AccountBook(here);
  await book.put(
    { name: 'a', url: 'https://cloud.example.com', username: 'alice', place: 'encrypted-file' },
    true,
  );
  writeFileSync(book.file, '{"accounts":[{"name":"a"');
  const put = async (): Promise<void> =>
    book.put({ name: 'b', url: 'https://cloud.example.com', username: 'bob', place: 'encrypted-file' }, true);
  await expect(put()).rejects.toThrow(/is damaged.*/);
  expect(readFileSync(book.file, 'utf8')).toBe('{"accounts":[{"name":"a"');
});
