import assert from 'node:assert/strict';
import type { Case } from '../../support/case.ts';
import type { Stage } from '../../support/stage.ts';
import { refused, stored } from './expectation.ts';

/** Paths that no tool may act on. `{}` stands for a folder that exists. */
const hostile: readonly string[] = [
  '..',
  '../bob/Documents',
  '{}/../secret.txt',
  '{}/../../../../etc/passwd',
  '/..',
  '{}/./keep.txt',
  '.',
  '{}//keep.txt',
  '//{}/keep.txt',
  '{}\\keep.txt',
  '..\\..\\keep.txt',
  '{}/keep\u0000.txt',
  '{}/keep\n.txt',
  '{}/keep\t.txt',
  '{}/keep\u007f.txt',
  '{}/\ud800.txt',
  '',
  `{}/${'x'.repeat(4100)}`,
  'nextcloud://{}/%2e%2e/secret.txt',
  'nextcloud://{}/a%2f..%2f..%2fsecret.txt',
  'nextcloud://{}/%00',
  'https://evil.example/remote.php/dav/files/bob/secret.txt',
];

/** Those that tools which only read understand: they mean one file, and nothing can be lost by reading it. */
const loose: ReadonlySet<string> = new Set(['{}/./keep.txt', '.', '{}//keep.txt', '//{}/keep.txt', '']);

const reading: ReadonlySet<string> = new Set([
  'list_files',
  'get_file_info',
  'read_file',
  'read_file_bytes',
  'search_files',
  'download_file',
]);

/** Every tool with a path, and each of its paths; `?` is where the hostile one goes. */
const calls: readonly (readonly [tool: string, args: Readonly<Record<string, unknown>>])[] = [
  ['list_files', { folder_path: '?' }],
  ['get_file_info', { file_path: '?' }],
  ['read_file', { file_path: '?' }],
  ['read_file_bytes', { file_path: '?' }],
  ['search_files', { query: 'keep', folder_path: '?' }],
  ['upload_file', { remote_path: '?', content: 'x', overwrite: true }],
  ['create_folder', { folder_path: '?' }],
  ['move_file', { source_path: '?', destination_path: '{}/new.txt' }],
  ['move_file', { source_path: '{}/keep.txt', destination_path: '?', overwrite: true }],
  ['copy_file', { source_path: '?', destination_path: '{}/new.txt' }],
  ['copy_file', { source_path: '{}/keep.txt', destination_path: '?', overwrite: true }],
  ['edit_file', { file_path: '?', edits: [{ old_text: 'a', new_text: 'b' }] }],
  ['delete_file', { file_path: '?' }],
  ['download_file', { remote_path: '?', local_path: 'x.txt', overwrite: true }],
];

async function refusesAll(
  stage: Stage,
  folder: string,
  tool: string,
  args: Readonly<Record<string, unknown>>,
): Promise<void> {
  await stage.server.put(`${folder}/keep.txt`, 'keep');
  for (const pattern of hostile.filter((text) => !reading.has(tool) || !loose.has(text))) {
    const fill = (value: unknown): unknown =>
      value === '?'
        ? pattern.replace('{}', folder)
        : typeof value === 'string'
          ? value.replace('{}', folder)
          : value;
    const given = Object.fromEntries(
      Object.entries(args).map(([key, value]) => [key, typeof value === 'string' ? fill(value) : value]),
    );
    const answer = await stage.call(tool, given);
    assert.ok(answer.isError, `${tool} took ${JSON.stringify(pattern)}: ${answer.text}`);
    refused(answer.text, 'invalid_input');
    assert.equal(answer.requests, 0, `${tool} sent something for ${JSON.stringify(pattern)}`);
  }
  assert.deepEqual(await stage.server.list(folder), ['keep.txt']);
  assert.equal(await stored(stage, `${folder}/keep.txt`), 'keep');
}

/** Names that the path guard lets through and Nextcloud does not store. */
const forbidden: readonly string[] = ['.htaccess', '.HTACCESS', 'x.part', 'y.filepart', 'n'.repeat(251)];

export const hostileCases: readonly Case<Stage>[] = [
  ...calls.map(([tool, args]) => ({
    name: `${tool} refuses hostile paths as ${Object.keys(args).find((key) => args[key] === '?') ?? ''}`,
    run: async (stage: Stage, folder: string) => refusesAll(stage, folder, tool, args),
    ...(tool === 'download_file' ? { local: true as const } : {}),
  })),
  {
    name: 'a name that the server forbids, in a folder that is not there: the folder is what is missing',
    run: async (stage: Stage, folder: string) => {
      for (const name of ['x.part', 'x.filepart', 'x.txt']) {
        const text = await stage.fails('upload_file', {
          remote_path: `${folder}/none/${name}`,
          content: 'x',
        });
        assert.match(text, /^conflict: The folder .*\/none does not exist\. Create it with create_folder/);
      }
    },
  },
  ...forbidden.map((name) => ({
    ...(name.endsWith('.filepart') ? { versions: (major: number): boolean => major >= 30 } : {}),
    name: `a name that the server forbids is refused clearly: ${name.slice(0, 12)} (${name.length})`,
    run: async (stage: Stage, folder: string) => {
      const path = `${folder}/${name}`;
      await stage.server.put(`${folder}/keep.txt`, 'keep');
      const keep = { source_path: `${folder}/keep.txt`, destination_path: path };
      const refuses = async (tool: string, args: Record<string, unknown>): Promise<void> =>
        refused(await stage.fails(tool, args), 'invalid_input', 'forbidden');
      await refuses('upload_file', { remote_path: path, content: 'x' });
      await refuses('create_folder', { folder_path: path });
      await refuses('move_file', keep);
      await refuses('copy_file', keep);
      for (const tool of ['get_file_info', 'read_file', 'delete_file'])
        refused(await stage.fails(tool, { file_path: path }), 'not_found', 'invalid_input', 'forbidden');
      assert.deepEqual(await stage.server.list(folder), ['keep.txt']);
    },
  })),
  {
    name: 'arguments that do not fit are named, with what the tool takes',
    run: async (stage, folder) => {
      const wrong: [string, Record<string, unknown>, RegExp][] = [
        ['list_files', { folder_path: folder, colour: 'red' }, /no parameter colour/],
        ['list_files', { folder_path: folder, colr: 'red', ordre: 'asc' }, /ordre, the nearest is order/],
        ['list_files', { folder_path: folder, depth: 'deep' }, /depth must be a number/],
        ['list_files', { folder_path: folder, cursor: 'nonsense' }, /cursor/],
        ['get_file_info', {}, /file_path is missing/],
        ['move_file', { source_path: folder }, /destination_path is missing/],
        ['read_file_bytes', { file_path: folder, offset: -1 }, /offset must be at least 0/],
        ['search_files', { modified_after: 'some day' }, /not a date/],
        ['upload_file', { remote_path: `${folder}/x` }, /one of content/],
        ['upload_file', { remote_path: `${folder}/x`, content: 'a', content_base64: 'YQ==' }, /one of/],
        ['upload_file', { remote_path: `${folder}/x`, content_base64: 'not base64!' }, /base64/],
      ];
      for (const [tool, args, pattern] of wrong) {
        const text = await stage.fails(tool, args);
        refused(text, 'invalid_input');
        assert.match(text, pattern);
      }
      assert.deepEqual(await stage.server.list(folder), []);
    },
  },
  {
    name: 'the home folder is never moved, copied over or deleted',
    run: async (stage, folder) => {
      for (const home of ['/', '//', `${folder}/..`]) {
        refused(await stage.fails('delete_file', { file_path: home }), 'invalid_input');
        refused(
          await stage.fails('move_file', { source_path: home, destination_path: `${folder}/home` }),
          'invalid_input',
        );
        refused(
          await stage.fails('copy_file', {
            source_path: folder,
            destination_path: home,
            overwrite: true,
          }),
          'invalid_input',
        );
        refused(await stage.fails('upload_file', { remote_path: home, content: 'x' }), 'invalid_input');
      }
    },
  },
];
