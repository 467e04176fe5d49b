import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { undoOf } from '../../support/undo.ts';
import { openScene } from '../scene.ts';
import type { Scene } from '../scene.ts';

const bob = { id: 'bob', name: 'Bob Baker' };
let scene: Scene;
const home = (): ReturnType<Scene['cloud']['home']> => scene.cloud.home();

beforeEach(async () => {
  scene = await openScene();
  home().put('/shared/a.txt', 'a');
  home().put('/shared/b.txt', 'b');
  home().setReceived('/shared', bob);
});

afterEach(async () => scene.close());

describe('deleting a share that was received', () => {
  it.each([
    ['a folder', '/shared'],
    ['a file', '/one.txt'],
  ])('%s is a plan that says what becomes of it', async (_what, path) => {
    if (path === '/one.txt') {
      home().put(path, 'x');
      home().setReceived(path, bob);
    }
    const { text, data } = await scene.ok('delete_file', { file_path: path });
    expect(text).toMatch(/Leave the share .*Bob Baker keeps everything/);
    expect(text).toMatch(/It cannot be undone/);
    expect(home().exists(path)).toBe(true);
    const done = await scene.ok('delete_file', { file_path: path, confirm: data['confirm'] });
    expect(done.text).toMatch(/cannot be undone: only Bob Baker can share it again$/);
    expect(done.text).not.toMatch(/restore_from_trash/);
    expect(home().exists(path)).toBe(false);
    expect(home().trash()).toEqual([]);
  });

  it('is told for a list as a whole, where other items go into the trash', async () => {
    home().put('/own.txt', 'x');
    const args = { file_path: ['/shared', '/own.txt'] };
    const { data } = await scene.ok('delete_file', args);
    const done = await scene.ok('delete_file', { ...args, confirm: data['confirm'] });
    expect(done.text).toMatch(/undo u1 \(not all of it: only Bob Baker can share it again\)$/);
  });
});

describe('in a share that was received', () => {
  it('a deleted file can be restored by the undo, though its copy has another id', async () => {
    const change = undoOf(await scene.ok('delete_file', { file_path: '/shared/a.txt' }));
    await scene.ok('undo', { change });
    expect(home().get('/shared/a.txt')?.toString()).toBe('a');
  });

  it('the plan for a folder says that it goes away for everyone', async () => {
    home().put('/shared/sub/c.txt', 'c');
    const { text } = await scene.ok('delete_file', { file_path: '/shared/sub' });
    expect(text).toMatch(/for everyone it is shared with/);
  });

  it('a file that was replaced by a move can be restored by the undo', async () => {
    home().put('/own.txt', 'own');
    const args = { source_path: '/own.txt', destination_path: '/shared/b.txt', overwrite: true };
    const change = undoOf(await scene.ok('move_file', args));
    await scene.ok('undo', { change });
    expect(home().get('/own.txt')?.toString()).toBe('own');
    expect(home().get('/shared/b.txt')?.toString()).toBe('b');
  });
});

it('an own folder that holds a received share says before what cannot be restored', async () => {
  home().put('/own/inner/x.txt', 'x');
  home().setReceived('/own/inner', bob);
  const { text } = await scene.ok('delete_file', { file_path: '/own' });
  expect(text).toMatch(/\/own\/inner, which Bob Baker shares with you/);
  expect(text).toMatch(/does not bring it back/);
});

it('an external storage is not deleted unseen with its settings', async () => {
  home().put('/ext/a.txt', 'a');
  home().setStorage('/ext', 'ready');
  const { text } = await scene.ok('delete_file', { file_path: '/ext' });
  expect(text).toMatch(/Remove the connection to the external storage \/ext/);
  expect(home().exists('/ext')).toBe(true);
});

it('a received share is not replaced by a move or a copy', async () => {
  home().put('/own.txt', 'x');
  for (const tool of ['move_file', 'copy_file']) {
    const args = { source_path: '/own.txt', destination_path: '/shared', overwrite: true };
    expect(await scene.fails(tool, args)).toMatch(/^exists: .*share of another person/);
  }
  expect(home().exists('/shared/a.txt')).toBe(true);
});

it('a share that may only be viewed says so', async () => {
  expect((await scene.ok('get_file_info', { file_path: '/shared/a.txt' })).text).not.toMatch(/view only/);
  home().setReceived('/shared', { ...bob, viewOnly: true });
  const { text } = await scene.ok('get_file_info', { file_path: '/shared/a.txt' });
  expect(text).toMatch(/permissions: .*view only/);
});
