import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Stage } from '../support/stage.ts';
import { undoOf } from '../support/undo.ts';
import { openScene } from '../files/scene.ts';
import type { Scene } from '../files/scene.ts';

describe('tags, comments, links and shares', () => {
  let scene: Scene;

  beforeAll(async () => {
    scene = await openScene(
      {},
      {
        users: [
          { id: 'demo', password: 'demo-app-password' },
          { id: 'bob', password: 'b' },
        ],
      },
    );
    scene.cloud.home().put('/dir/a.txt', 'hello', { tags: ['old'] });
  });

  afterAll(async () => {
    await scene.close();
  });

  const file_path = '/dir/a.txt';

  it('sets tags by name, makes new ones, and takes it back', async () => {
    const answer = await scene.ok('set_tags', { file_path, add: ['New', 'OLD'], remove: ['none'] });
    expect(answer.data['tags']).toEqual(['old', 'New']);
    expect((await scene.ok('list_tags', {})).data['tags']).toEqual(['New', 'old']);
    await scene.ok('undo', { change: undoOf(answer) });
    expect((await scene.ok('get_file_info', { file_path })).data['tags']).toEqual(['old']);
  });

  it('sets and takes away the favorite mark', async () => {
    const answer = await scene.ok('set_favorite', { file_path });
    expect((await scene.ok('get_file_info', { file_path })).data['favorite']).toBe(true);
    await scene.ok('undo', { change: undoOf(answer) });
    expect((await scene.ok('get_file_info', { file_path })).data['favorite']).toBe(false);
  });

  it('writes and reads comments, which are data', async () => {
    const answer = await scene.ok('add_comment', { file_path, message: 'Please check <b>this</b> & that' });
    const { text } = await scene.ok('list_comments', { file_path });
    expect(text).toMatch(/1 of 1 comments\n<<<(\w+)\n.*demo: Please check <b>this<\/b> & that\n\1>>>/);
    expect(await scene.fails('add_comment', { file_path, message: 'x'.repeat(1001) })).toMatch(
      /^invalid_input: /,
    );
    await scene.ok('undo', { change: undoOf(answer) });
    expect((await scene.ok('list_comments', { file_path })).text).toMatch(/0 of 0 comments/);
  });

  it('makes a download link that ends', async () => {
    const { data, text } = await scene.ok('get_download_link', { file_path, hours: 2 });
    expect(text).toMatch(/\ncannot be undone: it ends by itself$/);
    expect(await (await fetch(String(data['url']))).text()).toBe('hello');
    expect(Date.parse(String(data['expires'])) - Date.now()).toBeGreaterThan(7_100_000);
    expect(await scene.fails('get_download_link', { file_path: '/dir' })).toMatch(/^invalid_input: /);
  });

  it('shares for reading unless told otherwise, changes and ends shares', async () => {
    const link = await scene.ok('create_share', {
      file_path: '/dir',
      type: 'link',
      password: 'pw',
      expires: '2099-01-02',
    });
    expect(link.data).toMatchObject({ can: 'read', expires: '2099-01-02', has_password: true });
    expect(String(link.data['url'])).toContain('/s/');
    expect(link.text).not.toContain('pw\n');
    const user = await scene.ok('create_share', { file_path, type: 'user', share_with: 'bob' });
    expect(user.data).toMatchObject({ can: 'read', type: 'user' });
    const { share_id } = user.data;
    const changed = await scene.ok('update_share', { share_id, can: 'edit' });
    expect(changed.data['can']).toBe('edit');
    await scene.ok('undo', { change: undoOf(changed) });
    const { shares } = (await scene.ok('list_shares', { file_path })).data;
    expect(shares).toMatchObject([{ can: 'read' }]);
    expect(((await scene.ok('list_shares', {})).data['shares'] as unknown[]).length).toBe(2);
    await scene.ok('undo', { change: undoOf(link) });
    expect((await scene.ok('list_shares', { file_path: '/dir' })).data['shares']).toEqual([]);
    const ended = await scene.ok('delete_share', { share_id });
    expect(ended.text).toMatch(/\ncannot be undone: it can only be shared anew/);
    expect((await scene.ok('list_shares', { file_path })).data['shares']).toEqual([]);
    expect(await scene.fails('delete_share', { share_id })).toMatch(/^not_found: /);
    expect(await scene.fails('create_share', { file_path, type: 'user', share_with: 'nobody' })).toMatch(
      /valid account/,
    );
    expect(await scene.fails('create_share', { file_path, type: 'user' })).toMatch(
      /^invalid_input: share_with/,
    );
  });
});

describe('toolsets', () => {
  const namesOn = async (env: Record<string, string>, trash = true): Promise<string[]> => {
    const stage = await Stage.open({ env, cloud: { trash } });
    const { tools } = await stage.client.listTools();
    await stage.close();
    return tools.map(({ name }) => name);
  };

  it('are off unless asked for, and listed only where the server has the app', async () => {
    expect(await namesOn({})).not.toContain('list_trash');
    expect(await namesOn({ NEXTCLOUD_TOOLSETS: 'files,trash' })).toContain('list_trash');
    const without = await namesOn({ NEXTCLOUD_TOOLSETS: 'all' }, false);
    expect(without).not.toContain('list_trash');
    expect(without).toContain('list_versions');
    expect(await namesOn({ NEXTCLOUD_TOOLSETS: 'all', NEXTCLOUD_READ_ONLY: 'true' })).not.toContain(
      'restore_version',
    );
  });
});
