import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startEmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';
import type { EmbeddedNextcloud, EmbeddedOptions } from '../../src/embedded-nextcloud/index.ts';
import { certificate, certificateFile } from '../support/certificate.ts';
import { startForwardProxy } from '../support/forward-proxy.ts';
import { startRedirect } from '../support/redirect.ts';
import { doctorText } from '../../src/cli/commands/doctor.ts';
import { Home } from './home.ts';

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly fix?: string;
}

type Settings = Readonly<Record<string, string | undefined>>;

let home: Home;
let cloud: EmbeddedNextcloud | undefined;

beforeEach(() => {
  home = new Home();
  home.guard('demo', 'demo-app-password');
});

afterEach(async () => {
  await cloud?.close();
  cloud = undefined;
  home.close();
});

/** Runs it against a cloud, and tells the checks by name. */
async function examine(
  options: EmbeddedOptions,
  settings: Settings | ((url: string) => Settings) = {},
): Promise<{ code: number | null; ok: boolean; checks: Record<string, Check>; cloud: EmbeddedNextcloud }> {
  cloud = await startEmbeddedNextcloud(options);
  const { code, out } = await home.run(['doctor', '--json'], {
    env: {
      NEXTCLOUD_URL: cloud.url,
      NEXTCLOUD_USERNAME: 'demo',
      NEXTCLOUD_PASSWORD: 'demo-app-password',
      ...(typeof settings === 'function' ? settings(cloud.url) : settings),
    },
  });
  const { ok, checks } = JSON.parse(out) as { ok: boolean; checks: Check[] };
  return { code, ok, checks: Object.fromEntries(checks.map((check) => [check.name, check])), cloud };
}

describe('doctor', () => {
  test('finds all well, says it in words and gives away nothing', async () => {
    cloud = await startEmbeddedNextcloud();
    const env = {
      NEXTCLOUD_URL: cloud.url,
      NEXTCLOUD_USERNAME: 'demo',
      NEXTCLOUD_PASSWORD: 'demo-app-password',
    };
    const { code, out } = await home.run(['doctor'], { env });
    expect(code).toBe(0);
    for (const name of ['settings', 'proxy', 'address', 'version', 'login', 'files', 'clock', 'local folder'])
      expect(out).toMatch(new RegExp(`^✔ ${name} +\\S`, 'm'));
    expect(out).toMatch(/^! password .*\n.*→ Use an app password/m);
    expect(out).toContain('Everything works, with 1 recommendation.');
    expect(out).not.toContain('\u001b');
    const coloured = await home.run(['doctor'], { env: { ...env, FORCE_COLOR: '1' } });
    expect(coloured.out).toContain('\u001b[32m✔');
  });

  test('settings that are missing are one fault, and login mends it', async () => {
    const { code, out } = await home.run(['doctor']);
    expect(code).toBe(2);
    expect(out).toMatch(
      /✘ settings +Not set: NEXTCLOUD_URL, NEXTCLOUD_USERNAME, NEXTCLOUD_PASSWORD\n +→ Sign in with nextcloud-files-mcp login/,
    );
    expect(out).toContain('1 problem to fix.');
  });

  test('a port where nothing listens is the connection, and not the certificate', async () => {
    for (const scheme of ['https', 'http']) {
      const { code, checks } = await examine({}, { NEXTCLOUD_URL: `${scheme}://127.0.0.1:9` });
      expect(code).toBe(1);
      expect(checks['connection']).toMatchObject({
        ok: false,
        detail: expect.stringContaining('cannot be reached (ECONNREFUSED)') as string,
      });
      expect(Object.keys(checks)).not.toContain('https');
      expect(Object.values(checks).filter(({ ok }) => !ok)).toHaveLength(1);
    }
  });

  test('shows what the server says of itself without steering the terminal', () => {
    const hostile = 'Evil\u001b[2J\u202e\n✔ login as you';
    const text = doctorText({
      ok: true,
      program: 'p',
      node: 'v24',
      platform: 'linux',
      server: { url: 'https://x', product: hostile, version: hostile },
      checks: [{ name: 'server', ok: true, detail: hostile, fix: hostile }],
    });
    expect(text).not.toMatch(/[\u001b\u202e]/);
    expect(text).not.toMatch(/^✔ login/m);
  });

  test('breaks lines between words at the width of the terminal', () => {
    const fix = 'Set NEXTCLOUD_URL to https://cloud.example.com/a/rather/long/path, so that it works again.';
    const detail = 'The certificate (of an authority with a name) is not trusted: SELF_SIGNED_CERT_IN_CHAIN';
    const checks = [
      { name: 'https', ok: false, detail, fix },
      { name: 'space', ok: true, detail: 'no limit' },
    ];
    const text = doctorText({ ok: false, program: 'p', node: 'v24', platform: 'linux', checks }, 80);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(text.replace(/\s+/g, ' ')).toContain(`✘ https ${detail} → ${fix}`);
    expect(text).toContain('1 problem to fix.');
  });

  test('names a variable that is no setting, without its value', async () => {
    const { out } = await home.run(['doctor'], { env: { NEXTCLOUD_ULR: 'https://alice:pw@x.example' } });
    expect(out).toMatch(
      /! settings +NEXTCLOUD_ULR is not a setting, and has no effect\n +→ Did you mean NEXTCLOUD_URL\?/,
    );
    expect(out).not.toContain('x.example');
  });

  test('a command names the login and the server that refused it, and how to sign in again', async () => {
    cloud = await startEmbeddedNextcloud();
    const env = { NEXTCLOUD_URL: cloud.url, NEXTCLOUD_USERNAME: 'demmo', NEXTCLOUD_PASSWORD: 'a-wrong-one' };
    for (const argv of [['ls'], ['get', '/a', 'a'], ['put', 'bin', '/x']]) {
      const { code, err } = await home.run(argv, { env });
      expect([code, err.split('\n')[0]]).toEqual([
        1,
        `unauthorized: ${cloud.url} did not accept the user name "demmo" with this password. Check both, or sign in again: nextcloud-files-mcp login ${cloud.url}`,
      ]);
    }
    const { out } = await home.run(['doctor'], { env });
    expect(out).toMatch(/^✘ login/m);
    expect(out).not.toMatch(/^. password/m);
  });

  test('a wrong password is tried once', async () => {
    const { code, checks, cloud: asked } = await examine({}, { NEXTCLOUD_PASSWORD: 'wrong-one' });
    expect(code).toBe(1);
    expect(checks['server']?.ok).toBe(true);
    expect(checks['login']).toMatchObject({
      ok: false,
      fix: expect.stringContaining('app password') as string,
    });
    expect(
      asked.requests.filter(({ authorization, status }) => authorization && status === 401),
    ).toHaveLength(1);
  });

  test('says that the Nextcloud is in maintenance mode', async () => {
    const { code, checks } = await examine({ maintenance: true });
    expect([code, checks['ready']?.ok, checks['login']]).toEqual([1, false, undefined]);
  });

  test('tells an old release and what its age means', async () => {
    const { code, checks } = await examine({ version: '28.0.2' });
    expect(code).toBe(0);
    expect(checks['version']).toMatchObject({
      ok: true,
      detail: expect.stringContaining('2024-12') as string,
    });
  });

  test('tells https from a port that speaks http', async () => {
    const { code, checks } = await examine({}, (url) => ({
      NEXTCLOUD_URL: url.replace('http:', 'https:'),
    }));
    expect(code).toBe(1);
    expect(checks['https']).toMatchObject({
      detail: expect.stringContaining('does not support https') as string,
      fix: expect.stringContaining('http://') as string,
    });
  });

  test('finds the Nextcloud below another path of the host', async () => {
    const {
      code,
      checks,
      cloud: found,
    } = await examine({ basePath: '/nextcloud' }, (url) => ({
      NEXTCLOUD_URL: url.replace('/nextcloud', ''),
    }));
    expect(code).toBe(1);
    expect(checks['address']).toMatchObject({
      ok: false,
      detail: `There is no Nextcloud at ${new URL(found.url).origin}, but there is one at ${found.url}`,
      fix: `Set NEXTCLOUD_URL to ${found.url}.`,
    });
    expect(found.requests.some(({ authorization }) => authorization)).toBe(false);
    expect(Object.keys(checks)).not.toContain('redirect');
    for (const argv of [['ls'], ['login'], ['put', 'bin', '/x']]) {
      const { err } = await home.run(argv, {
        env: {
          NEXTCLOUD_URL: new URL(found.url).origin,
          NEXTCLOUD_USERNAME: 'demo',
          NEXTCLOUD_PASSWORD: 'x',
        },
      });
      expect(err.split('\n')[0]).toMatch(
        new RegExp(
          `: There is no Nextcloud at \\S+, but there is one at ${found.url}\\. Use that address\\.$`,
        ),
      );
    }
  });

  test.each(['/s/abc', '/a/b/c'])(
    'finds the Nextcloud in front of an address that ends in %s',
    async (more) => {
      cloud = await startEmbeddedNextcloud({ basePath: '/our/cloud' });
      const env = {
        NEXTCLOUD_URL: `${cloud.url}${more}/there`,
        NEXTCLOUD_USERNAME: 'demo',
        NEXTCLOUD_PASSWORD: 'x',
      };
      for (const argv of [['ls'], ['login'], ['doctor']]) {
        const { out, err } = await home.run(argv, { env });
        expect(out + err).toContain(
          `There is no Nextcloud at ${cloud.url}${more}/there, but there is one at ${cloud.url}`,
        );
      }
    },
  );

  test('follows a redirect to another host without the login', async () => {
    const target = await startEmbeddedNextcloud();
    const redirect = await startRedirect((path) => `${target.url}${path}`);
    try {
      const { code, checks } = await examine({}, { NEXTCLOUD_URL: redirect.url });
      expect(code).toBe(1);
      expect(checks['redirect']?.fix).toBe(`Set NEXTCLOUD_URL to ${target.url}.`);
      expect(redirect.requests.length).toBeGreaterThan(0);
      expect(redirect.requests.some(({ authorization }) => authorization)).toBe(false);
      expect(target.requests.some(({ authorization }) => authorization)).toBe(false);
    } finally {
      await redirect.close();
      await target.close();
    }
  });

  test('names a circle of redirects', async () => {
    const circle = await startRedirect((path) => `/a${path}`);
    try {
      const { code, checks } = await examine({}, { NEXTCLOUD_URL: circle.url });
      expect([code, checks['address']?.ok]).toEqual([1, false]);
      expect(checks['address']?.detail).toContain('redirects in a circle');
    } finally {
      await circle.close();
    }
  });

  test.each<[string, Record<string, string>, number, RegExp, RegExp | undefined]>([
    ['is not trusted', {}, 1, /not trusted: DEPTH_ZERO_SELF_SIGNED_CERT/, /NEXTCLOUD_CA_FILE/],
    [
      'is trusted by NEXTCLOUD_CA_FILE',
      { NEXTCLOUD_CA_FILE: certificateFile },
      0,
      /valid until 2126/,
      undefined,
    ],
    [
      'is let pass by NEXTCLOUD_VERIFY_SSL',
      { NEXTCLOUD_VERIFY_SSL: 'false' },
      0,
      /NEXTCLOUD_VERIFY_SSL=false accepts it/,
      /NEXTCLOUD_CA_FILE/,
    ],
  ])('a certificate of one`s own %s', async (_what, env, wanted, detail, fix) => {
    const { code, checks } = await examine({ tls: certificate }, env);
    expect(code).toBe(wanted);
    expect(checks['certificate']?.detail).toMatch(detail);
    if (fix) expect(checks['certificate']?.fix).toMatch(fix);
    else expect(checks['certificate']?.fix).toBeUndefined();
  });

  test('a host that does not exist', async () => {
    const { code, checks } = await examine({}, { NEXTCLOUD_URL: 'https://no-such-host.invalid' });
    expect(code).toBe(1);
    expect(checks['name']).toMatchObject({
      ok: false,
      fix: expect.stringContaining('typing error') as string,
    });
  });

  test('shows the proxy without its login', async () => {
    const proxy = await startForwardProxy();
    try {
      const secret = proxy.url.replace('://', '://user:proxy-secret@');
      home.guard('user', 'proxy-secret');
      const { code, checks } = await examine({}, { http_proxy: secret });
      expect(code).toBe(0);
      expect(checks['proxy']?.detail).toContain(`through ${proxy.url}`);
      expect(proxy.seen.length).toBeGreaterThan(3);
      const direct = await examine({}, { http_proxy: secret, no_proxy: '.example.com,127.0.0.1' });
      expect(direct.checks['proxy']?.detail).toContain('none');
    } finally {
      await proxy.close();
    }
  });

  test('looks at the local folders', async () => {
    const file = join(home.path, 'a.txt');
    writeFileSync(file, 'a');
    mkdirSync(join(home.path, 'b'));
    cloud = await startEmbeddedNextcloud();
    const env = {
      NEXTCLOUD_URL: cloud.url,
      NEXTCLOUD_USERNAME: 'demo',
      NEXTCLOUD_PASSWORD: 'demo-app-password',
      NEXTCLOUD_LOCAL_FOLDERS: [file, join(home.path, 'b'), join(home.path, 'c')].join(','),
    };
    const { code, out } = await home.run(['doctor'], { env });
    expect(code).toBe(1);
    expect(out).toMatch(/✘ local folder +\S+a\.txt is not a folder/);
    expect(out).toMatch(/✔ local folder +\S+b, \S+ \S+ free/);
    expect(out).toMatch(/✔ local folder +\S+c does not exist yet/);
  });
});
