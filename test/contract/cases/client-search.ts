import assert from 'node:assert/strict';
import { Area } from '../case.ts';
import type { ContractContext } from '../context.ts';
import { davSearch } from '../../../src/nextcloud/dav/search.ts';
import { like, searchBody } from '../../../src/nextcloud/dav/search-query.ts';
import type { SearchQuery } from '../../../src/nextcloud/dav/search-query.ts';
import { ROOT } from '../../../src/path.ts';

const area = new Area('client');
export const clientSearchCases = area.cases;

async function fill(c: ContractContext): Promise<void> {
  await c.mkcol('Sub');
  await c.put('alpha.txt', 'a'.repeat(10), { 'x-oc-mtime': '1500000000' });
  await c.put('100%25_a.md', 'b'.repeat(200), { 'x-oc-mtime': '1600000000' });
  await c.put('Sub/alpha.png', 'c'.repeat(3000), { 'x-oc-mtime': '1650000000' });
  (await c.proppatch('alpha.txt', '<oc:favorite>1</oc:favorite>')).is(207);
}

const files = ['100%_a.md', 'Sub/alpha.png', 'alpha.txt'];
const conditions: Readonly<Record<string, readonly [Partial<SearchQuery>, readonly string[]]>> = {
  nothing: [{}, [...files, 'Sub'].toSorted()],
  'a name': [{ names: [`%${like('ALPHA')}%`] }, ['Sub/alpha.png', 'alpha.txt']],
  'one of two patterns of a name': [{ names: ['%_a.md', '%.png'] }, ['100%_a.md', 'Sub/alpha.png']],
  'one of two patterns among files': [{ names: ['%_a.md', 'S%'], type: 'file', maxSize: 500 }, ['100%_a.md']],
  'a name with % and _': [{ names: [`${like('100%_')}%`] }, ['100%_a.md']],
  files: [{ type: 'file' }, files],
  folders: [{ type: 'directory' }, ['Sub']],
  'a type': [{ mime: 'text/markdown' }, ['100%_a.md']],
  'a family of types': [{ mime: 'image/*' }, ['Sub/alpha.png']],
  'a smallest size': [{ minSize: 200, type: 'file' }, ['100%_a.md', 'Sub/alpha.png']],
  'a largest size': [{ maxSize: 200, type: 'file' }, ['100%_a.md', 'alpha.txt']],
  'a time from': [{ after: 1_600_000_000_000, type: 'file' }, ['100%_a.md', 'Sub/alpha.png']],
  'a time to': [{ before: 1_600_000_000_000, type: 'file' }, ['alpha.txt']],
  favourites: [{ favorite: true }, ['alpha.txt']],
  'all at once': [
    {
      names: ['%alpha%'],
      type: 'file',
      mime: 'text/plain',
      minSize: 1,
      maxSize: 99,
      after: 1_000_000,
      before: 1_900_000_000_000,
      favorite: true,
    },
    ['alpha.txt'],
  ],
};
for (const [name, [query, wanted]] of Object.entries(conditions))
  area.fact(`search by ${name}`, async (c) => {
    await fill(c);
    const whole: SearchQuery = {
      folder: c.folder,
      names: [],
      sortBy: 'name',
      order: 'asc',
      limit: 50,
      offset: 0,
      ...query,
    };
    const { resources } = await davSearch(c.account, (userId) => searchBody(whole, userId), {});
    assert.deepEqual(resources.map(({ path }) => path.slice(c.folder.length + 1)).toSorted(), wanted);
    for (const { etag, fileId } of resources) assert.ok(etag && fileId);
  });

area.fact('search sorts and pages, and finds by id in the whole home', async (c) => {
  await fill(c);
  const base = { folder: c.folder, names: [], type: 'file', limit: 2, offset: 0 } as const;
  const ask = async (query: SearchQuery): Promise<string[]> =>
    (await davSearch(c.account, (userId) => searchBody(query, userId), {})).resources.map(({ path }) =>
      path.slice(c.folder.length + 1),
    );
  assert.deepEqual(await ask({ ...base, sortBy: 'size', order: 'desc' }), ['Sub/alpha.png', '100%_a.md']);
  assert.deepEqual(await ask({ ...base, sortBy: 'size', order: 'desc', offset: 2 }), ['alpha.txt']);
  assert.deepEqual(await ask({ ...base, sortBy: 'modified', order: 'asc' }), ['alpha.txt', '100%_a.md']);
  assert.deepEqual(await ask({ ...base, sortBy: 'name', order: 'asc' }), [
    '100%_a.md',
    'alpha.png'.replace('alpha.png', 'Sub/alpha.png'),
  ]);
  const fileId = String(await c.fileId('Sub/alpha.png'));
  assert.deepEqual(await ask({ ...base, folder: ROOT, sortBy: 'name', order: 'asc', fileId }), [
    'Sub/alpha.png',
  ]);
});

area.fact('search in a folder whose name XML and URLs would spoil', async (c) => {
  await c.mkcol(encodeURIComponent('a & <b> %20 é'));
  await c.put(encodeURIComponent('a & <b> %20 é') + '/in.txt');
  const query: SearchQuery = {
    folder: c.path('a & <b> %20 é'),
    names: [],
    sortBy: 'name',
    order: 'asc',
    limit: 5,
    offset: 0,
  };
  const { resources } = await davSearch(c.account, (userId) => searchBody(query, userId), {});
  assert.deepEqual(
    resources.map(({ path }) => path),
    [c.path('a & <b> %20 é/in.txt')],
  );
});
