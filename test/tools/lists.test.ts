import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';
import type { EmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';
import { Bench } from '../support/bench.ts';

let cloud: EmbeddedNextcloud;
let bench: Bench;
beforeAll(async () => {
  cloud = await startEmbeddedNextcloud();
  cloud.home().put('/to/x.txt', 'x');
  bench = await Bench.open({ NEXTCLOUD_URL: cloud.url });
});
afterAll(async () => {
  await bench.close();
  await cloud.close();
});

test.each([
  ['delete_file', {}, 'Deleted 0 of 2'],
  ['move_file', { destination_path: '/to' }, 'Moved 0 of 2'],
  ['copy_file', { destination_path: '/to' }, 'Copied 0 of 2'],
  ['get_file_info', {}, '0 of 2'],
])('%s of a list that is refused whole is an error', async (tool, rest, first) => {
  const { isError, text, data } = await bench.call(tool, { ...rest, paths: ['/gone/1', '/gone/2'] });
  expect(isError).toBe(true);
  expect(text.split('\n')[0]).toBe(first);
  expect(text).toMatch(/^NO {2}\/gone\/1 {2}not_found: /m);
  expect(data).toMatchObject({ failed: 2, items: [{ path: '/gone/1' }, { path: '/gone/2' }] });
});

test('a list of which some failed counts what was done', async () => {
  cloud.home().put('/one.txt', 'x');
  const { isError, text } = await bench.call('delete_file', { paths: ['/one.txt', '/gone'] });
  expect(isError).toBe(false);
  expect(text.split('\n')[0]).toBe('Deleted 1 of 2');
});

test('get_file_info of a list gives the facts of each', async () => {
  cloud.home().put('/a.txt', 'abc');
  cloud.home().put('/b.txt', 'abcde');
  const { text } = await bench.call('get_file_info', { paths: ['/a.txt', '/b.txt'] });
  expect(text).toMatch(/ok {2}\/a\.txt\n[^]*size: 3 bytes[^]*ok {2}\/b\.txt\n[^]*size: 5 bytes/);
});
