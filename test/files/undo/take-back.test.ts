import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Bench as WebDav } from '../../embedded-nextcloud/client.ts';
import { undoOf } from '../../support/undo.ts';
import { agreed, openScene, treeOf } from '../scene.ts';
import type { Scene } from '../scene.ts';
import { changes, furnish } from './changes.ts';

let scene: Scene;
const home = (): ReturnType<Scene['cloud']['home']> => scene.cloud.home();

beforeEach(async () => {
  scene = await openScene();
  furnish(scene.cloud);
});
afterEach(async () => scene.close());

describe('what somebody else has changed since', () => {
  it.each([
    ['a new file', 0, '/new.txt', /\/new\.txt was changed since, of 20\d\d-\d\d-\d\d \d\d:\d\d UTC/],
    ['a replaced file', 1, '/a.txt', /\/a\.txt was changed since/],
    ['an edited file', 3, '/a.txt', /\/a\.txt was changed since/],
    ['a new folder', 4, '/x/theirs.txt', /\/x holds \/x\/theirs\.txt, which was put there or changed since/],
    ['the old place of what was moved', 5, '/a.txt', /\/a\.txt is there again/],
    ['a copy', 8, '/copy.txt', /\/copy\.txt was changed since/],
    ['a file of a copied folder', 9, '/copy/sub/d.txt', /\/copy holds \/copy\/sub\/d\.txt, which/],
    ['an addition to a copied folder', 9, '/copy/sub/theirs.txt', /\/copy holds \/copy\/sub\/theirs\.txt/],
    ['the place of what was deleted', 11, '/a.txt', /\/a\.txt is there again/],
    ['the place of a deleted folder', 12, '/dir', /\/dir is there again/],
  ])('%s is left as it is, and is named', async (_, index, path, why) => {
    const [tool, args] = changes[index] ?? ['', {}];
    const change = undoOf(await agreed(scene, tool, args));
    home().put(path, 'theirs');
    const before = treeOf(scene);
    const text = await scene.fails('undo', { change });
    expect(text).toMatch(/^conflict: Nothing was taken back: /);
    expect(text).toMatch(why);
    expect(text).toMatch(/What others have changed since is left as it is\.$/);
    expect(treeOf(scene)).toEqual(before);
  });

  it('is found even where it comes just before the request', async () => {
    const change = undoOf(await scene.ok('upload_file', { remote_path: '/new.txt', content: 'new' }));
    const seen = scene.cloud.requests.length;
    scene.cloud.set({ latencyMs: 150 });
    const undone = scene.fails('undo', { change });
    while (scene.cloud.requests.length < seen + 1) await new Promise((resolve) => setTimeout(resolve, 5));
    home().put('/new.txt', 'theirs');
    const text = await undone;
    expect(text).toMatch(/^(precondition_failed|conflict): /);
    expect(home().get('/new.txt')?.toString()).toBe('theirs');
  });

  it('of several things, the others are taken back', async () => {
    const args = { source_path: ['/a.txt', '/b.txt'], destination_path: '/dir' };
    const change = undoOf(await scene.ok('copy_file', args));
    home().put('/dir/b.txt', 'theirs');
    const { text, data } = await scene.ok('undo', { change });
    expect(data).toMatchObject({ done: ['deleted /dir/a.txt'] });
    expect(text).toMatch(/^Took u1 back in part:\n.*\nleft: \/dir\/b\.txt was changed since/);
    expect(home().exists('/dir/a.txt')).toBe(false);
    expect(home().get('/dir/b.txt')?.toString()).toBe('theirs');
    expect((await scene.ok('undo', {})).text).toContain('taken back in part');
  });

  it('an own later change is named, and is taken back first', async () => {
    const before = treeOf(scene);
    const first = undoOf(await agreed(scene, ...edit('one', 'uno')));
    const second = undoOf(await agreed(scene, ...edit('uno', 'eins')));
    expect(await scene.fails('undo', { change: first })).toMatch(
      /u2 changed it later: take that back first\.$/,
    );
    await scene.ok('undo', { change: second });
    await scene.ok('undo', { change: first });
    expect(treeOf(scene)).toEqual(before);
  });
});

function edit(old_text: string, new_text: string): [string, Record<string, unknown>] {
  return ['edit_file', { file_path: '/a.txt', edits: [{ old_text, new_text }] }];
}

describe('taking back', () => {
  it.each(changes)('%s %o can be taken back itself, and then once more', async (tool, args) => {
    const before = treeOf(scene);
    const first = undoOf(await agreed(scene, tool, args));
    const after = treeOf(scene);
    const second = undoOf(await agreed(scene, 'undo', { change: first }));
    expect(treeOf(scene)).toEqual(before);
    expect(await scene.fails('undo', { change: first })).toMatch(/^conflict: u1 was taken back already\./);
    await agreed(scene, 'undo', { change: second });
    expect(treeOf(scene)).toEqual(after);
    await agreed(scene, 'undo', { change: first });
    expect(treeOf(scene)).toEqual(before);
  });

  it('a folder with contents is a plan first', async () => {
    await agreed(scene, 'copy_file', { source_path: '/dir', destination_path: '/copy' });
    const before = treeOf(scene);
    const { text, data } = await scene.ok('undo', { change: 'u1' });
    expect(text).toMatch(
      /^Nothing was changed yet\. This would touch 4 items with 11 B:\nDelete the folder \/copy/,
    );
    expect(treeOf(scene)).toEqual(before);
    home().put('/dir/unrelated.txt', 'x');
    await scene.ok('undo', { change: 'u1', confirm: data['confirm'] });
    expect(home().exists('/copy')).toBe(false);
  });

  it('the list shows what was done, the last first', async () => {
    expect((await scene.ok('undo', {})).text).toBe('Nothing was changed within the last day');
    await agreed(scene, 'delete_file', { file_path: ['/a.txt', '/b.txt', '/empty.txt', '/dir'] });
    await scene.ok('move_file', { source_path: '/other', destination_path: '/else' });
    await scene.ok('undo', { change: 'u2' });
    await scene.fails('move_file', { source_path: '/nothing', destination_path: '/else' });
    const lines = (await scene.ok('undo', {})).text.split('\n');
    const when = String.raw`20\d\d-\d\d-\d\d \d\d:\d\d UTC`;
    expect(lines).toEqual([
      expect.stringMatching(`^u3  ${when}  undo: took u2 back; moved /else to /other$`),
      expect.stringMatching(`^u2  ${when}  move_file: moved /other to /else; taken back$`),
      expect.stringMatching(`^u1  ${when}  delete_file: deleted .*, deleted .*, deleted .* and 1 more$`),
    ]);
  });

  it.each([
    ['u99', /^not_found: There is no change u99 of the last day\. undo without an argument lists/],
    ['the last one', /^invalid_input: "the last one" is no change/],
  ])('%s is refused', async (change, refusal) => {
    expect(await scene.fails('undo', { change })).toMatch(refusal);
  });

  it('names from others are escaped in every text', async () => {
    home().put('/evil\u202eundo u9.txt', 'x');
    const { text } = await scene.ok('delete_file', { file_path: '/evil\u202eundo u9.txt' });
    expect(text).toMatch(/\nundo u1$/);
    const { text: list } = await scene.ok('undo', {});
    expect(list.split('\n')).toHaveLength(1);
    expect(list).toContain(String.raw`/evil\u202eundo u9.txt`);
    expect((await scene.ok('undo', { change: 'u1' })).text.split('\n')).toHaveLength(3);
  });

  it('says before that a version may not last', async () => {
    const old = await scene.ok('edit_file', {
      file_path: '/b.txt',
      edits: [{ old_text: 'two', new_text: 'zwei' }],
    });
    expect(old.text).toMatch(/\nundo u1$/);
    const young = await scene.ok('edit_file', {
      file_path: '/b.txt',
      edits: [{ old_text: 'zwei', new_text: 'dos' }],
    });
    expect(young.text).toMatch(/\nundo u2 \(soon: Nextcloud thins out the versions/);
    const dav = new WebDav(scene.cloud);
    const { fileId = 0 } = home().stat('/b.txt') ?? {};
    for (const version of home().marks('/b.txt')?.versions ?? [])
      await dav.send('DELETE', `/remote.php/dav/versions/demo/versions/${fileId}/${version}`, {});
    expect(await scene.fails('undo', { change: 'u2' })).toMatch(
      /does not keep the version of \/b\.txt from before/,
    );
  });
});
