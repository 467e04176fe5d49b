import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { load } from '../../src/config/config.ts';
import { flagOf } from '../../src/config/option.ts';
import type { Option } from '../../src/config/option.ts';
import { options } from '../../src/config/options.ts';

const complete = {
  NEXTCLOUD_URL: 'https://cloud.example.com',
  NEXTCLOUD_USERNAME: 'alice',
  NEXTCLOUD_PASSWORD: 'app-pass',
};

describe('load', () => {
  it('has no problems with the three that are needed', () => {
    const config = load({}, complete);
    expect(config.problems).toEqual([]);
    expect(config.account?.url.href).toBe('https://cloud.example.com/');
    expect(config.roots).toEqual([{ path: '/', readOnly: false }]);
  });

  it.each([
    ['cloud.example.com', 'https://cloud.example.com/'],
    ['https://x.example/nextcloud/', 'https://x.example/nextcloud'],
    ['https://x.example/nextcloud/remote.php/dav/files/alice/', 'https://x.example/nextcloud'],
    ['https://x.example/index.php/apps/files/?dir=/a', 'https://x.example/'],
    ['http://127.0.0.1:8080/remote.php/webdav', 'http://127.0.0.1:8080/'],
  ])('understands the address %s', (text, href) => {
    expect(load({}, { ...complete, NEXTCLOUD_URL: text }).account?.url.href).toBe(href);
  });

  it.each([
    'https://x.example/s/Abc123Def456Ghi',
    'https://x.example/nextcloud/index.php/s/Abc123Def456Ghi',
    'https://x.example/public.php/dav/files/Abc123Def456Ghi',
    'https://x.example/public.php/webdav',
  ])('does not take the public link %s for a Nextcloud', (text) => {
    const { problems, account } = load({}, { ...complete, NEXTCLOUD_URL: text });
    expect(problems).toEqual([expect.stringMatching(/public link to something shared/)]);
    expect(account).toBeUndefined();
  });

  it.each([
    'nc://login/server:https://x.example&user:alice&password:pw-secret',
    'x.example/&password:pw-secret ',
  ])('keeps the password in %s for itself', (text) => {
    const { problems, warnings } = load({}, { ...complete, NEXTCLOUD_URL: text });
    expect(problems.join()).not.toContain('pw-secret');
    expect(warnings.join()).not.toContain('pw-secret');
    if (text.startsWith('nc:')) expect(problems.join()).toMatch(/signs an app in/);
  });

  it.each([
    ['https://x.example/remote.php/dav/files/alice/Docs/My%20notes/', /folder \/Docs\/My notes/],
    ['https://x.example/remote.php/webdav/Docs', /folder \/Docs/],
    ['https://x.example/index.php/apps/files/?dir=/Docs', /folder \/Docs/],
    ['https://x.example/remote.php/dav/files/bob', /files of bob, and the login is alice/],
  ])('says that more is used than what %s names', (text, expected) => {
    const { warnings, problems } = load({}, { ...complete, NEXTCLOUD_URL: text });
    expect(problems).toEqual([]);
    expect(warnings).toEqual([expect.stringMatching(expected)]);
  });

  it.each(['https://x.example/remote.php/dav/files/ALICE/', 'https://x.example/index.php/apps/files/?dir=/'])(
    'has nothing to say of %s',
    (text) => {
      expect(load({}, { ...complete, NEXTCLOUD_URL: text }).warnings).toEqual([]);
    },
  );

  it('takes the usual folder for one that a bundle left empty', () => {
    const usual = load({}, complete).localFolders;
    expect(load({ localFolders: '${user_config.local_folders}' }, complete).localFolders).toEqual(usual);
    expect(load({ localFolders: '${DOWNLOADS}' }, complete).localFolders).toEqual(usual);
  });

  it('puts the stored account after flags and environment, unless it was named', () => {
    const stored = { url: 'https://stored.example', username: 'bob', password: 'x' };
    expect(load({}, complete, stored).account?.username).toBe('alice');
    expect(load({}, complete, stored, true).account?.url.host).toBe('stored.example');
    expect([load({}, {}, stored).account?.username, load({}, {}).ownLogin]).toEqual(['bob', []]);
  });

  it('prefers the flag, then the environment, then the settings', () => {
    const env = { ...complete, NEXTCLOUD_MAX_CONCURRENCY: '3' };
    const settings = { maxConcurrency: '2', timeoutSeconds: '9' };
    expect(load({ maxConcurrency: '7' }, env, settings)).toMatchObject({
      maxConcurrency: 7,
      timeoutSeconds: 9,
    });
    expect(load({}, env, settings).maxConcurrency).toBe(3);
  });

  it.each([
    ['NEXTCLOUD_URL', 'ftp://x'],
    ['NEXTCLOUD_URL', 'https://alice:secret@x'],
    ['NEXTCLOUD_URL', 'ftp://alice:secret@x'],
    ['NEXTCLOUD_VERIFY_SSL', 'maybe'],
    ['NEXTCLOUD_MAX_CONCURRENCY', '0'],
    ['NEXTCLOUD_MAX_CONCURRENCY', '2.5'],
    ['NEXTCLOUD_ROOTS', '/a/../b'],
    ['NEXTCLOUD_CA_FILE', '/nowhere.pem'],
    ['LOG_LEVEL', 'loud'],
  ])('names a wrong %s once with what is wrong, and shows an example', (name, value) => {
    const { problems } = load({}, { ...complete, [name]: value });
    expect(problems).toHaveLength(1);
    const shown = value.includes('@') ? 'an address with a login in it' : JSON.stringify(value);
    expect(problems[0]).toMatch(`${name} is ${shown}: `);
    expect(problems[0]).toContain(`. Example: ${name}=`);
    expect(problems[0]?.split(name)).toHaveLength(3);
  });

  const limited: readonly Option[] = options.filter(({ kind }) =>
    ['flag', 'number', 'choice'].includes(kind),
  );
  it.each(limited.map((option) => [option.env, option] as const))(
    'names the flag when a wrong %s comes from there, with an example of the flag',
    (env, option) => {
      const { problems } = load({ http: '127.0.0.1:0', [option.key]: 'nonsense' }, complete);
      const flag = `--${flagOf(option)}`;
      expect(problems).toEqual([
        expect.stringMatching(`^${flag} is "nonsense": .*\\. Example: ${flag} ${option.example}$`) as string,
      ]);
      expect(problems.join()).not.toContain(env);
    },
  );

  it.each([
    ['MCP_TOKEN', { MCP_TOKEN: 'short' }, {}],
    ['--token', {}, { token: 'short' }],
  ])('says of a short token from %s neither the token nor a placeholder', (source, env, flags) => {
    const { problems } = load({ http: '127.0.0.1:0', ...flags }, { ...complete, ...env });
    const example = source === '--token' ? '--token a-long' : 'MCP_TOKEN=a-long';
    expect(problems).toEqual([
      expect.stringMatching(
        `^${source} is not valid: it must have at least 16 characters. Example: ${example}`,
      ) as string,
    ]);
  });

  it('names where the Nextcloud of a public link is', () => {
    for (const [link, server] of [
      ['https://x/s/aBcDeF123456789', 'https://x'],
      ['https://x/cloud/index.php/s/aBcDeF123456789/download', 'https://x/cloud'],
      ['x/s/aBcDeF123456789?dir=/a', 'https://x'],
    ] as const)
      expect(load({}, { ...complete, NEXTCLOUD_URL: link }).problems[0]).toContain(
        `it is a public link to something shared. Its Nextcloud is at ${server}. `,
      );
  });

  it('takes what a bundle passes for an empty setting as unset', () => {
    const config = load(
      {},
      {
        ...complete,
        NEXTCLOUD_READ_ONLY: '${user_config.read_only}',
        NEXTCLOUD_ROOTS: ' ',
      },
    );
    expect(config).toMatchObject({ readOnly: false, problems: [] });
  });

  it('says what is missing', () => {
    expect(load({}, {}).missing).toEqual(['NEXTCLOUD_URL', 'NEXTCLOUD_USERNAME', 'NEXTCLOUD_PASSWORD']);
  });

  it('never shows the password', () => {
    const config = load({}, complete);
    for (const text of [
      JSON.stringify(config),
      inspect(config, { depth: 9 }),
      String(config.account?.password),
    ])
      expect(text).not.toContain('app-pass');
    expect(config.account?.password.reveal()).toBe('app-pass');
  });

  it('refuses a file of certificates that holds none', () => {
    const file = join(tmpdir(), `not-a-certificate-${process.pid}.pem`);
    writeFileSync(file, 'hello');
    expect(load({}, { ...complete, NEXTCLOUD_CA_FILE: file }).problems[0]).toContain('not a PEM file');
  });

  it('closes the account when the settings are wrong, rather than falling back to more', () => {
    const { problems, roots } = load({}, { ...complete, NEXTCLOUD_ROOTS: '/a/../b' });
    expect([problems.length, roots.length]).toEqual([1, 0]);
  });
});
