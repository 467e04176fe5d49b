import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transferStatus } from '../../src/files/transfer/transfer-status.ts';
import { catalogue } from '../../src/tools/catalogue.ts';
import type { Tool } from '../../src/tools/define.ts';
import { Bench as WebDav } from '../embedded-nextcloud/client.ts';
import { oneCallEach } from '../faults/cases.ts';
import { gone } from '../faults/scene.ts';
import { openScene, openSceneOn, treeOf } from '../files/scene.ts';
import type { Scene } from '../files/scene.ts';
import { openWorkspace } from '../support/workspace.ts';

const tools: readonly Tool[] = catalogue;
const callOf = new Map(oneCallEach);
const HIDDEN_FILE = '/Private/x.txt';
const HIDDEN_INSIDE = '/Work/secret.txt';
const DENY = { NEXTCLOUD_DENY: '/Private,**/secret*' };

/** Parameters that name something in the Nextcloud without its path. */
const ids = ['change', 'item', 'share_id', 'version', 'transfer_id'];
/** Parameters that name nothing in the Nextcloud. */
const plain =
  `add as at can cancel case_sensitive confirm content content_base64 context_lines cursor depth dry_run edits expires
  favorite file_glob hours if_match length limit local_path match max_size message mime_type min_size modified
  modified_after modified_before newest_first note offset order overwrite owner password pattern query regex remove share_with sheet
  sort_by source_path tag type wait_seconds`.split(/\s+/);

interface TestShare {
  readonly id: string;
  readonly url: string;
}

let scene: Scene;
let dav: WebDav;
let before: Map<string, string>;

beforeAll(async () => {
  scene = await openScene(DENY);
  dav = new WebDav(scene.cloud);
  const home = scene.cloud.home();
  home.put(gone, 'gone');
  home.put('/Work/secret folder/gone.txt', 'gone');
  await dav.dav('DELETE', gone);
  await dav.dav('DELETE', '/Work/secret%20folder');
  home.put('/Docs/letter.txt', 'a');
  await dav.dav('DELETE', '/Docs/letter.txt');
  home.put('/Docs/letter.txt', 'a');
  home.put(HIDDEN_FILE, 'hidden');
  home.put(HIDDEN_INSIDE, 'hidden');
  home.put('/Work/ok.txt', 'fine');
  home.put('/Free/ok.txt', 'fine');
  before = treeOf(scene);
});

afterAll(async () => {
  await scene.close();
});

/** A public link, made by the person. */
async function share(path: string): Promise<TestShare> {
  const form = new URLSearchParams({ path, shareType: '3' }).toString();
  const headers = {
    'OCS-APIRequest': 'true',
    Accept: 'application/json',
    'Content-Type': 'application/x-www-form-urlencoded',
  };
  const address = '/ocs/v2.php/apps/files_sharing/api/v1/shares';
  const { text } = await dav.send('POST', address, headers, form);
  return (JSON.parse(text) as { ocs: { data: TestShare } }).ocs.data;
}

it('knows of every parameter whether it can lead to a file', () => {
  const unknown = tools.flatMap(({ name, input, paths }) =>
    Object.keys(input)
      .filter((key) => !paths.includes(key) && !ids.includes(key) && !plain.includes(key))
      .map((key) => `${name}: ${key}`),
  );
  expect(unknown).toEqual([]);
});

const onPaths = tools.flatMap(({ name, paths }) => paths.map((key) => ({ name, key })));

describe('a hidden path is as if it did not exist', () => {
  it.each(onPaths)('$key of $name', async ({ name, key }) => {
    for (const path of [HIDDEN_FILE, '/Private', HIDDEN_INSIDE, `${HIDDEN_INSIDE}/below`]) {
      const seen = scene.cloud.requests.length;
      const text = await scene.fails(name, { ...callOf.get(name), [key]: path });
      expect(text).toMatch(/^not_found: \S+ does not exist\./);
      // Of a trash item it is known only then where it was.
      if (key !== 'destination_path' || name !== 'restore_from_trash')
        expect(scene.cloud.requests.length).toBe(seen);
    }
    expect(treeOf(scene)).toEqual(before);
  });
});

describe('the id of something hidden is as if it did not exist', () => {
  it.each(['update_share', 'delete_share'] as const)('share_id of %s', async (name) => {
    const call = async (share_id: string): Promise<string> =>
      (await scene.fails(name, { ...callOf.get(name), share_id })).replaceAll(share_id, '#');
    const madeUp = await call('99999');
    expect(madeUp).toMatch(/^not_found: There is no share #\./);
    for (const path of [HIDDEN_FILE, '/Private', HIDDEN_INSIDE])
      expect(await call((await share(path)).id)).toBe(madeUp);
  });

  it('item of restore_from_trash', async () => {
    const { text } = await dav.send('PROPFIND', '/remote.php/dav/trashbin/demo/trash', { Depth: '1' });
    const name = /secret%20folder\.d\d+/.exec(text)?.[0] ?? '';
    expect(name).not.toBe('');
    const call = async (item: string): Promise<string> =>
      (await scene.fails('restore_from_trash', { item })).replaceAll(item, '#');
    const madeUp = await call('/never-there.txt');
    expect(madeUp).toMatch(/^not_found: # is not in the trash\./);
    for (const item of [decodeURIComponent(name), '/Work/secret folder', 'Work/secret folder'])
      expect(await call(item)).toBe(madeUp);
    expect((await scene.ok('list_trash', {})).text).not.toContain('secret');
  });

  it('the list of transfers leaves out one of a process that could see the file', async () => {
    const stateFolder = mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-state-'));
    const { workspace, close } = openWorkspace(scene.cloud.url, {
      ...DENY,
      NEXTCLOUD_STATE_FOLDER: stateFolder,
    });
    const account = workspace.account.name;
    const rest = { size: 1, version: '1', place: 'p', share: 1, done: [], modified: 0, began: Date.now() };
    for (const remote_path of [HIDDEN_FILE, '/Free/big.bin'])
      await workspace.journal.write({ kind: 'upload', account, remote_path, local_path: '/b', ...rest });
    const found = await transferStatus(workspace, { id: undefined, waitMs: 0, cancel: false }, {});
    expect(found.map(({ remote_path }) => remote_path)).toEqual(['/Free/big.bin']);
    await close();
    rmSync(stateFolder, { recursive: true });
  });
});

describe('a change that was made when more was allowed', () => {
  const folders = { NEXTCLOUD_STATE_FOLDER: mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-state-')) };
  afterAll(() => rmSync(folders.NEXTCLOUD_STATE_FOLDER, { recursive: true }));

  it.each([
    [
      'a hidden path',
      { NEXTCLOUD_DENY: '/Free/mine*' },
      /^not_found: There is no change u\d+ of the last day\./,
    ],
    ['a path outside of the roots', { NEXTCLOUD_ROOTS: '/Work' }, /^not_found: There is no change u\d+/],
    ['a read-only folder', { NEXTCLOUD_ROOTS: '/,/Free:ro' }, /^forbidden: \/Free is set to read-only/],
    [
      'something hidden in a folder',
      { NEXTCLOUD_DENY: '**/inner*' },
      /^forbidden: \/Free\/mine holds something/,
    ],
  ])('is not taken back: %s', async (_, env, refusal) => {
    const free = await openSceneOn(scene, folders);
    await free.ok('create_folder', { folder_path: '/Free/mine' });
    const { data } = await free.ok('copy_file', {
      source_path: '/Free/ok.txt',
      destination_path: '/Free/mine/inner.txt',
    });
    const made = treeOf(scene);
    await free.close();
    const tight = await openSceneOn(scene, { ...folders, ...env });
    const seen = scene.cloud.requests.length;
    const change = Number(String(data['undo']).slice(1)) - (String(refusal).includes('holds') ? 1 : 0);
    expect(await tight.fails('undo', { change: `u${change}` })).toMatch(refusal);
    expect(
      scene.cloud.requests.slice(seen).every(({ method }) => method === 'PROPFIND' || method === 'GET'),
    ).toBe(true);
    const { text } = await tight.ok('undo', {});
    if ('NEXTCLOUD_DENY' in env) expect(text).not.toContain('inner.txt');
    expect(treeOf(scene)).toEqual(made);
    await tight.close();
    scene.cloud.home().remove('/Free/mine');
    expect(treeOf(scene)).toEqual(before);
  });

  it('is not taken back where nothing may be changed', async () => {
    const readOnly = await openSceneOn(scene, { ...folders, NEXTCLOUD_READ_ONLY: 'true' });
    await expect(readOnly.bench.call('undo', {})).rejects.toThrow(/undo/);
    await readOnly.close();
  });
});

describe('a share of a folder with something hidden in it', () => {
  it('is not created, shown, widened or ended', async () => {
    const { id, url } = await share('/Work');
    const free = await share('/Free');
    const listed = await scene.ok('list_shares', {});
    expect(listed.text).toContain(free.url);
    expect(listed.text).not.toContain(url);
    expect((await scene.ok('list_shares', { file_path: '/Work' })).data['shares']).toEqual([]);
    const refusals = [
      await scene.fails('create_share', { file_path: '/Work', type: 'link' }),
      await scene.fails('update_share', { share_id: id, can: 'edit' }),
      await scene.fails('update_share', { share_id: id, password: '' }),
      await scene.fails('delete_share', { share_id: id }),
    ];
    for (const text of refusals) expect(text).toMatch(/^forbidden: \/Work holds something/);
    const widened = await scene.ok('update_share', { share_id: free.id, can: 'edit' });
    expect(widened.data['can']).toBe('edit');
    await scene.ok('delete_share', { share_id: free.id });
  });
});

describe('a read-only folder', () => {
  it('is not given away by its shares, links or trash', async () => {
    const archive = await openScene({ NEXTCLOUD_ROOTS: '/,/Archive:ro' }, {});
    const person = new WebDav(archive.cloud);
    archive.cloud.home().put('/Archive/a.txt', 'a');
    archive.cloud.home().put('/Archive/gone.txt', 'gone');
    await person.dav('DELETE', '/Archive/gone.txt');
    for (const [name, args] of [
      ['create_share', { file_path: '/Archive/a.txt', type: 'link' }],
      ['get_download_link', { file_path: '/Archive/a.txt' }],
      ['restore_from_trash', { item: '/Archive/gone.txt', destination_path: '/got.txt' }],
    ] as const)
      expect(await archive.fails(name, args)).toMatch(/^forbidden: \/Archive is set to read-only/);
    expect(archive.cloud.home().exists('/got.txt')).toBe(false);
    await archive.close();
  });
});
