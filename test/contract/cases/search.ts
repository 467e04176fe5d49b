import assert from 'node:assert/strict';
import { Area } from '../case.ts';
import type { ContractContext } from '../context.ts';
import { compare, order, search, where } from '../query.ts';

const area = new Area('search');
export const searchCases = area.cases;

async function fill(c: ContractContext): Promise<void> {
  await c.mkcol('Sub', 'Sub/deep');
  await c.put('alpha.txt', 'a', { 'x-oc-mtime': '1500000000' });
  await c.put('Beta.TXT', 'bb'.repeat(50), { 'x-oc-mtime': '1550000000' });
  await c.put('Sub/100%25_sure.md', 'ccc'.repeat(500), { 'x-oc-mtime': '1600000000' });
  await c.put('Sub/deep/alphabet.png', 'not a picture', { 'x-oc-mtime': '1650000000' });
}

function finds(name: string, condition: string, wanted: readonly string[]): void {
  area.fact(name, async (c) => {
    await fill(c);
    const found = c.names((await search(c, { where: where(condition) })).hits());
    assert.deepEqual(found, wanted.toSorted());
  });
}

const everything = [
  'alpha.txt',
  'Beta.TXT',
  'Sub/',
  'Sub/100%_sure.md',
  'Sub/deep/',
  'Sub/deep/alphabet.png',
];

finds('an empty and finds everything below the folder but the folder itself', '<d:and/>', everything);
finds('like % on a name finds parts of names', compare('like', 'd:displayname', '%lpha%'), [
  'alpha.txt',
  'Sub/deep/alphabet.png',
]);
finds('like without a wildcard is the whole name', compare('like', 'd:displayname', 'alpha'), []);
finds('like does not mind the case of ASCII letters', compare('like', 'd:displayname', 'beta.txt'), [
  'Beta.TXT',
]);
finds('eq on a name minds the case', compare('eq', 'd:displayname', 'beta.txt'), []);
finds('_ in like is one character', compare('like', 'd:displayname', 'alph_.txt'), ['alpha.txt']);
finds('a backslash takes the meaning of % and _', compare('like', 'd:displayname', '100\\%\\_sure.md'), [
  'Sub/100%_sure.md',
]);
finds(
  'mime eq and the family with like',
  `<d:or>${compare('eq', 'd:getcontenttype', 'text/markdown')}${compare('like', 'd:getcontenttype', 'image/%')}</d:or>`,
  ['Sub/100%_sure.md', 'Sub/deep/alphabet.png'],
);
finds(
  'folders have the type httpd/unix-directory',
  compare('eq', 'd:getcontenttype', 'httpd/unix-directory'),
  ['Sub/', 'Sub/deep/'],
);
finds('is-collection', '<d:is-collection/>', ['Sub/', 'Sub/deep/']);
finds('not is-collection', '<d:not><d:is-collection/></d:not>', [
  'alpha.txt',
  'Beta.TXT',
  'Sub/100%_sure.md',
  'Sub/deep/alphabet.png',
]);
finds(
  'size gt and lte',
  `<d:and>${compare('gt', 'oc:size', '99')}${compare('lte', 'oc:size', '100')}<d:not><d:is-collection/></d:not></d:and>`,
  ['Beta.TXT'],
);
finds(
  'times as seconds: gte and lt',
  `<d:and>${compare('gte', 'd:getlastmodified', '1550000000')}${compare('lt', 'd:getlastmodified', '1600000000')}</d:and>`,
  ['Beta.TXT'],
);
finds('times as ISO 8601', compare('lte', 'd:getlastmodified', '2017-07-14T02:40:00Z'), ['alpha.txt']);
finds(
  'or of two names',
  `<d:or>${compare('eq', 'd:displayname', 'alpha.txt')}${compare('eq', 'd:displayname', 'Beta.TXT')}</d:or>`,
  ['alpha.txt', 'Beta.TXT'],
);
finds('nothing matches an empty literal', compare('like', 'd:displayname', ''), []);

area.fact('depth is ignored: always the whole subtree', async (c) => {
  await fill(c);
  const hits = (
    await search(c, { where: where(compare('like', 'd:displayname', '%.%')), depth: '1' })
  ).hits();
  assert.equal(hits.length, 4);
});

area.fact('favourites: eq oc:favorite, whatever the literal', async (c) => {
  await fill(c);
  (await c.proppatch('alpha.txt', '<oc:favorite>1</oc:favorite>')).is(207);
  for (const literal of ['1', 'yes']) {
    const hits = (await search(c, { where: where(compare('eq', 'oc:favorite', literal)) })).hits();
    assert.deepEqual(c.names(hits), ['alpha.txt']);
  }
});

area.fact('by file id', async (c) => {
  await fill(c);
  const id = await c.fileId('Sub/deep');
  const hits = (await search(c, { where: where(compare('eq', 'oc:fileid', String(id))) })).hits();
  assert.deepEqual(c.names(hits), ['Sub/deep/']);
});

area.fact(
  'the creation and the upload time can be searched',
  async (c) => {
    await c.put('a.txt', 'x', { 'x-oc-ctime': '1400000000' });
    await c.put('b.txt', 'x');
    const reply = await search(c, {
      where: where(
        `<d:and>${compare('gt', 'd:creationdate', '1300000000')}${compare('gt', 'nc:upload_time', '1300000000')}</d:and>`,
      ),
    });
    if (c.major >= 31) assert.deepEqual(c.names(reply.hits()), ['a.txt']);
    else reply.is(400, 500);
  },
  { versions: 'Searching by `d:creationdate` is in 34, not in 28 and 29.' },
);

area.fact('hrefs of hits are encoded paths of the account', async (c) => {
  await fill(c);
  const hits = (await search(c, { where: where(compare('eq', 'd:displayname', '100%_sure.md')) })).hits();
  assert.equal(hits[0]?.href, c.href('Sub/100%25_sure.md'));
});

area.fact('the scope is taken as it is written, without decoding', async (c) => {
  await c.mkcol('a%2520b', 'a%20b');
  await c.put('a%2520b/in.txt');
  const scope = `/files/${c.server.login.userId}${c.folder}/a%20b`;
  assert.deepEqual(c.names((await search(c, { scope })).hits()), ['a%20b/in.txt']);
  const raw = `/files/${c.server.login.userId}${c.folder}/a b`;
  assert.deepEqual((await search(c, { scope: raw })).hits(), []);
});

area.fact('a missing scope is 404, a file as a scope 500', async (c) => {
  await c.put('a.txt');
  const scope = `/files/${c.server.login.userId}${c.folder}`;
  (await search(c, { scope: `${scope}/none` })).refused(404, 'S\\NotFound');
  (await search(c, { scope: `${scope}/a.txt` })).refused(
    500,
    'InvalidArgumentException',
    'Search is only supported on directories',
  );
});

area.fact(
  "another user's home as a scope is refused",
  async (c) => {
    (await search(c, { scope: `/files/${c.cast.other.userId}` })).is(500);
  },
  { needs: 'accounts' },
);

area.fact('nresults limits, without it there are 100; firstresult skips', async (c) => {
  await c.mkcol('many');
  for (let n = 0; n < 6; n++) await c.put(`many/${n}.txt`, 'x'.repeat(n + 1));
  const limit = (count: number, first: number): string =>
    `<d:limit><d:nresults>${count}</d:nresults><x:firstresult>${first}</x:firstresult></d:limit>`;
  const files = where('<d:not><d:is-collection/></d:not>');
  const page = async (count: number, first: number): Promise<string[]> =>
    c.names(
      (
        await search(c, { where: files, order: order('oc:size', 'ascending'), limit: limit(count, first) })
      ).hits(),
    );
  assert.deepEqual(await page(2, 0), ['many/0.txt', 'many/1.txt']);
  assert.deepEqual(await page(2, 2), ['many/2.txt', 'many/3.txt']);
  assert.deepEqual(await page(9, 5), ['many/5.txt']);
  assert.deepEqual(await page(2, 9), []);
});

area.fact('firstresult in another namespace is ignored', async (c) => {
  for (let n = 0; n < 3; n++) await c.put(`${n}.txt`);
  const limit = '<d:limit><d:nresults>9</d:nresults><nc:firstresult>2</nc:firstresult></d:limit>';
  assert.equal((await search(c, { limit })).hits().length, 3);
});

area.fact(
  'without nresults there are at most 100 hits on newer servers',
  async (c) => {
    await c.mkcol('f0');
    for (let n = 0; n < 20; n++) await c.put(`f0/${n}.txt`);
    for (let n = 1; n < 6; n++)
      (await c.request('COPY', 'f0', { headers: { destination: c.url(`f${n}`) } })).is(201);
    const reply = await search(c, { where: where('<d:not><d:is-collection/></d:not>') });
    assert.equal(reply.hits().length, c.by({ 28: 120, 30: 100 }));
  },
  { versions: 'A SEARCH without `nresults` is not limited in 28 and 29, and limited to 100 hits in 34.' },
);

area.fact('sorting by name is bytewise, by time and size numeric', async (c) => {
  await c.put('b.txt', 'x'.repeat(9), { 'x-oc-mtime': '1500000000' });
  await c.put('A.txt', 'x'.repeat(100), { 'x-oc-mtime': '1400000000' });
  await c.put('a.txt', 'x'.repeat(20), { 'x-oc-mtime': '1600000000' });
  const sorted = async (property: string, direction: 'ascending' | 'descending'): Promise<string[]> =>
    (await search(c, { order: order(property, direction) })).hits().map(({ href }) => href.slice(-5));
  assert.deepEqual(await sorted('d:displayname', 'ascending'), ['A.txt', 'a.txt', 'b.txt']);
  assert.deepEqual(await sorted('d:getlastmodified', 'descending'), ['a.txt', 'b.txt', 'A.txt']);
  assert.deepEqual(await sorted('oc:size', 'ascending'), ['b.txt', 'a.txt', 'A.txt']);
});
