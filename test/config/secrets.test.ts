import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { load } from '../../src/config/config.ts';
import type { Config } from '../../src/config/config.ts';
import { flagOf } from '../../src/config/option.ts';
import { options } from '../../src/config/options.ts';
import { isReadableByAll } from '../../src/config/settings-file.ts';

const SECRET = 'not-the-password-of-any-test-but-long-enough';
const needed = { NEXTCLOUD_URL: 'https://cloud.example.com', NEXTCLOUD_USERNAME: 'alice', MCP_HTTP: '1' };

const secrets = options.filter(({ kind }) => kind === 'secret');

/** The secret and the setting of its file, as the table has them. */
function pair(key: string): { secret: (typeof options)[number]; file: (typeof options)[number] } {
  const at = options.findIndex((option) => option.key === key);
  const [secret, file] = options.slice(at, at + 2);
  if (!secret || !file) throw new Error(`${key} has no file`);
  return { secret, file };
}

/** What came of one secret, read from where the program reads it. */
function valueOf(key: string, config: Config): unknown {
  if (key === 'password') return config.account?.password.reveal();
  if (key === 'token') return config.http?.token?.reveal();
  if (key === 'signingKey') return config.signingKey;
  throw new Error(`Say here where ${key} goes`);
}

/** Settings without a problem but for this secret. */
function others(key: string): Record<string, string> {
  return key === 'password' ? needed : { ...needed, NEXTCLOUD_PASSWORD: SECRET };
}

describe.each(secrets.map(({ key }) => key))('the secret %s', (key) => {
  const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
  const { secret, file } = pair(key);
  const at = (name: string): string => join(folder, name);
  const wanted = valueOf(key, load({}, { ...others(key), [secret.env]: SECRET }));

  beforeAll(() => {
    writeFileSync(at('plain'), SECRET);
    writeFileSync(at('unix'), `${SECRET}\n`);
    writeFileSync(at('windows'), `\uFEFF${SECRET}\r\n`);
    symlinkSync(at('unix'), at('link'));
    writeFileSync(at('empty'), '');
    writeFileSync(at('blank'), ' \n');
    writeFileSync(at('lines'), `${SECRET}\n${SECRET}\n`);
    writeFileSync(at('large'), 'x'.repeat(8001));
    writeFileSync(at('bytes'), Buffer.from([0xff, 0xfe, 0x00, 0x41]));
    mkdirSync(at('folder'));
    if (process.platform !== 'win32') execFileSync('mkfifo', [at('pipe')]);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('has a variable and a flag for its file', () => {
    expect([file.env, flagOf(file), file.kind, file.http]).toEqual([
      `${secret.env}_FILE`,
      `${flagOf(secret)}-file`,
      'file',
      secret.http,
    ]);
  });

  it.each(['plain', 'unix', 'windows', 'link'])('is read from a file (%s)', (name) => {
    const byVariable = load({}, { ...others(key), [file.env]: at(name) });
    const byFlag = load({ [file.key]: ` ${at(name)}` }, others(key));
    for (const config of [byVariable, byFlag]) {
      expect([config.problems, config.warnings]).toEqual([[], []]);
      expect(valueOf(key, config)).toEqual(wanted);
      expect(JSON.stringify(config) + inspect(config, { depth: 9 })).not.toContain(SECRET);
    }
  });

  it.each([
    ['missing', 'the file does not exist'],
    ['empty', 'the file is empty'],
    ['blank', 'the file is empty'],
    ['lines', 'the file has more than one line'],
    ['large', 'the file has more than 8.0 KB'],
    ['bytes', 'the file is not text'],
    ['folder', 'the file is a folder'],
    ['pipe', 'the file is a named pipe'],
  ])('in a file that is no secret (%s) is one clear sentence', (name, why) => {
    const config = load({}, { ...others(key), [file.env]: at(name) });
    expect(config.problems).toEqual([
      `${file.env} is ${JSON.stringify(at(name))}: ${why}. Example: ${file.env}=${file.example}`,
    ]);
    expect(valueOf(key, config)).toBeUndefined();
    if (key === 'password') expect(config.ownLogin).toContain(file.env);
  });

  it('that is put where its file belongs is not repeated', () => {
    const { problems } = load({ [file.key]: SECRET }, others(key));
    expect(problems).toEqual([
      `--${flagOf(file)} is a name that is not shown here: the file does not exist. Example: --${flagOf(file)} ${file.example}`,
    ]);
    expect(problems[0]).not.toContain(SECRET);
  });

  it('is refused when one place has both it and its file', () => {
    const inEnvironment = load({}, { ...others(key), [secret.env]: SECRET, [file.env]: at('plain') });
    expect(inEnvironment.problems).toEqual([
      `${secret.env} and ${file.env} are both given. Leave one of them out.`,
    ]);
    const asFlags = load({ [secret.key]: SECRET, [file.key]: at('plain') }, others(key));
    expect(asFlags.problems.join()).toContain(`--${flagOf(secret)} and --${flagOf(file)} are both given`);
    for (const config of [inEnvironment, asFlags]) expect(valueOf(key, config)).toBeUndefined();
  });

  it('is taken from a flag before the environment, whichever of the two it is', () => {
    const byFile = load({ [file.key]: at('plain') }, { ...others(key), [secret.env]: 'x'.repeat(40) });
    const byItself = load({ [secret.key]: SECRET }, { ...others(key), [file.env]: at('missing') });
    for (const config of [byFile, byItself]) {
      expect(config.problems).toEqual([]);
      expect(valueOf(key, config)).toEqual(wanted);
    }
  });

  it('on the command line is taken, with a warning that names what to use in its place', () => {
    const config = load({ [secret.key]: SECRET }, others(key));
    expect([config.problems, valueOf(key, config)]).toEqual([[], wanted]);
    expect(config.warnings).toEqual([
      `--${flagOf(secret)} is on the command line, where other programs and the history of the shell see it. Set ${secret.env}, or name a file with --${flagOf(file)} or ${file.env}.`,
    ]);
    expect(load({}, { ...others(key), [secret.env]: SECRET }).warnings).toEqual([]);
  });
});

it('leaves the files alone when a stored account is named', () => {
  const stored = { url: 'https://stored.example', username: 'bob', password: 'x' };
  const { account, problems } = load({}, { NEXTCLOUD_PASSWORD_FILE: '/nowhere' }, stored, true);
  expect([account?.password.reveal(), problems]).toEqual(['x', []]);
});

describe.skipIf(process.platform === 'win32')('a file that every user can read', () => {
  const folder = mkdtempSync(join(tmpdir(), 'readable-'));
  const file = join(folder, 'secret');
  const nobody = 65_534;
  const user = process.getuid?.() === 0 ? nobody : process.getuid?.();

  // The folder of the tests is closed to others.
  const shared = mkdtempSync('/tmp/readable-');
  const open = join(shared, 'secret');

  beforeAll(() => {
    writeFileSync(file, SECRET);
    writeFileSync(open, SECRET);
    chmodSync(shared, 0o755);
    if (user === nobody) for (const one of [file, open]) chownSync(one, nobody, nobody);
  });
  afterAll(() => {
    for (const one of [folder, shared]) rmSync(one, { recursive: true });
  });

  it.each([
    [0o644, true],
    [0o604, true],
    [0o640, false],
    [0o600, false],
  ])('is warned of with the mode %o: %s', (mode, warned) => {
    chmodSync(open, mode);
    expect(isReadableByAll(open, user)).toBe(warned);
  });

  it('is not warned of where its folder is closed to others', () => {
    chmodSync(file, 0o644);
    chmodSync(folder, 0o700);
    expect(isReadableByAll(file, user)).toBe(false);
  });

  it('is not warned of when it belongs to somebody else, such as a secret mounted into a container', () => {
    chmodSync(open, 0o444);
    expect(isReadableByAll(open, nobody - 1)).toBe(false);
    if (process.getuid?.() !== 0) return;
    chownSync(open, 0, 0);
    expect(isReadableByAll(open, 0)).toBe(false);
  });

  it.skipIf(process.getuid?.() === 0)('becomes a warning of the configuration', () => {
    chmodSync(open, 0o644);
    const { warnings } = load({}, { ...needed, NEXTCLOUD_PASSWORD_FILE: open });
    expect(warnings.join()).toContain(`can read ${open}`);
  });
});
