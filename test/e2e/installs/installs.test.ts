import { afterEach, describe, expect, test } from 'vitest';
import { startEmbeddedNextcloud } from '../../../src/embedded-nextcloud/index.ts';
import type { EmbeddedNextcloud, EmbeddedOptions } from '../../../src/embedded-nextcloud/index.ts';
import type { Environment } from '../../../src/machine.ts';
import { Bench } from '../../support/bench.ts';
import { certificate, certificateFile } from '../../support/certificate.ts';
import { startForwardProxy } from '../../support/forward-proxy.ts';
import { startRedirect } from '../../support/redirect.ts';
import { Stage } from '../../support/stage.ts';
import { arrived, journey } from './journey.ts';

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

function kept<T extends { close(): Promise<void> }>(one: T): T {
  open.push(one);
  return one;
}

const cloudWith = async (options: EmbeddedOptions): Promise<EmbeddedNextcloud> =>
  kept(await startEmbeddedNextcloud(options));
const benchFor = async (cloud: EmbeddedNextcloud, env: Environment = {}): Promise<Bench> =>
  kept(await Bench.open({ NEXTCLOUD_URL: cloud.url, ...env }));

describe('addresses', () => {
  test.each(['/nextcloud', '/a/b/remote', '/files'])('below the sub-path %s', async (basePath) => {
    const cloud = await cloudWith({ basePath });
    expect(await journey(await benchFor(cloud), cloud)).toEqual(arrived);
  });

  test.each(['/', '/index.php/apps/files/', '/remote.php/dav/files/demo/', '/remote.php/webdav', '/login'])(
    'pasted as ...%s',
    async (tail) => {
      const cloud = await cloudWith({ basePath: '/nextcloud' });
      expect(await journey(await benchFor(cloud, { NEXTCLOUD_URL: cloud.url + tail }), cloud)).toEqual(
        arrived,
      );
    },
  );
});

describe('names of users', () => {
  const password = 'p';
  const users = [
    { id: 'a1b2-c3d4', login: 'anna@example.com' },
    { id: 'anna.schmidt', login: 'ASchmidt' },
    { id: 'Anna Schmidt' },
    { id: 'anna@example.com' },
    { id: 'Jörg Müller' },
    { id: "o'neill+x" },
    { id: 'files' },
    { id: 'Anna Schmidt', login: 'anna schmidt@example.com' },
  ];
  describe.each(['34.0.1', '30.0.0', '28.0.2'] as const)('Nextcloud %s', (version) => {
    test.each(users)('id $id, login $login', async (user) => {
      const cloud = await cloudWith({ version, users: [{ ...user, password }] });
      const env = { NEXTCLOUD_USERNAME: user.login ?? user.id, NEXTCLOUD_PASSWORD: password };
      expect(await journey(await benchFor(cloud, env), cloud)).toEqual(arrived);
      expect(cloud.requests.filter(({ status }) => status === 401)).toEqual([]);
    });
  });

  test('a folder called like the user, or files, is a folder like any other', async () => {
    const cloud = await cloudWith({});
    cloud.home().put('/files/demo/files/demo.txt', 'x');
    const bench = await benchFor(cloud);
    const { data } = await bench.call('list_files', { folder_path: '/files', depth: 3 });
    expect((data['entries'] as { path: string }[]).map(({ path }) => path)).toEqual([
      '/files/demo',
      '/files/demo/files',
      '/files/demo/files/demo.txt',
    ]);
  });
});

test('an etag with -gzip appended, as Apache does to compressed answers', async () => {
  const cloud = await cloudWith({ gzipEtags: true });
  cloud.home().put('/note.txt', 'first\n');
  const bench = await benchFor(cloud);
  expect(await journey(bench, cloud)).toEqual(arrived);
  const { data } = await bench.call('get_file_info', { file_path: '/note.txt' });
  const pasted = `"${String(data['etag'])}-gzip"`;
  const replaced = await bench.call('upload_file', {
    remote_path: '/note.txt',
    content: 'second\n',
    if_match: pasted,
  });
  expect(replaced.isError).toBe(false);
  expect(cloud.home().get('/note.txt')?.toString()).toBe('second\n');
});

describe('redirects', () => {
  test('from http to https of the same host is followed, once', async () => {
    const cloud = await cloudWith({ tls: certificate });
    const redirect = kept(await startRedirect((path) => cloud.url + path));
    const bench = await benchFor(cloud, { NEXTCLOUD_URL: redirect.url, NEXTCLOUD_CA_FILE: certificateFile });
    expect(await journey(bench, cloud)).toEqual(arrived);
    expect(redirect.requests).toHaveLength(1);
  });

  test('the same, when the first call carries a body', async () => {
    const cloud = await cloudWith({ tls: certificate });
    const redirect = kept(await startRedirect((path) => cloud.url + path));
    const bench = await benchFor(cloud, { NEXTCLOUD_URL: redirect.url, NEXTCLOUD_CA_FILE: certificateFile });
    const content = 'x'.repeat(100_000);
    const { data } = await bench.call('upload_file', { remote_path: '/x.txt', content });
    expect(data).toMatchObject({ created: true });
    expect(cloud.home().get('/x.txt')?.toString()).toBe(content);
  });

  test.each([
    [
      'another host',
      (cloud: EmbeddedNextcloud, path: string) => cloud.url.replace('127.0.0.1', 'localhost') + path,
    ],
    ['another path', (cloud: EmbeddedNextcloud, path: string) => `${cloud.url}/elsewhere${path}`],
    ['a login page', (cloud: EmbeddedNextcloud) => `${cloud.url}/login`],
  ])('to %s is told and not followed, no credentials go there', async (_, location) => {
    const cloud = await cloudWith({ tls: certificate });
    const redirect = kept(await startRedirect((path) => location(cloud, path)));
    const bench = await benchFor(cloud, { NEXTCLOUD_URL: redirect.url, NEXTCLOUD_CA_FILE: certificateFile });
    const { isError, text } = await bench.call('list_files', {});
    expect(isError).toBe(true);
    expect(text).toMatch(/^config: The server redirects this address to .* Set NEXTCLOUD_URL/);
    expect(cloud.requests).toEqual([]);
  });

  test('from https down to http is not followed', async () => {
    const cloud = await cloudWith({});
    const secure = await cloudWith({ tls: certificate });
    const down = kept(await startRedirect((path) => cloud.url + path));
    const bench = await benchFor(secure, { NEXTCLOUD_URL: down.url, NEXTCLOUD_CA_FILE: certificateFile });
    expect((await bench.call('list_files', {})).text).toMatch(/^config:/);
    expect(cloud.requests).toEqual([]);
  });
});

describe('certificates', () => {
  test('a self-signed one is refused, and the fix is named', async () => {
    const cloud = await cloudWith({ tls: certificate });
    const bench = await benchFor(cloud);
    const { isError, text } = await bench.call('list_files', {});
    expect(isError).toBe(true);
    expect(text).toMatch(/^config: The certificate of 127\.0\.0\.1:\d+ is not trusted .*NEXTCLOUD_CA_FILE/);
    expect(cloud.requests).toEqual([]);
    const report = await bench.call('test_connection', {});
    expect(report.text).toContain('NEXTCLOUD_CA_FILE');
  });

  test('it is accepted with NEXTCLOUD_CA_FILE', async () => {
    const cloud = await cloudWith({ tls: certificate });
    expect(await journey(await benchFor(cloud, { NEXTCLOUD_CA_FILE: certificateFile }), cloud)).toEqual(
      arrived,
    );
  });

  test('it is accepted with NEXTCLOUD_VERIFY_SSL=false, with a warning', async () => {
    const cloud = await cloudWith({ tls: certificate });
    expect(await journey(await benchFor(cloud, { NEXTCLOUD_VERIFY_SSL: 'false' }), cloud)).toEqual(arrived);
    const stage = kept(await Stage.open({ env: { NEXTCLOUD_VERIFY_SSL: 'false' } }, cloud));
    await stage.ok('list_files');
    expect(stage.printed.join('')).toContain('NEXTCLOUD_VERIFY_SSL is false: any certificate is accepted');
  });

  test('a certificate of another host is refused though its issuer is trusted', async () => {
    const cloud = await cloudWith({ tls: certificate, host: '127.0.0.2' });
    const bench = await benchFor(cloud, { NEXTCLOUD_CA_FILE: certificateFile });
    expect((await bench.call('list_files', {})).text).toMatch(/^config: The certificate of 127\.0\.0\.2/);
    expect(cloud.requests).toEqual([]);
  });
});

describe('a proxy from the environment', () => {
  test('for https, by a tunnel', async () => {
    const proxy = kept(await startForwardProxy());
    const cloud = await cloudWith({ tls: certificate });
    const env = { NEXTCLOUD_CA_FILE: certificateFile, https_proxy: proxy.url };
    expect(await journey(await benchFor(cloud, env), cloud)).toEqual(arrived);
    expect(new Set(proxy.seen)).toEqual(new Set([`CONNECT ${new URL(cloud.url).host}`]));
  });

  test('a self-signed certificate is refused through it, too', async () => {
    const proxy = kept(await startForwardProxy());
    const cloud = await cloudWith({ tls: certificate });
    const bench = await benchFor(cloud, { HTTPS_PROXY: proxy.url });
    expect((await bench.call('list_files', {})).text).toContain('NEXTCLOUD_CA_FILE');
    expect(cloud.requests).toEqual([]);
  });

  test('for http', async () => {
    const proxy = kept(await startForwardProxy());
    const cloud = await cloudWith({});
    expect(await journey(await benchFor(cloud, { http_proxy: proxy.url }), cloud)).toEqual(arrived);
    expect(proxy.seen.length).toBeGreaterThan(10);
  });

  test('not for what no_proxy names', async () => {
    const proxy = kept(await startForwardProxy());
    const cloud = await cloudWith({});
    const env = { http_proxy: proxy.url, https_proxy: proxy.url, no_proxy: 'example.com,127.0.0.1' };
    expect(await journey(await benchFor(cloud, env), cloud)).toEqual(arrived);
    expect(proxy.seen).toEqual([]);
  });

  test('one that is not there is a clear error', async () => {
    const cloud = await cloudWith({});
    const bench = await benchFor(cloud, { http_proxy: 'http://127.0.0.1:9' });
    expect((await bench.call('list_files', {})).text).toMatch(/^unavailable: .* cannot be reached/);
  });
});
