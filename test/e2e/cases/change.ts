import assert from 'node:assert/strict';
import type { Case } from '../../support/case.ts';
import type { Stage } from '../../support/stage.ts';
import { bodyOf, namesOf, refused, sha256, stored } from './expectation.ts';

/** The tools that change something: what they do, and what they leave alone. */
export const changeCases: readonly Case<Stage>[] = [
  {
    name: 'upload_file creates from text and from base64, with checksum and time',
    run: async (stage, folder) => {
      const text = await stage.ok('upload_file', {
        remote_path: `${folder}/t.txt`,
        content: 'Grüße\r\n',
        modified: '2024-05-06T07:08:09Z',
      });
      assert.equal(text.data['created'], true);
      assert.equal(text.data['replaced'], false);
      assert.equal(text.data['bytes'], 8 + 1);
      assert.equal(text.data['checksum'], `SHA256:${sha256(Buffer.from('Grüße\r\n'))}`);
      assert.equal(await stored(stage, `${folder}/t.txt`), 'Grüße\r\n');
      const bytes = Buffer.from([0, 255, 10, 13, 0]);
      await stage.ok('upload_file', {
        remote_path: `${folder}/b.bin`,
        content_base64: bytes.toString('base64'),
      });
      assert.deepEqual(await stage.server.get(`${folder}/b.bin`), bytes);
      await stage.ok('upload_file', { remote_path: `${folder}/empty`, content: '' });
      assert.equal(await stored(stage, `${folder}/empty`), '');
      const { data } = await stage.ok('get_file_info', { file_path: `${folder}/t.txt` });
      assert.equal(data['modified'], '2024-05-06T07:08:09Z');
      assert.equal(data['etag'], text.data['etag']);
    },
  },
  {
    name: 'upload_file leaves an existing file alone unless told otherwise',
    run: async (stage, folder) => {
      const remote_path = `${folder}/a.txt`;
      await stage.server.put(remote_path, 'old');
      refused(await stage.fails('upload_file', { remote_path, content: 'new' }), 'exists');
      assert.equal(await stored(stage, remote_path), 'old');
      const { data } = await stage.ok('upload_file', { remote_path, content: 'new', overwrite: true });
      assert.equal(data['replaced'], true);
      assert.equal(await stored(stage, remote_path), 'new');
    },
  },
  {
    name: 'upload_file with if_match replaces that version only',
    run: async (stage, folder) => {
      const remote_path = `${folder}/a.txt`;
      await stage.server.put(remote_path, 'one');
      const { data } = await stage.ok('get_file_info', { file_path: remote_path });
      const if_match = String(data['etag']);
      await stage.ok('upload_file', { remote_path, content: 'two', if_match });
      refused(
        await stage.fails('upload_file', { remote_path, content: 'three', if_match }),
        'precondition_failed',
        'conflict',
      );
      assert.equal(await stored(stage, remote_path), 'two');
      refused(
        await stage.fails('upload_file', { remote_path: `${folder}/none`, content: 'x', if_match }),
        'not_found',
        'precondition_failed',
      );
    },
  },
  {
    name: 'two writes in a row of equal size are both stored and both seen',
    run: async (stage, folder) => {
      const remote_path = `${folder}/a.txt`;
      const etags = new Set<unknown>();
      for (const content of ['aaaa', 'bbbb', 'cccc']) {
        const { data } = await stage.ok('upload_file', { remote_path, content, overwrite: true });
        etags.add(data['etag']);
        assert.equal(bodyOf(await stage.ok('read_file', { file_path: remote_path })), content);
      }
      assert.equal(etags.size, 3);
    },
  },
  {
    name: 'upload_file says when the parent is missing, is a file, or the target is a folder',
    run: async (stage, folder) => {
      await stage.server.put(`${folder}/a.txt`, 'a');
      await stage.server.makeFolder(`${folder}/dir`);
      const upload = async (name: string, overwrite = false): Promise<string> =>
        stage.fails('upload_file', { remote_path: `${folder}/${name}`, content: 'x', overwrite });
      const missing = await upload('no/where.txt');
      refused(missing, 'conflict', 'not_found');
      assert.match(missing, /create_folder/);
      const below = await upload('a.txt/b.txt');
      refused(below, 'invalid_input', 'conflict');
      assert.match(below, /is a file/);
      refused(await upload('dir'), 'exists', 'invalid_input');
      refused(await upload('dir', true), 'exists', 'invalid_input');
      assert.equal(await stored(stage, `${folder}/a.txt`), 'a');
      assert.deepEqual(await stage.server.list(folder), ['a.txt', 'dir']);
    },
  },
  {
    name: 'create_folder makes it with its parents, leaves an existing one, and refuses a file in the way',
    run: async (stage, folder) => {
      const made = await stage.ok('create_folder', { folder_path: `${folder}/a/b/c` });
      assert.equal(made.data['created'], true);
      assert.deepEqual(await stage.server.list(`${folder}/a/b`), ['c']);
      await stage.server.put(`${folder}/a/b/c/keep.txt`, 'keep');
      const again = await stage.ok('create_folder', { folder_path: `${folder}/a/b/c` });
      assert.equal(again.data['created'], false);
      assert.equal(await stored(stage, `${folder}/a/b/c/keep.txt`), 'keep');
      const inTheWay = `${folder}/a/b/c/keep.txt`;
      refused(await stage.fails('create_folder', { folder_path: inTheWay }), 'exists');
      refused(await stage.fails('create_folder', { folder_path: `${inTheWay}/x` }), 'exists', 'conflict');
      assert.equal(await stored(stage, inTheWay), 'keep');
    },
  },
  {
    name: 'move_file renames files and folders, with all that is in them',
    run: async (stage, folder) => {
      await stage.server.put(`${folder}/a.txt`, 'a');
      await stage.server.put(`${folder}/dir/deep/b.txt`, 'b');
      await stage.ok('move_file', { source_path: `${folder}/a.txt`, destination_path: `${folder}/A.txt` });
      await stage.ok('move_file', { source_path: `${folder}/dir`, destination_path: `${folder}/moved` });
      assert.deepEqual(await stage.server.list(folder), ['A.txt', 'moved']);
      assert.equal(await stored(stage, `${folder}/moved/deep/b.txt`), 'b');
      const listed = await stage.ok('list_files', { folder_path: `${folder}/moved/deep` });
      assert.deepEqual(namesOf(listed), ['b.txt']);
    },
  },
  ...(['move_file', 'copy_file'] as const).map((tool) => ({
    name: `${tool} refuses what would lose something, and replaces a file only when told to`,
    run: async (stage: Stage, folder: string) => {
      await stage.server.put(`${folder}/a.txt`, 'a');
      await stage.server.put(`${folder}/b.txt`, 'b');
      await stage.server.put(`${folder}/dir/inside.txt`, 'inside');
      const go = async (from: string, to: string, overwrite = false): Promise<string> =>
        stage.fails(tool, {
          source_path: `${folder}/${from}`,
          destination_path: `${folder}/${to}`,
          overwrite,
        });
      refused(await go('a.txt', 'b.txt'), 'exists');
      refused(await go('a.txt', 'dir'), 'exists');
      const planned = await stage.ok(tool, {
        source_path: `${folder}/a.txt`,
        destination_path: `${folder}/dir`,
        overwrite: true,
      });
      assert.match(planned.text, /Nothing was changed yet/);
      refused(await go('none.txt', 'x.txt'), 'not_found');
      refused(await go('none.txt', 'x.txt', true), 'not_found');
      const parent = await go('a.txt', 'no/where.txt');
      refused(parent, 'conflict');
      assert.match(parent, /create_folder/);
      refused(await go('a.txt', 'b.txt/x.txt'), 'invalid_input', 'conflict');
      refused(await go('a.txt', 'a.txt', true), 'invalid_input');
      refused(await go('dir', 'dir/sub', true), 'invalid_input');
      refused(await go('dir/inside.txt', 'dir', true), 'invalid_input');
      assert.deepEqual(await stage.server.list(folder), ['a.txt', 'b.txt', 'dir']);
      assert.equal(await stored(stage, `${folder}/a.txt`), 'a');
      assert.equal(await stored(stage, `${folder}/b.txt`), 'b');
      assert.equal(await stored(stage, `${folder}/dir/inside.txt`), 'inside');
      await stage.ok(tool, {
        source_path: `${folder}/a.txt`,
        destination_path: `${folder}/b.txt`,
        overwrite: true,
      });
      assert.equal(await stored(stage, `${folder}/b.txt`), 'a');
      const left = tool === 'move_file' ? ['b.txt', 'dir'] : ['a.txt', 'b.txt', 'dir'];
      assert.deepEqual(await stage.server.list(folder), left);
    },
  })),
  {
    name: 'copy_file copies files and folders on the server, and the source stays',
    run: async (stage, folder) => {
      await stage.server.put(`${folder}/dir/deep/b.txt`, 'b');
      const { data } = await stage.ok('copy_file', {
        source_path: `${folder}/dir`,
        destination_path: `${folder}/copy`,
      });
      assert.equal(data['path'], `${folder}/copy`);
      assert.equal(await stored(stage, `${folder}/copy/deep/b.txt`), 'b');
      assert.equal(await stored(stage, `${folder}/dir/deep/b.txt`), 'b');
    },
  },
  {
    name: 'delete_file deletes a file and a folder into the trash, and says what is not there',
    run: async (stage, folder) => {
      await stage.server.put(`${folder}/a.txt`, 'a');
      await stage.server.put(`${folder}/dir/b.txt`, 'b');
      const { data } = await stage.ok('delete_file', { file_path: `${folder}/a.txt` });
      assert.equal(data['deleted'], true);
      assert.match(String(data['undo']), /^u\d+$/);
      const plan = await stage.ok('delete_file', { file_path: `${folder}/dir` });
      assert.deepEqual(await stage.server.list(folder), ['dir']);
      await stage.ok('delete_file', { file_path: `${folder}/dir`, confirm: plan.data['confirm'] });
      assert.deepEqual(await stage.server.list(folder), []);
      refused(await stage.fails('delete_file', { file_path: `${folder}/a.txt` }), 'not_found');
      const listed = await stage.ok('list_files', { folder_path: folder });
      assert.deepEqual(namesOf(listed), []);
    },
  },
  {
    name: 'what was changed here is seen at once by every tool that looks',
    run: async (stage, folder) => {
      const names = async (): Promise<string[]> =>
        namesOf(await stage.ok('list_files', { folder_path: folder }));
      const hits = async (): Promise<string[]> =>
        namesOf(await stage.ok('search_files', { query: '.txt', folder_path: folder }));
      assert.deepEqual([await names(), await hits()], [[], []]);
      await stage.ok('upload_file', { remote_path: `${folder}/a.txt`, content: 'a' });
      assert.deepEqual([await names(), await hits()], [['a.txt'], ['a.txt']]);
      await stage.ok('move_file', { source_path: `${folder}/a.txt`, destination_path: `${folder}/b.txt` });
      assert.deepEqual([await names(), await hits()], [['b.txt'], ['b.txt']]);
      await stage.ok('copy_file', { source_path: `${folder}/b.txt`, destination_path: `${folder}/c.txt` });
      assert.deepEqual(
        [await names(), await hits()],
        [
          ['b.txt', 'c.txt'],
          ['b.txt', 'c.txt'],
        ],
      );
      await stage.ok('delete_file', { file_path: `${folder}/b.txt` });
      assert.deepEqual([await names(), await hits()], [['c.txt'], ['c.txt']]);
      refused(await stage.fails('read_file', { file_path: `${folder}/b.txt` }), 'not_found');
    },
  },
];
