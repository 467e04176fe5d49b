import assert from 'node:assert/strict';
import type { Case } from '../../support/case.ts';
import type { Answer, Stage } from '../../support/stage.ts';
import { undoOf } from '../../support/undo.ts';
import { refused, stored } from './expectation.ts';

/** Edits, plans and ways back: that a mistake costs nothing. */

/** Makes a call as an assistant does that agrees to every plan. */
async function agreed(stage: Stage, tool: string, args: Record<string, unknown>): Promise<Answer> {
  const first = await stage.ok(tool, args);
  const { confirm } = first.data;
  return typeof confirm === 'string' ? stage.ok(tool, { ...args, confirm }) : first;
}

/** Paths and contents of all that is in a folder. */
async function treeOf({ server }: Stage, folder: string): Promise<Map<string, string>> {
  const tree = new Map<string, string>();
  const walk = async (path: string): Promise<void> => {
    for (const name of await server.list(path)) {
      const child = `${path}/${name}`;
      tree.set(child, (await server.get(child))?.toString('latin1') ?? '');
      await walk(child);
    }
  };
  await walk(folder);
  return tree;
}

export const safeCases: readonly Case<Stage>[] = [
  {
    name: 'edit_file replaces what is there once, shows the difference, and keeps the rest to the byte',
    run: async (stage, folder) => {
      const file_path = `${folder}/notes.txt`;
      await stage.server.put(file_path, '\uFEFFone\r\ntwo\r\nthree');
      const edit = (old_text: string, new_text: string, more = {}): Record<string, unknown> => ({
        file_path,
        edits: [{ old_text, new_text }],
        ...more,
      });
      const tried = await stage.ok('edit_file', edit('two', 'zwei', { dry_run: true }));
      assert.match(tried.text, /not changed[^]*-two\n\+zwei/);
      assert.equal(await stored(stage, file_path), '\uFEFFone\r\ntwo\r\nthree');
      const done = await stage.ok('edit_file', edit('one\ntwo\n', 'one\nzwei\nund\n'));
      assert.match(done.text, /\+und/);
      assert.equal(await stored(stage, file_path), '\uFEFFone\r\nzwei\r\nund\r\nthree');
      const { data } = await stage.ok('get_file_info', { file_path });
      assert.ok(done.text.includes(`etag ${String(data['etag'])}`));
      refused(await stage.fails('edit_file', edit('zwo', 'x')), 'invalid_input');
      refused(await stage.fails('edit_file', edit('e', 'x')), 'invalid_input');
      refused(await stage.fails('edit_file', edit('und', 'x', { if_match: 'other' })), 'precondition_failed');
      refused(
        await stage.fails('edit_file', {
          file_path: `${folder}/none`,
          edits: [{ old_text: 'a', new_text: '' }],
        }),
        'not_found',
      );
      assert.equal(await stored(stage, file_path), '\uFEFFone\r\nzwei\r\nund\r\nthree');
    },
  },
  {
    name: 'a folder with contents goes away only by the token of its plan, and only as it was planned',
    run: async (stage, folder) => {
      await stage.server.put(`${folder}/full/a.txt`, 'a');
      await stage.server.put(`${folder}/full/sub/b.txt`, 'bb');
      const file_path = `${folder}/full`;
      const { data, text } = await stage.ok('delete_file', { file_path });
      assert.match(text, /Nothing was changed yet[^]*2 files and 1 folder, 3 B/);
      assert.equal(await stored(stage, `${file_path}/a.txt`), 'a');
      await stage.server.put(`${folder}/full/sub/new.txt`, 'meanwhile');
      const again = await stage.ok('delete_file', { file_path, confirm: data['confirm'] });
      assert.equal(again.data['changed'], false);
      assert.equal(await stored(stage, `${file_path}/sub/new.txt`), 'meanwhile');
      const done = await stage.ok('delete_file', { file_path, confirm: again.data['confirm'] });
      assert.equal(done.data['deleted'], true);
      assert.deepEqual(await stage.server.list(folder), []);
      await agreed(stage, 'restore_from_trash', { item: file_path });
      assert.equal(await stored(stage, `${file_path}/sub/new.txt`), 'meanwhile');
    },
  },
  {
    name: 'everything that was done is taken back by undo alone',
    run: async (stage, folder) => {
      const at = (name: string): string => `${folder}/${name}`;
      for (const [name, content] of Object.entries({
        'a.txt': 'one\n',
        'b.txt': 'two\n',
        'empty.txt': '',
        'dir/c.txt': 'three\n',
        'dir/sub/d.txt': 'four\n',
        'other/e.txt': 'five\n',
      }))
        await stage.server.put(at(name), content);
      const before = await treeOf(stage, folder);
      const edits = (old_text: string, new_text: string) => [{ old_text, new_text }];
      const changes: [tool: string, args: Record<string, unknown>][] = [
        ['upload_file', { remote_path: at('new.txt'), content: 'new' }],
        ['upload_file', { remote_path: at('empty.txt'), content: 'full', overwrite: true }],
        ['edit_file', { file_path: at('a.txt'), edits: edits('one', 'uno') }],
        ['edit_file', { file_path: at('a.txt'), edits: edits('uno', 'eins') }],
        ['move_file', { source_path: at('a.txt'), destination_path: at('b.txt'), overwrite: true }],
        ['copy_file', { source_path: at('dir'), destination_path: at('dir2') }],
        ['delete_file', { file_path: at('dir') }],
        ['move_file', { source_path: at('dir2'), destination_path: at('dir') }],
        ['edit_file', { file_path: at('dir/c.txt'), edits: edits('three', 'tres') }],
        ['move_file', { source_path: at('other'), destination_path: at('dir/sub'), overwrite: true }],
        ['delete_file', { file_path: [at('dir/c.txt'), at('b.txt')] }],
        ['create_folder', { folder_path: at('p/q') }],
        ['move_file', { source_path: [at('new.txt'), at('empty.txt')], destination_path: at('p/q') }],
        [
          'copy_file',
          { source_path: at('p/q/new.txt'), destination_path: at('p/q/empty.txt'), overwrite: true },
        ],
      ];
      const undos: string[] = [];
      for (const [tool, args] of changes) undos.push(undoOf(await agreed(stage, tool, args)));
      assert.notDeepEqual(await treeOf(stage, folder), before);
      for (const change of undos.toReversed()) {
        const { data } = await agreed(stage, 'undo', { change });
        assert.equal(data['kept'], undefined);
      }
      assert.deepEqual(await treeOf(stage, folder), before);
    },
  },
];
