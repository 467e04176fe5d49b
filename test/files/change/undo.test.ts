import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { undoOf } from '../../support/undo.ts';
import { agreed, openScene, treeOf } from '../scene.ts';
import type { Scene } from '../scene.ts';

describe('undo', { timeout: 60_000 }, () => {
  let scene: Scene;

  beforeEach(async () => {
    scene = await openScene();
    const home = scene.cloud.home();
    home.put('/a.txt', 'one\n', { mtime: 1_700_000_000 });
    home.put('/b.txt', 'two\n', { mtime: 1_700_000_001 });
    home.put('/empty.txt', '', { mtime: 1_700_000_002 });
    home.put('/dir/c.txt', 'three\n', { mtime: 1_700_000_003 });
    home.put('/dir/sub/d.txt', 'four\n', { mtime: 1_700_000_004 });
    home.put('/other/e.txt', 'five\n', { mtime: 1_700_000_005 });
  });

  afterEach(async () => {
    await scene.close();
  });

  const changes: [tool: string, args: Record<string, unknown>][] = [
    ['upload_file', { remote_path: '/new.txt', content: 'new' }],
    ['upload_file', { remote_path: '/a.txt', content: 'other', overwrite: true }],
    ['upload_file', { remote_path: '/empty.txt', content: 'full', overwrite: true }],
    ['edit_file', { file_path: '/b.txt', edits: [{ old_text: 'two', new_text: 'zwei' }] }],
    ['create_folder', { folder_path: '/x/y/z' }],
    ['move_file', { source_path: '/a.txt', destination_path: '/dir/a.txt' }],
    ['move_file', { source_path: '/a.txt', destination_path: '/b.txt', overwrite: true }],
    ['move_file', { source_path: '/dir', destination_path: '/other', overwrite: true }],
    ['move_file', { source_path: ['/a.txt', '/b.txt'], destination_path: '/dir' }],
    ['copy_file', { source_path: '/dir', destination_path: '/copy' }],
    ['copy_file', { source_path: '/a.txt', destination_path: '/b.txt', overwrite: true }],
    ['delete_file', { file_path: '/a.txt' }],
    ['delete_file', { file_path: '/dir' }],
    ['delete_file', { file_path: ['/a.txt', '/dir/c.txt', '/other'] }],
  ];

  const takeBack = async (undos: readonly string[]): Promise<void> => {
    for (const change of undos.toReversed()) {
      const { data } = await agreed(scene, 'undo', { change });
      expect(data['kept']).toBeUndefined();
    }
  };

  it.each(changes)('%s %o is taken back by its id', async (tool, args) => {
    const before = treeOf(scene);
    const answer = await agreed(scene, tool, args);
    expect(treeOf(scene)).not.toEqual(before);
    await takeBack([undoOf(answer)]);
    expect(treeOf(scene)).toEqual(before);
  });

  it('a folder of this computer that was uploaded is taken back, new or into one that is there', async () => {
    const folder = join(scene.bench.localFolder, 'dir');
    mkdirSync(join(folder, 'sub', 'fresh'), { recursive: true });
    writeFileSync(join(folder, 'c.txt'), 'drei');
    writeFileSync(join(folder, 'new.txt'), 'new');
    writeFileSync(join(folder, 'sub', 'fresh', 'deep.txt'), 'deep');
    for (const remote_path of ['/x/y', '/dir']) {
      const before = treeOf(scene);
      const { data } = await scene.ok('upload_file', { remote_path, source_path: 'dir', overwrite: true });
      expect(data['files']).toBe(3);
      expect(treeOf(scene)).not.toEqual(before);
      await takeBack([String(data['undo'])]);
      expect(treeOf(scene)).toEqual(before);
    }
  });

  it('everything one after the other is taken back in reverse order', async () => {
    const before = treeOf(scene);
    const undos: string[] = [];
    const run = async (tool: string, args: Record<string, unknown>): Promise<void> => {
      const answer = await agreed(scene, tool, args);
      undos.push(undoOf(answer));
    };
    await run('edit_file', { file_path: '/a.txt', edits: [{ old_text: 'one', new_text: 'uno' }] });
    await run('edit_file', { file_path: '/a.txt', edits: [{ old_text: 'uno', new_text: 'eins' }] });
    await run('move_file', { source_path: '/a.txt', destination_path: '/b.txt', overwrite: true });
    await run('upload_file', { remote_path: '/a.txt', content: 'again' });
    await run('copy_file', { source_path: '/dir', destination_path: '/dir2' });
    await run('delete_file', { file_path: '/dir' });
    await run('move_file', { source_path: '/dir2', destination_path: '/dir' });
    await run('edit_file', { file_path: '/dir/c.txt', edits: [{ old_text: 'three', new_text: 'tres' }] });
    await run('delete_file', { file_path: ['/dir/c.txt', '/b.txt'] });
    await run('create_folder', { folder_path: '/p/q' });
    await takeBack(undos);
    expect(treeOf(scene)).toEqual(before);
  });

  it('a restored file can be restored to another place, and thrown away again', async () => {
    await scene.ok('delete_file', { file_path: '/a.txt' });
    const { data } = await scene.ok('list_trash', {});
    const [item] = data['items'] as { item: string; path: string }[];
    expect(item?.path).toBe('/a.txt');
    await scene.ok('restore_from_trash', { item: item?.item, destination_path: '/new/place.txt' });
    expect(scene.cloud.home().get('/new/place.txt')?.toString()).toBe('one\n');
    expect((await scene.ok('list_trash', {})).data['total']).toBe(0);
  });

  it('does not restore over something, and makes the old folder anew', async () => {
    await scene.ok('delete_file', { file_path: '/dir/c.txt' });
    scene.cloud.home().put('/dir/c.txt', 'in the way');
    expect(await scene.fails('restore_from_trash', { item: '/dir/c.txt' })).toMatch(
      /^exists: .*destination_path/,
    );
    scene.cloud.home().remove('/dir');
    await scene.ok('restore_from_trash', { item: '/dir/c.txt' });
    expect(scene.cloud.home().get('/dir/c.txt')?.toString()).toBe('three\n');
    expect(await scene.fails('restore_from_trash', { item: '/dir/c.txt' })).toMatch(/^not_found: /);
  });

  it('what is written again after it was taken back can be taken back, too, in the same second', async () => {
    const content = (): string | undefined => scene.cloud.home().get('/a.txt')?.toString();
    const write = async (text: string): Promise<string[]> => [
      undoOf(await scene.ok('upload_file', { remote_path: '/a.txt', content: `${text}\n`, overwrite: true })),
    ];
    await takeBack(await write('two'));
    expect(content()).toBe('one\n');
    await write('three');
    await takeBack(await write('four'));
    expect(content()).toBe('three\n');
  });

  it('contents that come with the time of older ones do not take the place of their version', async () => {
    const at = (second: number): string => new Date(second * 1000).toISOString();
    for (const [content, second] of [
      ['two\n', 1_700_000_100],
      ['three\n', 1_700_000_200],
      ['four\n', 1_700_000_100],
      ['five\n', 1_700_000_300],
    ] as const)
      await scene.ok('upload_file', {
        remote_path: '/a.txt',
        content,
        overwrite: true,
        modified: at(second),
      });
    const { data } = await scene.ok('list_versions', { file_path: '/a.txt' });
    const names = (data['versions'] as { version: string }[]).map(({ version }) => version);
    expect(names).toEqual(['1700000200', '1700000101', '1700000100', '1700000000']);
    const old = await scene.ok('read_version', { file_path: '/a.txt', version: '1700000100' });
    expect(old.text).toMatch(/<<<(\w+)\ntwo\n\1>>>/);
  });

  it('lists, reads and restores versions', async () => {
    const edit = (old_text: string, new_text: string): Record<string, unknown> => ({
      file_path: '/a.txt',
      edits: [{ old_text, new_text }],
    });
    await scene.ok('edit_file', edit('one', 'two'));
    await scene.ok('edit_file', edit('two', 'three'));
    const { data } = await scene.ok('list_versions', { file_path: '/a.txt' });
    const versions = (data['versions'] as { version: string }[]).map(({ version }) => version);
    expect(versions.length).toBe(2);
    expect(versions.at(-1)).toBe('1700000000');
    const old = await scene.ok('read_version', { file_path: '/a.txt', version: '1700000000' });
    expect(old.text).toMatch(/<<<(\w+)\none\n\1>>>/);
    await scene.ok('restore_version', { file_path: '/a.txt', version: versions[0] });
    expect(scene.cloud.home().get('/a.txt')?.toString()).toBe('two\n');
    expect(await scene.fails('restore_version', { file_path: '/a.txt', version: '1' })).toMatch(
      /^not_found: /,
    );
  });
});
