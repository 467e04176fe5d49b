import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startEmbeddedNextcloud } from '../../../src/embedded-nextcloud/index.ts';
import type { EmbeddedNextcloud } from '../../../src/embedded-nextcloud/index.ts';
import type { Workspace } from '../../../src/files/workspace.ts';
import type { ListOptions } from '../../../src/files/list/list.ts';
import { parsePath } from '../../../src/path.ts';
import { openWorkspace } from '../../support/workspace.ts';
import { walk } from '../../support/walk.ts';
import { deleteItems } from '../../../src/files/change/delete.ts';
import { copyItems } from '../../../src/files/change/move-copy.ts';
import { fileInfo } from '../../../src/files/list/file-info.ts';
import { listFolder } from '../../../src/files/list/list.ts';
import { uploadFile } from '../../../src/files/write/upload.ts';

const plain: ListOptions = { depth: 1, type: 'all', sortBy: 'name', order: 'asc', limit: 10 };

describe('list', () => {
  let cloud: EmbeddedNextcloud;
  let workspace: Workspace;
  let close: () => Promise<void>;
  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    cloud = await startEmbeddedNextcloud();
    ({ workspace, close } = openWorkspace(cloud.url));
  });
  afterEach(async () => {
    vi.useRealTimers();
    await close();
    await cloud.close();
  });

  const since = (mark: number): string[] =>
    cloud.requests.slice(mark).map(({ method, headers, path }) => {
      const folder = decodeURIComponent(path.slice('/remote.php/dav/files/demo'.length));
      return `${method} ${String(headers['depth'])} ${folder}`;
    });
  /** As much later as it takes for a listing to be doubted. */
  const later = (): unknown => vi.setSystemTime(Date.now() + 6000);

  it.each(['name', 'modified', 'size'] as const)(
    'by %s, hands out what stays exactly once while other files come and go',
    async (sortBy) => {
      const home = cloud.home();
      for (let i = 0; i < 95; i++)
        home.put(`/d/${i % 2 ? 'stays' : 'goes'} ${i}.txt`, 'x'.repeat(i % 7), { mtime: 1.7e9 + (i % 11) });
      const options = { ...plain, sortBy, order: 'desc' as const };
      {
        const { paths, notes } = await walk(
          (cursor) => listFolder(workspace, parsePath('/d'), { ...options, cursor }, {}),
          (page) => {
            later();
            home.put(`/d/new ${page}.txt`, 'x'.repeat(page), { mtime: 1.7e9 + page });
            home.remove(`/d/goes ${page * 10}.txt`);
            home.remove(`/d/goes ${page * 10 + 2}.txt`);
          },
        );
        const stays = Array.from({ length: 95 }, (_, i) => `/d/stays ${i}.txt`).filter((_, i) => i % 2);
        expect(paths.filter((path) => path.includes('stays')).toSorted()).toEqual(stays.toSorted());
        expect(new Set(paths).size).toBe(paths.length);
        expect(notes.join()).toContain('has changed since the previous page');
      }
    },
  );

  it('proves a tree by one etag and reads only changed branches again', async () => {
    const home = cloud.home();
    for (let i = 0; i < 30; i++)
      for (let j = 0; j < 30; j++) home.put(`/t/a${i}/b${j % 5}/f${j}.txt`, `${i}`);
    const options = { ...plain, depth: 3, limit: 1000 } as const;
    const ask = async () => listFolder(workspace, parsePath('/t'), options, {});
    const { total } = await ask();
    expect(total).toBe(30 + 150 + 900);
    let mark = cloud.requests.length;
    expect((await ask()).total).toBe(total);
    expect(since(mark)).toEqual([]);
    later();
    await ask();
    expect(since(mark)).toEqual(['PROPFIND 0 /t']);
    home.put('/t/a7/b3/new.txt', 'new');
    home.remove('/t/a7/b2/f2.txt');
    mark = cloud.requests.length;
    later();
    const { next_cursor: _, ...changed } = await ask();
    expect(since(mark)).toEqual(['PROPFIND 0 /t', 'PROPFIND 1 /t', 'PROPFIND 2 /t/a7']);
    const fresh = openWorkspace(cloud.url);
    const { next_cursor: __, ...expected } = await listFolder(fresh.workspace, parsePath('/t'), options, {});
    expect(changed).toEqual(expected);
    await fresh.close();
  });

  it('after an own change sees it at once, and the rest of the tree without asking for it again', async () => {
    const home = cloud.home();
    for (let i = 0; i < 40; i++) for (let j = 0; j < 30; j++) home.put(`/t/a${i}/f${j}.txt`, `${i}`);
    const options = { ...plain, depth: 2, limit: 1000 } as const;
    const before = await listFolder(workspace, parsePath('/t'), options, {});
    await uploadFile(
      workspace,
      { path: parsePath('/t/a9/own.txt'), content: Buffer.from('own'), overwrite: false },
      {},
    );
    const mark = cloud.requests.length;
    const after = await listFolder(workspace, parsePath('/t'), options, {});
    expect(after.total).toBe(before.total + 1);
    expect(since(mark)).toEqual(['PROPFIND 1 /t', 'PROPFIND 1 /t/a9']);
  });

  it('is not taken in by a copy that has the etag of what was there before', async () => {
    const home = cloud.home();
    home.put('/one/x.txt', 'x');
    const copy = [{ from: parsePath('/one'), to: parsePath('/two') }];
    await copyItems(workspace, copy, { overwrite: false }, {});
    const ids = async () => (await listFolder(workspace, parsePath('/two'), plain, {})).entries;
    await ids();
    await deleteItems(workspace, [parsePath('/two/x.txt')], undefined, {});
    await deleteItems(workspace, [parsePath('/two')], undefined, {});
    await copyItems(workspace, copy, { overwrite: false }, {});
    await ids();
    const { file_id } = await fileInfo(workspace, parsePath('/two/x.txt'), {});
    expect(file_id).toBe(String(home.stat('/two/x.txt')?.fileId));
  });

  it('asks once for what is asked for many times at once, and one who leaves takes nobody along', async () => {
    cloud.home().put('/d/x.txt', 'x');
    cloud.set({ latencyMs: 50 });
    const leaver = new AbortController();
    const calls = Array.from({ length: 20 }, (_, i) =>
      listFolder(workspace, parsePath('/d'), plain, i === 0 ? { signal: leaver.signal } : {}),
    );
    leaver.abort();
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.map(({ status }) => status)).toEqual([
      'rejected',
      ...Array<string>(19).fill('fulfilled'),
    ]);
    expect(since(0)).toEqual(['PROPFIND 1 /d']);
  });

  it('cuts wide folders of a tree with a count', async () => {
    const home = cloud.home();
    for (let i = 0; i < 300; i++) home.put(`/t/photos/p${i}.jpg`, 'x');
    for (let i = 0; i < 60; i++) home.put(`/t/notes/n${i}/text.md`, 'x');
    home.put('/t/zebra.txt', 'x');
    const page = await listFolder(workspace, parsePath('/t'), { ...plain, depth: 3, limit: 100 }, {});
    expect(page).toMatchObject({ total: 423, complete: false });
    expect(page.next_cursor).toBeUndefined();
    expect(page.notes).toEqual([
      '40 more in /t/notes: list it by itself.',
      '280 more in /t/photos: list it by itself.',
    ]);
    expect(page.entries.map(({ path }) => path)).toContain('/t/zebra.txt');
    expect(page.entries).toHaveLength(1 + 20 + 20 + 1 + 20 + 1);
  });

  it('shows each of two accounts its own files at the same path', async () => {
    const users = ['ann', 'ben'].map((id) => ({ id, password: `pass-${id}` }));
    const shared = await startEmbeddedNextcloud({ users });
    for (const { id } of users) shared.home(id).put('/same/place.txt', id.repeat(id === 'ann' ? 1 : 5));
    for (const { id, password } of [...users, ...users]) {
      const own = openWorkspace(shared.url, { NEXTCLOUD_USERNAME: id, NEXTCLOUD_PASSWORD: password });
      const { entries } = await listFolder(own.workspace, parsePath('/same'), plain, {});
      expect(entries[0]?.size).toBe(id === 'ann' ? 3 : 15);
      await own.close();
    }
    await shared.close();
  });
});
