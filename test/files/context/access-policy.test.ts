import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccessPolicy } from '../../../src/files/context/access-policy.ts';
import { parsePath } from '../../../src/path.ts';
import { catalogue } from '../../../src/tools/catalogue.ts';
import type { Tool } from '../../../src/tools/define.ts';
import { oneCallEach } from '../../faults/cases.ts';
import { agreed, openScene, treeOf } from '../scene.ts';
import type { Scene } from '../scene.ts';

const SECRET = 'the-secret-content';

const tools: readonly Tool[] = catalogue;
const callOf = new Map(oneCallEach);

/** These read what the path leads to, though the tool as a whole makes something new. */
const onlyRead = ['copy_file source_path', 'download_file remote_path'];

/** Each parameter of each tool that takes a path, and a call with another value of it. The rest of the call is allowed. */
const onPath = tools.flatMap(({ name, paths, effect }) =>
  paths
    // Where an item of the trash was is known only by asking the server: test/tools/denied.test.ts.
    .filter((key) => `${name} ${key}` !== 'restore_from_trash destination_path')
    .map((key) => ({
      name,
      key,
      changes: effect !== 'read' && !onlyRead.includes(`${name} ${key}`),
      args: (path: string): Record<string, unknown> => ({
        ...callOf.get(name),
        ...Object.fromEntries(
          paths.map((one) => [one, one === 'destination_path' ? '/Work/got' : '/Work/free.txt']),
        ),
        [key]: path,
      }),
    })),
);

describe('what is out of bounds is as if it did not exist', { timeout: 60_000 }, () => {
  let scene: Scene;
  let before: Map<string, string>;

  beforeAll(async () => {
    scene = await openScene({ NEXTCLOUD_ROOTS: '/Work,/Archive:ro', NEXTCLOUD_DENY: '**/secret*,*.key' });
    const home = scene.cloud.home();
    for (const path of [
      '/Private/x.txt',
      '/Work/secret/deep/x.txt',
      '/Work/p/secret.txt',
      '/Work/p/id.key',
      '/top.txt',
    ])
      home.put(path, SECRET, { tags: ['hidden'], favorite: true });
    home.put('/Work/p/ok.txt', 'fine');
    home.put('/Work/free.txt', 'free');
    home.put('/Archive/old.txt', 'old');
    before = treeOf(scene);
  });

  afterAll(async () => {
    await scene.close();
  });

  const hidden = [
    '/Private',
    '/Private/x.txt',
    '/Work/secret',
    '/Work/secret/deep/x.txt',
    '/Work/p/secret.txt',
    '/Work/p/id.key',
    '/top.txt',
    '/Work/p/ID.KEY',
  ];

  it.each(onPath)('$key of $name', async ({ name, args }) => {
    for (const path of hidden) {
      const seen = scene.cloud.requests.length;
      const answer = await scene.fails(name, args(path));
      expect(`${path} ${answer}`).toMatch(/ not_found: .*does not exist/);
      // The server is not even asked.
      expect(scene.cloud.requests.length).toBe(seen);
    }
    expect(treeOf(scene)).toEqual(before);
  });

  it.each(['move_file', 'copy_file'])(
    '%s does not take hidden things along with their folder',
    async (tool) => {
      const text = await scene.fails(tool, { source_path: '/Work/p', destination_path: '/Work/q' });
      expect(text).toMatch(/^forbidden: /);
      expect(text).not.toMatch(/secret|id\.key/);
      expect(treeOf(scene)).toEqual(before);
    },
  );

  it('nor does a deletion, a share or a replaced folder', async () => {
    expect(await scene.fails('delete_file', { file_path: '/Work/p' })).toMatch(/^forbidden: /);
    expect(await scene.fails('create_share', { file_path: '/Work/p', type: 'link' })).toMatch(/^forbidden: /);
    scene.cloud.home().mkdir('/Work/e');
    expect(
      await scene.fails('move_file', {
        source_path: '/Work/e',
        destination_path: '/Work/p',
        overwrite: true,
      }),
    ).toMatch(/^forbidden: /);
    scene.cloud.home().remove('/Work/e');
    expect(treeOf(scene)).toEqual(before);
  });

  it('does not take a folder to where what is in it would be hidden', async () => {
    const other = await openScene({ NEXTCLOUD_DENY: '/Vault/inner' });
    other.cloud.home().put('/free/inner/x.txt', 'x');
    const tree = treeOf(other);
    for (const tool of ['move_file', 'copy_file'])
      expect(await other.fails(tool, { source_path: '/free', destination_path: '/Vault' })).toMatch(
        /^forbidden: .*would be out of bounds in \/Vault/,
      );
    expect(treeOf(other)).toEqual(tree);
    await agreed(other, 'delete_file', { file_path: '/free' });
    expect(await other.fails('restore_from_trash', { item: '/free', destination_path: '/Vault' })).toMatch(
      /^forbidden: /,
    );
    await other.ok('restore_from_trash', { item: '/free', destination_path: '/Other' });
    expect(other.cloud.home().exists('/Other/inner/x.txt')).toBe(true);
    await other.close();
  });

  it('tells nothing of it by sizes of folders and conditions on them', async () => {
    const listed = await scene.ok('list_files', { folder_path: '/', depth: 5, sort_by: 'size' });
    const rows = listed.data['entries'] as { type: string; size?: number }[];
    expect(rows.some(({ type }) => type === 'directory')).toBe(true);
    expect(rows.filter(({ type, size }) => type === 'directory' && size !== undefined)).toEqual([]);
    for (const condition of [{ min_size: 10 }, { max_size: 1e6 }, { sort_by: 'size' }]) {
      const { data } = await scene.ok('search_files', { type: 'directory', ...condition });
      expect(data['entries'], JSON.stringify(condition)).toEqual([]);
    }
  });

  it('tells nothing of it by cursors, whose length does not depend on how many hidden hits there are', async () => {
    const cursor = async (): Promise<string> => {
      // The first of the server's hits by name are hidden ones.
      const { data } = await other.ok('search_files', { query: '*', sort_by: 'name', limit: 1 });
      expect(data['entries']).toMatchObject([{ path: '/b.txt' }]);
      return String(data['next_cursor']);
    };
    const other = await openScene({ NEXTCLOUD_DENY: 'a*', NEXTCLOUD_CACHE_SEARCH_SECONDS: '0' });
    const home = other.cloud.home();
    for (const name of ['a', 'b', 'c', 'd']) home.put(`/${name}.txt`, SECRET);
    const cursors = [await cursor()];
    for (const count of [2, 300]) {
      for (let i = 0; i < count; i++) home.put(`/a${count} ${i}.txt`, SECRET);
      cursors.push(await cursor());
    }
    const [first = ''] = cursors;
    expect(first.length).toBeLessThanOrEqual(120);
    expect(cursors.map(({ length }) => length)).toEqual(cursors.map(() => first.length));
    for (const one of cursors) {
      expect(one).toMatch(/^[\w-]+$/);
      for (const encoding of ['utf8', 'latin1'] as const)
        expect(Buffer.from(one, 'base64url').toString(encoding)).not.toMatch(/txt|offset/);
      const next = await other.ok('search_files', { query: '*', sort_by: 'name', limit: 1, cursor: one });
      expect(next.data['entries']).toHaveLength(1);
    }
    await other.close();
  });

  it('leaves what is read-only as it is', async () => {
    for (const { name, key, args } of onPath.filter(({ changes }) => changes))
      expect(await scene.fails(name, args('/Archive/old.txt')), `${key} of ${name}`).toMatch(/^forbidden: /);
    expect(treeOf(scene)).toEqual(before);
    expect((await scene.ok('read_file', { file_path: '/Archive/old.txt' })).text).toContain('old');
  });

  it('shows nothing of it in listings, searches, counts, links and resources', async () => {
    const answers = [
      await scene.ok('list_files', { folder_path: '/', depth: 5 }),
      await scene.ok('list_files', { folder_path: '/Work/p' }),
      await scene.ok('search_files', { query: '' }),
      await scene.ok('search_files', { query: 'x.txt' }),
      await scene.ok('search_files', { query: '', tag: 'hidden' }),
      await scene.ok('search_files', { query: '', favorite: true }),
      await scene.ok('search_file_contents', { pattern: 'secret' }),
      await scene.ok('get_file_info', { file_path: '/Work/p' }),
      await scene.ok('get_file_info', { file_path: '/' }),
    ];
    for (const { text, data } of answers)
      expect(text.replace('pattern: secret', '') + JSON.stringify(data)).not.toMatch(
        /Private|top\.txt|id\.key|p\/secret|secret\/deep|the-secret/,
      );
    expect(answers[1]?.data['total']).toBe(1);
    expect(answers[4]?.data['total']).toBe(0);
    for (const info of answers.slice(-2)) {
      expect(info.data).not.toHaveProperty('size');
      expect(info.data).not.toHaveProperty('files');
    }
    const id = scene.cloud.home().stat('/Private/x.txt')?.fileId;
    expect(await scene.fails('read_file', { file_path: `${scene.cloud.url}/f/${id}` })).not.toContain(
      'Private',
    );
  });

  it('shows and restores nothing of it from the trash, nor by shares', async () => {
    const free = await openScene();
    await free.close();
    const home = scene.cloud.home();
    home.put('/Work/gone/secret.txt', SECRET);
    home.put('/Work/gone/plain.txt', 'plain');
    home.put('/Private/gone.txt', SECRET);
    for (const path of ['/Work/gone', '/Private/gone.txt', '/Work/p/id.key'])
      await fetch(`${scene.cloud.url}/remote.php/dav/files/demo${path}`, {
        method: 'DELETE',
        headers: { authorization: `Basic ${btoa('demo:demo-app-password')}` },
      });
    const { data, text } = await scene.ok('list_trash', {});
    expect(data['total']).toBe(1);
    expect(text).not.toMatch(/id\.key|Private/);
    expect(await scene.fails('restore_from_trash', { item: '/Work/gone' })).toMatch(/^forbidden: /);
    expect(await scene.fails('restore_from_trash', { item: '/Private/gone.txt' })).toMatch(/^not_found: /);
    expect(await scene.fails('restore_from_trash', { item: '/Work/p/id.key' })).toMatch(/^not_found: /);
    expect(
      await scene.fails('restore_from_trash', { item: '/Work/gone', destination_path: '/Private/gone' }),
    ).toMatch(/^not_found: /);
    expect((await scene.ok('list_shares', {})).data['shares']).toEqual([]);
  });
});

describe('denied globs fail closed', () => {
  it.each([
    ['secret/', '/a/secret/x'],
    ['./secret', '/secret'],
    ['/Private/', '/Private'],
    ['Private/**', '/a/Private/b'],
    ['**/.ssh', '/.ssh/id'],
    ['*.key', '/a/B.KEY'],
    ['cafe\u0301', '/caf\u00e9'],
    ['!x', '/!x'],
    ['a[1].txt', '/a[1].txt'],
    ['(old)', '/(old)'],
  ])('%s denies %s', (glob, path) => {
    const fence = new AccessPolicy([{ path: parsePath('/'), readOnly: false }], [glob]);
    expect(fence.isAllowed(parsePath(path))).toBe(false);
    expect(fence.isAllowed(parsePath('/fine.txt'))).toBe(true);
  });
});
