import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from '../../support/case.ts';
import type { Stage } from '../../support/stage.ts';
import { bodyOf, bytesOf, entriesOf, namesOf, refused } from './expectation.ts';

const corpus = join(import.meta.dirname, '../../corpus');

/** The tools that only look: what they show, and how they say that there is nothing to show. */
export const lookCases: readonly Case<Stage>[] = [
  {
    name: 'test_connection tells server, user, space and that all is well',
    run: async (stage) => {
      const { data, text } = await stage.ok('test_connection');
      assert.equal(data['ok'], true, text);
      assert.equal((data['user'] as { id: string }).id, stage.server.userId);
      assert.match((data['server'] as { version: string }).version, /^\d+\.\d+\.\d+/);
      assert.equal((data['server'] as { product: string }).product, 'Nextcloud');
      assert.ok((data['quota'] as { used: number }).used >= 0);
      assert.ok((data['latency_ms'] as number) >= 0);
      assert.ok((data['features'] as string[]).includes('trash'));
    },
  },
  {
    name: 'list_files shows folders first, then files by name, with sizes',
    run: async (stage, folder) => {
      for (const name of ['b10.txt', 'b9.txt', 'Äpfel.txt', 'zoo/inside.txt', 'Attic/x.txt'])
        await stage.server.put(`${folder}/${name}`, '12345');
      const answer = await stage.ok('list_files', { folder_path: folder });
      assert.deepEqual(namesOf(answer), ['Attic', 'zoo', 'Äpfel.txt', 'b9.txt', 'b10.txt']);
      assert.deepEqual(
        entriesOf(answer).map(({ type, size }) => [type, size]),
        [
          ['directory', 5],
          ['directory', 5],
          ['file', 5],
          ['file', 5],
          ['file', 5],
        ],
      );
      assert.equal(answer.data['complete'], true);
      assert.equal(answer.data['total'], 5);
      assert.match(answer.text, /^.*5 of 5 entries\nAttic\/ /);
    },
  },
  {
    name: 'list_files hands out a long folder page by page, each entry once',
    run: async (stage, folder) => {
      const names = Array.from({ length: 25 }, (_, i) => `n${String(i).padStart(2, '0')}.txt`);
      for (const name of names) await stage.server.put(`${folder}/${name}`, name);
      const seen: string[] = [];
      let cursor: unknown;
      let pages = 0;
      do {
        const args = { folder_path: folder, limit: 10, ...(cursor ? { cursor } : {}) };
        const { data } = await stage.ok('list_files', args);
        seen.push(...(data['entries'] as { name: string }[]).map(({ name }) => name));
        assert.equal(data['total'], 25);
        assert.equal(data['complete'], data['next_cursor'] === undefined);
        cursor = data['next_cursor'];
      } while (cursor && ++pages < 5);
      assert.deepEqual(seen, names);
    },
  },
  {
    name: 'list_files filters by type, sorts by size and goes down to a depth',
    run: async (stage, folder) => {
      await stage.server.put(`${folder}/small.txt`, '1');
      await stage.server.put(`${folder}/large.txt`, '1'.repeat(100));
      await stage.server.put(`${folder}/one/two/three/deep.txt`, '1');
      const list = async (args: Record<string, unknown>): Promise<string[]> =>
        entriesOf(await stage.ok('list_files', { folder_path: folder, ...args })).map(({ path }) =>
          path.slice(folder.length + 1),
        );
      assert.deepEqual(await list({ type: 'directory' }), ['one']);
      assert.deepEqual(await list({ type: 'file', sort_by: 'size', order: 'desc' }), [
        'large.txt',
        'small.txt',
      ]);
      assert.deepEqual(await list({ depth: 3, type: 'directory' }), ['one', 'one/two', 'one/two/three']);
      assert.deepEqual(await list({ depth: 5, type: 'file' }), [
        'one/two/three/deep.txt',
        'large.txt',
        'small.txt',
      ]);
    },
  },
  {
    name: 'list_files, get_file_info and search_files say what is missing or is not a folder',
    run: async (stage, folder) => {
      await stage.server.put(`${folder}/a.txt`, 'a');
      const missing = `${folder}/nowhere`;
      refused(await stage.fails('list_files', { folder_path: missing }), 'not_found');
      refused(await stage.fails('get_file_info', { file_path: missing }), 'not_found');
      refused(await stage.fails('search_files', { query: 'a', folder_path: missing }), 'not_found');
      const file = { folder_path: `${folder}/a.txt` };
      const listed = await stage.fails('list_files', file);
      refused(listed, 'invalid_input');
      assert.match(listed, /is a file/);
      refused(await stage.fails('search_files', { query: 'a', ...file }), 'invalid_input');
    },
  },
  {
    name: 'get_file_info tells all of a file and of a folder',
    run: async (stage, folder) => {
      await stage.server.put(`${folder}/sub/a.txt`, 'hello');
      await stage.server.put(`${folder}/b.txt`, 'hi');
      const { data: file } = await stage.ok('get_file_info', { file_path: `${folder}/sub/a.txt` });
      assert.equal(file['type'], 'file');
      assert.equal(file['size'], 5);
      assert.equal(file['mime_type'], 'text/plain');
      assert.match(String(file['modified']), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      assert.match(String(file['etag']), /^[^"]+$/);
      assert.ok(String(file['web_url']).endsWith(`/f/${String(file['file_id'])}`));
      assert.ok((file['permissions'] as string[]).includes('write'));
      const { data: parent } = await stage.ok('get_file_info', { file_path: folder });
      assert.equal(parent['type'], 'directory');
      assert.equal(parent['size'], 7);
      assert.equal(parent['mime_type'], undefined);
    },
  },
  {
    name: 'read_file reads a text, an empty file and a part, and says what is no text',
    run: async (stage, folder) => {
      await stage.server.put(`${folder}/t.txt`, 'one\ntwo\nthree\n');
      await stage.server.put(`${folder}/empty.txt`, '');
      await stage.server.put(`${folder}/d.json`, '{"a": [1, 2]}');
      await stage.server.put(`${folder}/x.bin`, Buffer.from([0, 1, 2, 255, 0, 254]));
      const read = async (name: string, args = {}): Promise<string> =>
        bodyOf(await stage.ok('read_file', { file_path: `${folder}/${name}`, ...args }));
      assert.equal(await read('t.txt'), 'one\ntwo\nthree');
      assert.equal(await read('t.txt', { offset: 2, limit: 1 }), 'two');
      assert.equal(await read('t.txt', { offset: -1 }), 'three');
      assert.equal(await read('d.json'), '{"a": [1, 2]}');
      const binary = await stage.ok('read_file', { file_path: `${folder}/x.bin` });
      assert.match(binary.text, /binary.*[\s\S]*download_file/);
      assert.doesNotMatch(binary.text, /[\u0000\ufffd]/);
      refused(await stage.fails('read_file', { file_path: folder }), 'invalid_input');
      refused(await stage.fails('read_file', { file_path: `${folder}/none` }), 'not_found');
      refused(await stage.fails('read_file', { file_path: `${folder}/t.txt`, offset: 9 }), 'invalid_input');
    },
  },
  {
    name: 'read_file says of an empty file of any kind that it is empty',
    run: async (stage, folder) => {
      for (const name of ['e.txt', 'e.pdf', 'e.xlsx', 'e.zip', 'e.png']) {
        const file_path = `${folder}/${name}`;
        await stage.server.put(file_path, '');
        for (const as of ['auto', 'image']) {
          const { text, kinds } = await stage.ok('read_file', { file_path, as });
          assert.match(text, /the file is empty \(0 bytes\)$/, name);
          assert.deepEqual(kinds, ['text'], name);
        }
        refused(await stage.fails('read_file', { file_path, offset: 5 }), 'invalid_input');
      }
    },
  },
  {
    name: 'an empty file is not edited, and an empty folder has no entries',
    run: async (stage, folder) => {
      await stage.server.put(`${folder}/sub/e.txt`, '');
      const edits = [{ old_text: 'a', new_text: 'b' }];
      const text = await stage.fails('edit_file', { file_path: `${folder}/sub/e.txt`, edits });
      assert.match(text, /^invalid_input: .*is empty, .*upload_file and overwrite: true/);
      await stage.ok('create_folder', { folder_path: `${folder}/none` });
      assert.match((await stage.ok('list_files', { folder_path: `${folder}/none` })).text, /: no entries$/);
    },
  },
  {
    name: 'read_file shows no picture that is none',
    run: async (stage, folder) => {
      const picture = readFileSync(join(corpus, 'imagemagick-dot.png'));
      const files: readonly (readonly [string, Buffer | string, string?])[] = [
        ['whole.png', picture, 'image/png'],
        ['other.jpg', picture, 'image/png'],
        ['byte.png', 'x'],
        ['head.png', picture.subarray(0, 8)],
        ['half.png', picture.subarray(0, -14)],
        ['words.gif', 'no picture at all\n'],
      ];
      for (const [name, bytes, shown] of files) {
        const file_path = `${folder}/${name}`;
        await stage.server.put(file_path, bytes);
        for (const as of ['auto', 'image']) {
          const { text, kinds } = await stage.ok('read_file', { file_path, as });
          assert.deepEqual(kinds, ['text', ...(shown === undefined ? [] : [shown])], name);
          assert.match(text, shown === undefined ? /not shown|cannot be shown/ : / pixels/, name);
        }
      }
    },
  },
  {
    name: 'read_file_bytes gives exactly the range, with what is the whole',
    run: async (stage, folder) => {
      const bytes = Buffer.from(Array.from({ length: 1000 }, (_, i) => i % 256));
      await stage.server.put(`${folder}/x.bin`, bytes);
      await stage.server.put(`${folder}/empty.bin`, Buffer.alloc(0));
      const file_path = `${folder}/x.bin`;
      const ranges: [number, number][] = [
        [0, 1],
        [0, 2],
        [1, 1],
        [500, 100],
        [999, 1],
        [990, 500],
        [0, 1000],
      ];
      for (const [offset, length] of ranges) {
        const got = bytesOf(await stage.ok('read_file_bytes', { file_path, offset, length }));
        assert.deepEqual(got.bytes, bytes.subarray(offset, offset + length), `${offset}+${length}`);
        assert.equal(got.facts['total_size'], 1000);
        assert.equal(got.facts['complete'], offset + length >= 1000);
      }
      const none = bytesOf(await stage.ok('read_file_bytes', { file_path: `${folder}/empty.bin` }));
      assert.equal(none.bytes.length, 0);
      refused(await stage.fails('read_file_bytes', { file_path, offset: 1001 }), 'invalid_input');
      refused(await stage.fails('read_file_bytes', { file_path: folder }), 'invalid_input');
      refused(await stage.fails('read_file_bytes', { file_path: `${folder}/none` }), 'not_found');
    },
  },
  {
    name: 'search_files finds by part of a name, glob, type, kind, size and date',
    run: async (stage, folder) => {
      await stage.server.put(`${folder}/Reports/Report 2025.pdf`, '%PDF-1.4 x');
      await stage.server.put(`${folder}/Reports/Report 2026.pdf`, '%PDF-1.4 xxxxxxxxxxxxxxxxxxxx');
      await stage.server.put(`${folder}/Reports/100%_real.txt`, 'x');
      await stage.server.put(`${folder}/Übersicht.md`, 'x');
      const found = async (args: Record<string, unknown>): Promise<string[]> =>
        entriesOf(await stage.ok('search_files', { folder_path: folder, ...args }))
          .map(({ path }) => path.slice(path.lastIndexOf('/') + 1))
          .toSorted();
      assert.deepEqual(await found({ query: 'report 20' }), ['Report 2025.pdf', 'Report 2026.pdf']);
      assert.deepEqual(await found({ query: '*.pdf' }), ['Report 2025.pdf', 'Report 2026.pdf']);
      assert.deepEqual(await found({ query: 'report 202[6-9]*' }), ['Report 2026.pdf']);
      assert.deepEqual(await found({ query: '{Report,Bericht}*6.pdf' }), ['Report 2026.pdf']);
      assert.deepEqual(await found({ query: 'Reports/*.txt' }), ['100%_real.txt']);
      assert.deepEqual(await found({ query: '%_' }), ['100%_real.txt']);
      assert.deepEqual(await found({ query: 'übersicht' }), ['Übersicht.md']);
      assert.deepEqual(await found({ type: 'directory' }), ['Reports']);
      assert.deepEqual(await found({ mime_type: 'application/*' }), ['Report 2025.pdf', 'Report 2026.pdf']);
      assert.deepEqual(await found({ mime_type: 'application/pdf', min_size: 20 }), ['Report 2026.pdf']);
      assert.deepEqual(await found({ max_size: 9, type: 'file' }), ['100%_real.txt', 'Übersicht.md']);
      assert.deepEqual(await found({ query: 'report', modified_before: '2001-01-01' }), []);
      assert.deepEqual(await found({ query: '*.md', modified_after: '1h' }), ['Übersicht.md']);
      assert.deepEqual(await found({ query: 'nothing like it' }), []);
    },
  },
  {
    name: 'search_files hands out many hits page by page and says when it is complete',
    run: async (stage, folder) => {
      const names = Array.from({ length: 12 }, (_, i) => `hit ${String(i).padStart(2, '0')}.txt`);
      for (const name of names) await stage.server.put(`${folder}/${name}`, name);
      const seen: string[] = [];
      let cursor: unknown;
      let pages = 0;
      do {
        const args = { query: 'hit', folder_path: folder, limit: 5, ...(cursor ? { cursor } : {}) };
        const { data } = await stage.ok('search_files', args);
        seen.push(...(data['entries'] as { name: string }[]).map(({ name }) => name));
        assert.equal(data['complete'], data['next_cursor'] === undefined);
        cursor = data['next_cursor'];
      } while (cursor && ++pages < 5);
      assert.deepEqual(seen, names);
    },
  },
  {
    name: 'pasted addresses and other parameter names are understood',
    run: async (stage, folder) => {
      await stage.server.put(`${folder}/a b.txt`, 'hello');
      const { data } = await stage.ok('get_file_info', { path: `${folder}/a b.txt` });
      const web = String(data['web_url']);
      const base = web.replace(/\/(index\.php\/)?f\/\d+$/, '');
      const encoded = `${folder}/a b.txt`.split('/').map(encodeURIComponent).join('/');
      const addresses = [
        web,
        `${base}/f/${String(data['file_id'])}`,
        `${base}/remote.php/dav/files/${encodeURIComponent(stage.server.userId)}${encoded}`,
        `${base}/index.php/apps/files/?dir=${encodeURIComponent(folder)}&openfile=${String(data['file_id'])}`,
        `nextcloud:/${encoded}`,
      ];
      for (const file_path of addresses)
        assert.equal(bodyOf(await stage.ok('read_file', { file_path })), 'hello', file_path);
      const listed = await stage.ok('list_files', {
        directory: `${base}/index.php/apps/files/?dir=${encodeURIComponent(folder)}`,
        limit: '5',
      });
      assert.deepEqual(namesOf(listed), ['a b.txt']);
    },
  },
];
