import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { startEmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';
import type { EmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';
import { certificate } from '../support/certificate.ts';
import { startImpostor } from '../support/impostor.ts';
import type { Impostor } from '../support/impostor.ts';
import { Stage } from '../support/stage.ts';
import { askingTools } from './every-tool.ts';

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

async function stageWith(env: Record<string, string>, cloud?: EmbeddedNextcloud): Promise<Stage> {
  const stage = await Stage.open({ client: 'legacy', env }, cloud);
  open.push(stage);
  return stage;
}

async function impostorWith(answer: Parameters<typeof startImpostor>[0]): Promise<Impostor> {
  const impostor = await startImpostor(answer);
  open.push(impostor);
  return impostor;
}

/** A port of this computer where nothing listens. */
async function deadEnd(): Promise<string> {
  const impostor = await startImpostor(() => undefined);
  await impostor.close();
  return impostor.url;
}

test('a wrong password is tried once, by whatever tool, and never again', async () => {
  const stage = await stageWith({ NEXTCLOUD_PASSWORD: 'not-the-password' });
  for (const [tool, args] of askingTools.slice(1)) {
    const text = await stage.fails(tool, { ...args });
    expect(text).toMatch(/^unauthorized: .*app password/s);
  }
  const { data, text } = await stage.ok('test_connection');
  expect(data['ok']).toBe(false);
  expect(text).toMatch(/did not accept the user name and app password/);
  expect(stage.cloud.requests.filter(({ status }) => status === 401)).toHaveLength(1);
});

test('a password that is revoked while the server runs is tried once more and no more', async () => {
  const stage = await stageWith({});
  stage.cloud.home().put('/a.txt', 'a');
  await stage.ok('get_file_info', { file_path: '/a.txt' });
  stage.cloud.revoke('demo');
  for (let round = 0; round < 3; round++)
    expect(await stage.fails('list_files', {})).toMatch(/^unauthorized: /);
  expect(stage.cloud.requests.filter(({ status }) => status === 401)).toHaveLength(1);
});

test('a host that refuses the connection', async () => {
  const stage = await stageWith({ NEXTCLOUD_URL: await deadEnd() });
  expect(await stage.fails('list_files')).toMatch(/^unavailable: .* cannot be reached.*NEXTCLOUD_URL/s);
  const { data, text } = await stage.ok('test_connection');
  expect(data['ok']).toBe(false);
  expect(text).toMatch(/NO {2}server: .* cannot be reached/);
});

test('https to a port that speaks http: nothing was sent, and the address is what has to be set right', async () => {
  const plain = await impostorWith(() => undefined);
  const stage = await stageWith({ NEXTCLOUD_URL: plain.url.replace('http:', 'https:') });
  const refusal = /config: \S+ does not support https.*NEXTCLOUD_URL.*http:\/\//s;
  const write = { remote_path: '/a.txt', content: 'a' };
  for (const text of [await stage.fails('list_files'), await stage.fails('upload_file', write)]) {
    expect(text).toMatch(refusal);
    expect(text).not.toMatch(/not known|again/);
  }
  expect((await stage.ok('test_connection')).text).toMatch(/NO {2}server: \S+ does not support https/);
  expect(plain.requests).toEqual([]);
});

test('a server that agrees to no encryption', async () => {
  const server = createTlsServer({}); // without a certificate there is none to agree to
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({ close: async () => new Promise((resolve) => server.close(() => resolve())) });
  const { port } = server.address() as AddressInfo;
  const stage = await stageWith({ NEXTCLOUD_URL: `https://127.0.0.1:${port}` });
  const text = await stage.fails('create_folder', { folder_path: '/a' });
  expect(text).toMatch(/^config: \S+ refused an encrypted connection \(ERR_SSL_\S+\)\. .*NEXTCLOUD_URL/);
  expect(text).not.toMatch(/not known/);
});

test('a connection that ends before TLS is up has carried nothing, and may be tried again', async () => {
  let tries = 0;
  const server = createServer((socket) => {
    tries++;
    socket.once('data', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({ close: async () => new Promise((resolve) => server.close(() => resolve())) });
  const { port } = server.address() as AddressInfo;
  const stage = await stageWith({ NEXTCLOUD_URL: `https://127.0.0.1:${port}` });
  const text = await stage.fails('create_folder', { folder_path: '/a' });
  expect(text).toMatch(/^unavailable: \S+ cannot be reached/);
  expect(text).not.toMatch(/not known/);
  expect(tries).toBeGreaterThan(1);
});

test('a name that an old server has no room for is told from a server that fails', async () => {
  const cloud = await startEmbeddedNextcloud({ version: '28.0.2' });
  open.push(cloud);
  const stage = await stageWith({}, cloud);
  const text = await stage.fails('upload_file', { remote_path: `/${'n'.repeat(250)}`, content: 'a' });
  expect(text).toMatch(/^invalid_input: The name of \/n+ is too long for this Nextcloud: 250 bytes\. .*225/);
  await stage.ok('upload_file', { remote_path: `/${'n'.repeat(225)}`, content: 'a' });
});

test('a host name that does not exist', async () => {
  const stage = await stageWith({ NEXTCLOUD_URL: 'https://cloud.does-not-exist.invalid' });
  expect(await stage.fails('list_files')).toMatch(/^unavailable: There is no host called .*NEXTCLOUD_URL/s);
});

test('a server that says nothing', async () => {
  const silent = await impostorWith(() => undefined);
  const stage = await stageWith({ NEXTCLOUD_URL: silent.url, NEXTCLOUD_TIMEOUT_SECONDS: '1' });
  const started = performance.now();
  expect(await stage.fails('list_files')).toMatch(/^timeout: .*NEXTCLOUD_TIMEOUT_SECONDS/s);
  expect(performance.now() - started).toBeLessThan(8000);
});

test('a certificate that nobody vouches for is refused, and trusted in either of the ways that are named', async () => {
  const cloud = await startEmbeddedNextcloud({ tls: certificate });
  open.push(cloud);
  cloud.home().put('/a.txt', 'a');
  const strict = await stageWith({}, cloud);
  const refusal = await strict.fails('list_files');
  expect(refusal).toMatch(/^config: The certificate of .*NEXTCLOUD_CA_FILE.*NEXTCLOUD_VERIFY_SSL/s);
  const file = join(mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-')), 'ca.pem');
  writeFileSync(file, certificate.cert);
  const trusting = await stageWith({ NEXTCLOUD_CA_FILE: file }, cloud);
  expect((await trusting.ok('list_files')).data['total']).toBe(1);
  const lax = await stageWith({ NEXTCLOUD_VERIFY_SSL: 'false' }, cloud);
  expect((await lax.ok('list_files')).data['total']).toBe(1);
  expect(lax.printed.join('')).toMatch(/any certificate is accepted/);
});

test('maintenance is named as such', async () => {
  const stage = await stageWith({});
  stage.cloud.set({ maintenance: true });
  expect(await stage.fails('create_folder', { folder_path: '/new' })).toMatch(
    /^unavailable: .*maintenance mode/,
  );
  const { text } = await stage.ok('test_connection');
  expect(text).toMatch(/maintenance mode/);
});

test('a full cloud is named as such, and nothing of the file is left', async () => {
  const stage = await Stage.open({
    cloud: { users: [{ id: 'demo', password: 'demo-app-password', quota: 10_000 }] },
  });
  open.push(stage);
  const content = 'x'.repeat(20_000);
  const text = await stage.fails('upload_file', { remote_path: '/big.txt', content });
  expect(text).toMatch(/^quota_exceeded: /);
  expect(stage.cloud.home().list()).toEqual([]);
});

test('whatever runs ends at once when it is cancelled, and leaves nothing', async () => {
  const stage = await stageWith({});
  stage.cloud.home().put('/a.txt', 'a');
  const cancelled = (): number => stage.printed.join('').split('"outcome":"cancelled"').length - 1;
  for (const [index, [tool, args]] of askingTools.entries()) {
    stage.cloud.set({ latencyMs: 5000 });
    const controller = new AbortController();
    const running = stage.call(tool, { ...args }, { signal: controller.signal });
    setTimeout(() => controller.abort(), 50);
    await expect(running, tool).rejects.toThrow(/abort/i);
    // The server is free at once: it does not wait for the answer that nobody wants.
    await expect.poll(cancelled, { interval: 10 }).toBe(index + 1);
    stage.cloud.set({ latencyMs: 0 });
    expect((await stage.ok('get_file_info', { file_path: '/' })).data['type']).toBe('directory');
  }
  expect(readdirSync(stage.localFolder)).toEqual([]);
});
