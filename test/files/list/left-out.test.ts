import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EmbeddedVersion } from '../../../src/embedded-nextcloud/index.ts';
import { catalogue } from '../../../src/tools/catalogue.ts';
import { oneCallEach } from '../../faults/cases.ts';
import { openScene } from '../scene.ts';
import type { Scene } from '../scene.ts';

const LATIN1 = 'R\uDCE9sum\uDCE9.txt';
const SHOWN = 'R\\xE9sum\\xE9.txt';

const argsOf = new Map(oneCallEach);

let scene: Scene;
const home = (): ReturnType<Scene['cloud']['home']> => scene.cloud.home();

async function open(version: EmbeddedVersion): Promise<void> {
  scene = await openScene({ NEXTCLOUD_TOOLSETS: 'all' }, { version });
  home().put('/docs/plan.txt', 'needle');
  home().put('/ext/a.txt', 'needle');
}

afterEach(async () => scene.close());

describe.each(['unscanned', 'offline'] as const)('a storage that is %s', (state) => {
  beforeEach(async () => {
    await open('34.0.1');
    home().setStorage('/ext', state);
  });

  it.each([1, 3])('is named, and the rest is listed to depth %i', async (depth) => {
    const { text, data } = await scene.ok('list_files', { depth });
    expect(text).toMatch(/docs\//);
    expect(text).toMatch(/Not included: what is in \/ext\./);
    expect(text).not.toMatch(/-1 B/);
    expect(data).toMatchObject({ complete: false });
  });

  it('does not keep the rest of a folder from being downloaded, and counts as a failure', async () => {
    const { localFolder } = scene.bench;
    const { data } = await scene.ok('download_file', { remote_path: '/', local_path: `${localFolder}/all` });
    expect(data).toMatchObject({ files: 1, failures: 1 });
    expect(JSON.stringify(data)).toMatch(/\/ext cannot be opened/);
  });

  it('is named by a search in contents, which is not complete', async () => {
    const { text } = await scene.ok('search_file_contents', { pattern: 'needle' });
    expect(text).toMatch(/not complete/);
    expect(text).toMatch(/Not included: what is in \/ext\./);
    expect(text).toMatch(/plan\.txt/);
  });

  it('is told by the test of the connection', async () => {
    const { text } = await scene.ok('test_connection', {});
    expect(text).not.toMatch(/Everything works/);
    expect(text).toMatch(/\/ext cannot be opened/);
  });
});

describe('what is in an offline storage', () => {
  beforeEach(async () => {
    await open('34.0.1');
    home().setStorage('/ext', 'offline');
  });

  const named = catalogue.flatMap(({ name, paths }) =>
    paths.map((key): [string, string, string] => [name, key, '/ext/sub/a.txt']),
  );

  it.each(named)('is not called missing by %s with %s %s', async (name, key, path) => {
    home().put('/Docs/letter.txt', 'a letter');
    // The first request of a process has no session yet, and is answered in another way.
    await scene.ok('list_files', {});
    await scene.ok('delete_file', { file_path: '/docs/plan.txt' });
    const item = name === 'restore_from_trash' ? { item: '/docs/plan.txt' } : {};
    const { text, isError } = await scene.bench.call(name, { ...argsOf.get(name), ...item, [key]: path });
    if (isError) expect(text).toMatch(/^unavailable: .*(?:\/ext cannot be opened|cannot reach the storage)/);
    else expect(text).toMatch(/Not included: what is in \/ext|Nothing was changed yet/);
  });
});

describe('an offline storage', () => {
  beforeEach(async () => {
    await open('34.0.1');
    home().setStorage('/ext', 'offline');
  });

  it('says why it cannot be listed', async () => {
    expect(await scene.fails('list_files', { folder_path: '/ext' })).toMatch(/^unavailable: .*storage/);
  });

  it.each(['/ext', '/ext/a/b'])(
    'does not hide a new folder %s that was made below it',
    async (folder_path) => {
      expect(await scene.fails('create_folder', { folder_path })).toMatch(/^unavailable: .*storage/);
      expect(home().hides('/ext')).toBe(false);
    },
  );

  it.each([
    ['upload_file', { remote_path: '/ext/new.txt', content: 'x' }],
    ['upload_file', { remote_path: '/ext/deep/new.txt', content: 'x' }],
    ['move_file', { source_path: '/docs/plan.txt', destination_path: '/ext/plan.txt' }],
    ['copy_file', { source_path: '/docs/plan.txt', destination_path: '/ext/plan.txt' }],
  ])('takes nothing from %s, which says why', async (tool, args) => {
    expect(await scene.fails(tool, args)).toMatch(/^unavailable: .*storage/);
    expect(home().hides('/ext')).toBe(false);
    expect(home().get('/docs/plan.txt')?.toString()).toBe('needle');
  });

  it('takes nothing of a tree that is uploaded into it', async () => {
    const tree = join(scene.bench.localFolder, 'tree');
    mkdirSync(join(tree, 'sub'), { recursive: true });
    writeFileSync(join(tree, 'sub', 'a.txt'), 'a');
    const args = { source_path: 'tree', remote_path: '/ext/tree' };
    expect((await scene.bench.call('upload_file', args)).text).toMatch(/unavailable: .*storage/);
    expect(home().hides('/ext')).toBe(false);
  });

  it('is not deleted', async () => {
    expect(await scene.fails('delete_file', { file_path: '/ext' })).toMatch(/^(unavailable|not_found): /);
    home().setStorage('/ext', 'ready');
    expect(home().exists('/ext/a.txt')).toBe(true);
  });

  it('says that its files cannot be reached', async () => {
    expect(await scene.fails('read_file', { file_path: '/ext/a.txt' })).toMatch(/^unavailable: .*storage/);
  });
});

describe('a new storage of a Nextcloud 29', () => {
  beforeEach(async () => {
    await open('29.0.1');
    home().setStorage('/ext', 'unscanned');
  });

  it('has a size that is not known yet', async () => {
    const { text } = await scene.ok('list_files', { sort_by: 'size', order: 'asc' });
    expect(text).toMatch(/ext\/ {2}size not known yet/);
    expect(text.indexOf('ext/')).toBeGreaterThan(text.indexOf('docs/'));
  });

  it('is scanned by a deep listing', async () => {
    const { text, data } = await scene.ok('list_files', { depth: 3 });
    expect(text).toMatch(/ext\/a\.txt/);
    expect(data).toMatchObject({ complete: true });
  });

  it('is scanned by the download of the folder above', async () => {
    const { localFolder } = scene.bench;
    const { data } = await scene.ok('download_file', { remote_path: '/', local_path: `${localFolder}/all` });
    expect(data).toMatchObject({ files: 2, failures: 0 });
  });
});

describe('a name that is not UTF-8', () => {
  beforeEach(async () => {
    await open('34.0.1');
    home().put(`/docs/${LATIN1}`, 'x');
  });

  it('is shown with escapes beside the others, and what can be done', async () => {
    const { text, data } = await scene.ok('list_files', { folder_path: '/docs' });
    expect(text).toMatch(/plan\.txt/);
    expect(text).toContain(SHOWN);
    expect(text).toMatch(/renamed where it is stored/);
    expect(data).toMatchObject({ complete: false });
  });

  it('does not stop a search, which names it', async () => {
    const { text, data } = await scene.ok('search_files', { query: 'txt' });
    expect(text).toMatch(/plan\.txt/);
    expect(text).toContain(SHOWN);
    expect(data).toMatchObject({ complete: false });
  });

  it('does not stop the download of its folder', async () => {
    const { localFolder } = scene.bench;
    const { text } = await scene.ok('download_file', {
      remote_path: '/docs',
      local_path: `${localFolder}/d`,
    });
    expect(text).toMatch(/1 files stored/);
    expect(text).toContain(SHOWN);
  });

  it('goes along when its folder is moved and deleted, and the plan counts it', async () => {
    await scene.ok('move_file', { source_path: '/docs', destination_path: '/papers' });
    expect(home().exists(`/papers/${LATIN1}`)).toBe(true);
    const { text, data } = await scene.ok('delete_file', { file_path: '/papers' });
    expect(text).toMatch(/1 entry whose names cannot be shown/);
    await scene.ok('delete_file', { file_path: '/papers', confirm: data['confirm'] });
    expect(home().exists('/papers')).toBe(false);
  });

  it('is not deleted unseen where something may be out of bounds', async () => {
    await scene.close();
    scene = await openScene({ NEXTCLOUD_DENY: '**/secret*' });
    home().put(`/docs/${LATIN1}`, 'x');
    expect(await scene.fails('delete_file', { file_path: '/docs' })).toMatch(/^forbidden: /);
  });
});
