import { afterEach, expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startEmbeddedNextcloud } from '../../../src/embedded-nextcloud/index.ts';
import { Bench } from '../../support/bench.ts';

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const zip = readFileSync(join(import.meta.dirname, '../../corpus/infozip-files.zip'));

test('an archive that is denied is not opened by naming an entry in it', async () => {
  const cloud = await startEmbeddedNextcloud();
  cloud.home().put('/Docs/secret.zip', zip);
  cloud.home().put('/Docs/open.zip', zip);
  const bench = await Bench.open({ NEXTCLOUD_URL: cloud.url, NEXTCLOUD_DENY: '**/secret.zip' });
  open.push(bench, cloud);
  const listed = await bench.call('read_file', { file_path: '/Docs/open.zip' });
  expect(listed.isError).toBe(false);
  const denied = await bench.call('read_file', { file_path: '/Docs/secret.zip!/files/a.txt' });
  expect(denied.text).toMatch(/^not_found:/);
  expect(cloud.requests.some(({ method, path }) => method === 'GET' && path.includes('secret'))).toBe(false);
});

test('a name with "!/" does not lead above the roots', async () => {
  const cloud = await startEmbeddedNextcloud();
  cloud.home().put('/Work.zip', zip);
  cloud.home().mkdir('/Work.zip!');
  const bench = await Bench.open({ NEXTCLOUD_URL: cloud.url, NEXTCLOUD_ROOTS: '/Work.zip!' });
  open.push(bench, cloud);
  const outcome = await bench.call('read_file', { file_path: '/Work.zip!/files/a.txt' });
  expect(outcome.text).toMatch(/^not_found:/);
  expect(cloud.requests.filter(({ method }) => method === 'GET')).toEqual([]);
});
