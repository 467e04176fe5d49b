import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { EmbeddedNextcloud } from '../../../src/embedded-nextcloud/index.ts';
import type { Bench, Outcome } from '../../support/bench.ts';

/** What it must give. */
export const arrived = ['copy.txt'];

const text = 'Grüße\nzweite Zeile\n';

/** Every kind of operation once; gives what is in the cloud afterwards, looked at past the protocol. */
export async function journey(bench: Bench, cloud: EmbeddedNextcloud): Promise<string[]> {
  const ok = async (tool: string, args: Record<string, unknown>): Promise<Outcome> => {
    const outcome = await bench.call(tool, args);
    if (outcome.isError) throw new Error(`${tool} ${JSON.stringify(args)}: ${outcome.text}`);
    return outcome;
  };
  const connection = await ok('test_connection', {});
  expect(connection.data).toMatchObject({ ok: true });
  await ok('create_folder', { folder_path: '/Trips & more/2026 #1' });
  const path = '/Trips & more/2026 #1/files ä 100%.txt';
  expect((await ok('upload_file', { remote_path: path, content: text })).data).toMatchObject({
    created: true,
  });
  expect((await ok('list_files', { folder_path: '/Trips & more', depth: 2 })).data).toMatchObject({
    entries: [{ path: '/Trips & more/2026 #1' }, { path }],
  });
  const info = await ok('get_file_info', { file_path: path });
  expect((await ok('read_file', { file_path: path })).text).toContain('Grüße\nzweite Zeile');
  expect((await ok('read_file_bytes', { file_path: path, offset: 2, length: 5 })).text).toContain(
    Buffer.from(text).subarray(2, 7).toString('base64'),
  );
  const replaced = await ok('upload_file', {
    remote_path: path,
    content: `${text}dritte\n`,
    if_match: info.data['etag'],
  });
  expect(replaced.data).toMatchObject({ replaced: true });
  expect((await ok('search_files', { query: 'files', folder_path: '/Trips & more' })).data).toMatchObject({
    entries: [{ path }],
  });
  await ok('copy_file', { source_path: path, destination_path: '/Trips & more/copy.txt' });
  await ok('move_file', { source_path: path, destination_path: '/Trips & more/moved.txt' });
  await ok('move_file', {
    source_path: '/Trips & more/moved.txt',
    destination_path: '/Trips & more/copy.txt',
    overwrite: true,
  });
  await ok('download_file', { remote_path: '/Trips & more/copy.txt', local_path: 'copy.txt' });
  expect(readFileSync(join(bench.localFolder, 'copy.txt'), 'utf8')).toBe(`${text}dritte\n`);
  await ok('delete_file', { file_path: '/Trips & more/2026 #1' });
  return cloud.home().list('/Trips & more');
}
