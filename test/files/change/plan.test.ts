import { Client, InMemoryTransport } from '@modelcontextprotocol/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApp } from '../../../src/app/app.ts';
import { load } from '../../../src/config/config.ts';
import { createLog } from '../../../src/log.ts';
import { createServer } from '../../../src/mcp/server.ts';
import { openScene } from '../scene.ts';
import type { Scene } from '../scene.ts';

describe('plan, then apply', () => {
  let scene: Scene;

  beforeEach(async () => {
    scene = await openScene();
    scene.cloud.home().put('/dir/a.txt', 'aaaa');
    scene.cloud.home().put('/dir/sub/b.txt', 'bb', { mtime: 1_700_000_000 });
  });

  afterEach(async () => {
    await scene.close();
  });

  it('deletes a folder with contents only with the token of its plan', async () => {
    const { data, text } = await scene.ok('delete_file', { file_path: '/dir' });
    expect(scene.cloud.home().exists('/dir/a.txt')).toBe(true);
    expect(text).toContain('Delete the folder /dir: 2 files and 1 folder, 6 B, newest change');
    expect(text).toContain('Nothing was changed yet');
    expect(data).toMatchObject({ changed: false, plan: { items: 3, bytes: 6, final: false } });
    const done = await scene.ok('delete_file', { file_path: '/dir', confirm: data['confirm'] });
    expect(done.data).toMatchObject({ deleted: true });
    expect(scene.cloud.home().exists('/dir')).toBe(false);
  });

  it('does not take the token when something changed, for another path, or made up', async () => {
    scene.cloud.home().put('/other/x', 'x');
    const { data } = await scene.ok('delete_file', { file_path: '/dir' });
    const { confirm } = data;
    for (const args of [
      { file_path: '/other', confirm },
      { file_path: '/dir', confirm: String(confirm).replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')) },
      { file_path: ['/dir', '/other'], confirm },
    ])
      expect((await scene.ok('delete_file', args)).data['changed']).toBe(false);
    scene.cloud.home().put('/dir/sub/b.txt', 'changed');
    expect((await scene.ok('delete_file', { file_path: '/dir', confirm })).data['changed']).toBe(false);
    expect(scene.cloud.home().exists('/dir/a.txt')).toBe(true);
  });

  it('deletes files and empty folders at once', async () => {
    scene.cloud.home().mkdir('/empty');
    expect((await scene.ok('delete_file', { file_path: '/empty' })).data['deleted']).toBe(true);
    expect((await scene.ok('delete_file', { file_path: '/dir/a.txt' })).data['deleted']).toBe(true);
  });

  it('replaces a folder only with the token', async () => {
    scene.cloud.home().put('/new/n.txt', 'n');
    const args = { source_path: '/new', destination_path: '/dir', overwrite: true };
    const { data, text } = await scene.ok('move_file', args);
    expect(text).toContain('Replace the folder /dir, which goes away with 2 files and 1 folder');
    expect(scene.cloud.home().exists('/dir/a.txt')).toBe(true);
    await scene.ok('move_file', { ...args, confirm: data['confirm'] });
    expect(scene.cloud.home().list('/dir')).toEqual(['n.txt']);
    expect(scene.cloud.home().trash().length).toBe(1);
  });

  it('moves more than a hundred things only with the token, and copies them without', async () => {
    for (let i = 0; i < 101; i++) scene.cloud.home().put(`/many/${i}.txt`, '');
    const args = { source_path: '/many', destination_path: '/moved' };
    await scene.ok('copy_file', { ...args, destination_path: '/copied' });
    const { data } = await scene.ok('move_file', args);
    expect(data).toMatchObject({ changed: false, plan: { items: 101 } });
    await scene.ok('move_file', { ...args, confirm: data['confirm'] });
    expect(scene.cloud.home().list('/moved').length).toBe(101);
  });

  it('says that it is final where there is no trash', async () => {
    const other = await openScene({}, { trash: false });
    other.cloud.home().put('/a.txt', 'a');
    const { data, text } = await other.ok('delete_file', { file_path: '/a.txt' });
    expect(text).toMatch(/FINAL: there is no trash[^]*It cannot be undone/);
    expect(other.cloud.home().exists('/a.txt')).toBe(true);
    const done = await other.ok('delete_file', { file_path: '/a.txt', confirm: data['confirm'] });
    expect(done.text).toContain('cannot be undone');
    expect(other.cloud.home().exists('/a.txt')).toBe(false);
    expect(other.cloud.home().trash()).toEqual([]);
    await other.close();
  });

  it('asks the person where the client can', async () => {
    const config = load(
      {},
      {
        NEXTCLOUD_URL: scene.cloud.url,
        NEXTCLOUD_USERNAME: 'demo',
        NEXTCLOUD_PASSWORD: 'demo-app-password',
      },
    );
    const app = createApp(config, createLog('silent'), { local: true });
    const client = new Client(
      { name: 'asking', version: '1' },
      { capabilities: { elicitation: { form: {} } } },
    );
    const asked: string[] = [];
    let agree = false;
    client.setRequestHandler('elicitation/create', (request) => {
      asked.push(request.params.message);
      return Promise.resolve({ action: 'accept', content: { agree } });
    });
    const [near, far] = InMemoryTransport.createLinkedPair();
    await createServer(app.session, app.tools).connect(far);
    await client.connect(near);
    const call = async () => client.callTool({ name: 'delete_file', arguments: { file_path: '/dir' } });
    expect(JSON.stringify(await call())).toContain('said no');
    expect(scene.cloud.home().exists('/dir')).toBe(true);
    agree = true;
    expect((await call()).isError).not.toBe(true);
    expect(asked[0]).toContain('Delete the folder /dir: 2 files');
    expect(scene.cloud.home().exists('/dir')).toBe(false);
    await client.close();
    await app.close();
  });
});

describe('lists of paths', () => {
  it('answers for each by itself', async () => {
    const scene = await openScene();
    for (const name of ['a', 'b', 'c']) scene.cloud.home().put(`/${name}.txt`, name);
    scene.cloud.home().mkdir('/to');
    const info = await scene.ok('get_file_info', { file_path: ['/a.txt', '/none', '/c.txt'] });
    const items = info.data['items'] as { path: string; error?: string; size?: number }[];
    expect(items.map(({ error }) => error?.slice(0, 10))).toEqual([undefined, 'not_found:', undefined]);
    const moved = await scene.ok('move_file', {
      source_path: ['/a.txt', '/none', '/b.txt'],
      destination_path: '/to',
    });
    expect(moved.data['failed']).toBe(1);
    expect(scene.cloud.home().list('/to').toSorted()).toEqual(['a.txt', 'b.txt']);
    await scene.ok('copy_file', { source_path: '["/to/a.txt"]', destination_path: '/' });
    expect(scene.cloud.home().get('/a.txt')?.toString()).toBe('a');
    await scene.ok('delete_file', { file_path: ['/a.txt', '/c.txt'] });
    expect(scene.cloud.home().list('/')).toEqual(['to']);
    expect(scene.cloud.home().trash().length).toBe(2);
    await scene.close();
  });

  it('refuses lists that clash before anything is done', async () => {
    const scene = await openScene();
    scene.cloud.home().put('/x/a.txt', '1');
    scene.cloud.home().put('/y/a.txt', '2');
    expect(
      await scene.fails('move_file', { source_path: ['/x/a.txt', '/y/a.txt'], destination_path: '/x' }),
    ).toMatch(/^invalid_input: /);
    expect(await scene.fails('delete_file', { file_path: ['/x', '/x/a.txt'] })).toMatch(/^invalid_input: /);
    const many = Array.from({ length: 101 }, (_, i) => `/${i}`);
    expect(await scene.fails('delete_file', { file_path: many })).toMatch(/^invalid_input: /);
    expect([...scene.cloud.home().walk()].length).toBe(4);
    await scene.close();
  });

  it('loses none of several files of one name that are deleted at once', { timeout: 30_000 }, async () => {
    const scene = await openScene();
    const paths = ['/a/n.txt', '/b/n.txt', '/c/n.txt'];
    for (const path of paths) scene.cloud.home().put(path, path);
    await scene.ok('delete_file', { file_path: paths });
    expect(scene.cloud.home().trash().length).toBe(3);
    await scene.close();
  });
});
