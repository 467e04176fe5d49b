import { afterEach, expect, test } from 'vitest';
import { startEmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';
import type { EmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';
import { Bench } from '../support/bench.ts';

const open: { close(): Promise<void> }[] = [];

async function stage(password: string): Promise<{ cloud: EmbeddedNextcloud; bench: Bench }> {
  const cloud = await startEmbeddedNextcloud();
  const bench = await Bench.open({ NEXTCLOUD_URL: cloud.url, NEXTCLOUD_PASSWORD: password });
  open.push(bench, cloud);
  return { cloud, bench };
}

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const refused = (cloud: EmbeddedNextcloud): number =>
  cloud.requests.filter(({ status }) => status === 401).length;

test('a wrong password is sent once, though sixty calls are made side by side', async () => {
  const { cloud, bench } = await stage('wrong');
  const calls = Array.from({ length: 60 }, (_, index) =>
    index % 2 === 0
      ? bench.call('list_files', { folder_path: '/' })
      : bench.call('upload_file', { remote_path: `/${index}.txt`, content: 'x' }),
  );
  const outcomes = await Promise.all(calls);
  expect(new Set(outcomes.map(({ text }) => text.split(':')[0]))).toEqual(new Set(['unauthorized']));
  await bench.call('test_connection', {});
  await bench.call('get_file_info', { file_path: '/' });
  expect(refused(cloud)).toBe(1);
  expect(cloud.requests).toHaveLength(1);
});

test('an app password that is revoked closes the account: no more than the requests under way are refused', async () => {
  const { cloud, bench } = await stage('demo-app-password');
  await bench.call('list_files', { folder_path: '/' });
  cloud.revoke('demo');
  cloud.set({ latencyMs: 20 });
  const calls = Array.from({ length: 40 }, (_, index) =>
    bench.call('get_file_info', { file_path: `/missing-${index}` }),
  );
  const outcomes = await Promise.all(calls);
  expect(outcomes.every(({ text }) => text.startsWith('unauthorized:'))).toBe(true);
  // NEXTCLOUD_MAX_CONCURRENCY is 4; Nextcloud locks an address out after 10.
  expect(refused(cloud)).toBeLessThanOrEqual(4);
  await bench.call('list_files', { folder_path: '/other' });
  expect(refused(cloud)).toBeLessThanOrEqual(4);
});

test('new credentials open it again', async () => {
  const { cloud, bench } = await stage('wrong');
  expect((await bench.call('list_files', {})).isError).toBe(true);
  const next = await Bench.open({ NEXTCLOUD_URL: cloud.url });
  open.unshift(next);
  expect((await next.call('list_files', {})).isError).toBe(false);
});
