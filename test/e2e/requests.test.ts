import { expect, test } from 'vitest';
import { Stage } from '../support/stage.ts';
import { askingTools } from './every-tool.ts';

// Of the two clients the one that itself asks for less.
const open = async (): Promise<Stage> => Stage.open({ client: 'legacy' });

/** The most HTTP requests that the very first call of a tool may make. */
const first: readonly (readonly [tool: string, args: Readonly<Record<string, unknown>>, most: number])[] = [
  ['list_files', { folder_path: '/dir' }, 1],
  ['get_file_info', { file_path: '/dir/a.txt' }, 1],
  ['create_folder', { folder_path: '/dir/new' }, 1],
  ['move_file', { source_path: '/dir/a.txt', destination_path: '/dir/b.txt' }, 1],
  // The answer to a COPY has no etag, by which a later change of the copy is noticed.
  ['copy_file', { source_path: '/dir/a.txt', destination_path: '/dir/b.txt' }, 2],
  ['search_files', { query: 'a', folder_path: '/dir' }, 1],
  ['search_file_contents', { pattern: 'hello', folder_path: '/dir' }, 3],
  ['read_file', { file_path: '/dir/a.txt' }, 2],
  ['read_file_bytes', { file_path: '/dir/a.txt' }, 2],
  ['upload_file', { remote_path: '/dir/new.txt', content: 'x' }, 1],
  ['upload_file', { remote_path: '/dir/a.txt', content: 'x', overwrite: true }, 2],
  ['edit_file', { file_path: '/dir/a.txt', edits: [{ old_text: 'hello', new_text: 'bye' }] }, 4],
  // Whether there is a trash is asked once in an hour: without one, deleting would be final.
  ['delete_file', { file_path: '/dir/a.txt' }, 3],
  ['download_file', { remote_path: '/dir/a.txt', local_path: 'a.txt' }, 2],
  ['test_connection', {}, 5],
];

test('there is a limit for every tool that asks the server', () => {
  const limited = new Set(first.map(([tool]) => tool));
  expect([...limited].toSorted()).toEqual(askingTools.map(([tool]) => tool).toSorted());
});

test.each(first)('the first %s %o asks the server at most %i times', async (tool, args, most) => {
  const stage = await open();
  stage.cloud.home().put('/dir/a.txt', 'hello');
  const { requests } = await stage.ok(tool, args);
  await stage.close();
  expect(requests).toBeGreaterThan(0);
  expect(requests).toBeLessThanOrEqual(most);
});

test('what is known is not asked for again before a change', async () => {
  const stage = await open();
  const home = stage.cloud.home();
  for (const name of ['a.txt', 'b.txt', 'c', 'd', 'many/e.txt']) home.put(`/dir/${name}`, 'hello');
  const requests = async (tool: string, args: Record<string, unknown>): Promise<number> =>
    (await stage.ok(tool, args)).requests;
  await stage.ok('delete_file', { file_path: '/dir/a.txt' });
  expect(await requests('delete_file', { file_path: '/dir/b.txt' })).toBe(2);
  // What has no ending may be a folder with much in it.
  expect(await requests('move_file', { source_path: '/dir/c', destination_path: '/c' })).toBe(2);
  await stage.ok('list_files', { folder_path: '/dir' });
  expect(await requests('move_file', { source_path: '/dir/d', destination_path: '/d' })).toBe(1);
  await stage.ok('list_files', { folder_path: '/' });
  expect(await requests('delete_file', { file_path: '/d' })).toBe(1);
  await stage.ok('list_files', { folder_path: '/' });
  expect(await requests('move_file', { source_path: '/dir', destination_path: '/other' })).toBe(2);
  await stage.close();
});

test('nothing is sent before the first call', async () => {
  const stage = await open();
  await stage.client.listTools();
  await stage.client.listPrompts();
  expect(stage.cloud.requests).toEqual([]);
  await stage.close();
});

test('a folder listed a moment ago is not asked for again, and a change here is noticed', async () => {
  const stage = await open();
  stage.cloud.home().put('/dir/a.txt', 'hello');
  const list = async (): Promise<number> => (await stage.ok('list_files', { folder_path: '/dir' })).requests;
  expect(await list()).toBe(1);
  expect(await list()).toBe(0);
  expect((await stage.ok('read_file', { file_path: '/dir/a.txt' })).requests).toBe(1);
  await stage.ok('upload_file', { remote_path: '/dir/b.txt', content: 'x' });
  // What was changed here is known to be out of date, so nothing has to be proved first.
  expect(await list()).toBe(1);
  await stage.close();
});

test('of a large text only the wanted part is fetched, and reading on does not start from the top', async () => {
  const stage = await open();
  const line = (i: number): string => `${String(i).padStart(8, '0')}${'x'.repeat(91)}\n`;
  const lines = Array.from({ length: 100_000 }, (_, i) => line(i + 1)).join('');
  stage.cloud.home().put('/server.log', lines);
  const read = async (offset: number, limit: number): Promise<number> => {
    const before = stage.cloud.requests.length;
    await stage.ok('read_file', { file_path: '/server.log', offset, limit });
    await expect
      .poll(() => stage.cloud.requests.slice(before).some(({ method }) => method === 'GET'))
      .toBe(true);
    return stage.cloud.requests.slice(before).reduce((sum, { bytesOut }) => sum + bytesOut, 0);
  };
  const part = 512 * 1024;
  expect(await read(1, 100)).toBeLessThan(part);
  expect(await read(-100, 100)).toBeLessThan(part);
  expect(await read(90_000, 10)).toBeGreaterThan(8_000_000);
  expect(await read(90_010, 10)).toBeLessThan(part);
  await stage.close();
});
