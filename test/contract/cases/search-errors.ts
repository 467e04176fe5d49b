import assert from 'node:assert/strict';
import { Area } from '../case.ts';
import { compare, order, search, where } from '../query.ts';

const area = new Area('search');
export const searchErrorCases = area.cases;

area.fact('a property that cannot be searched or sorted by is 400', async (c) => {
  (await search(c, { where: where(compare('eq', 'd:getetag', 'x')) })).is(400);
  (await search(c, { where: where(compare('eq', 'oc:tags', 'x')) })).is(400);
  (await search(c, { order: order('d:getetag', 'ascending') })).is(400);
});

area.fact('contains is 400, a comparison that the property does not have 500', async (c) => {
  (await search(c, { where: where('<d:contains>word</d:contains>') })).is(400);
  (await search(c, { where: where(compare('like', 'd:getlastmodified', '1%')) })).refused(
    500,
    'InvalidArgumentException',
    /Unsupported comparison for field {2}mtime: like/,
  );
  (await search(c, { where: where(compare('gt', 'd:displayname', 'a')) })).is(500);
});

area.fact('a mime pattern other than family/% is 500', async (c) => {
  (await search(c, { where: where(compare('like', 'd:getcontenttype', '%text%')) })).is(500);
});

area.fact('a size that is no number is 500', async (c) => {
  (await search(c, { where: where(compare('gt', 'oc:size', 'abc')) })).is(500);
});

area.fact('not around and/or is 500', async (c) => {
  const inner = `<d:and>${compare('eq', 'd:displayname', 'a')}${compare('gt', 'oc:size', '1')}</d:and>`;
  (await search(c, { where: where(`<d:not>${inner}</d:not>`) })).refused(
    500,
    'InvalidArgumentException',
    'Binary operators inside "not" is not supported',
  );
});

area.fact('a missing where is 500, a missing select 400', async (c) => {
  (await search(c, { where: '' })).is(500);
  (await search(c, { select: '' })).is(c.by({ 28: 400, 34: 400 }));
});

area.fact('malformed XML is 400', async (c) => {
  (
    await c.at('SEARCH', '/remote.php/dav/', { headers: { 'content-type': 'text/xml' }, body: '<d:search' })
  ).is(400);
});

area.fact('another content type than XML, and another address than the root, are 501', async (c) => {
  (await search(c, { type: 'text/plain' })).refused(501, 'S\\NotImplemented');
  (await search(c, { path: `/remote.php/dav/files/${encodeURIComponent(c.server.login.userId)}/` })).is(501);
});

area.fact('an unknown property is a 404 propstat, also with Prefer: return=minimal', async (c) => {
  await c.put('a.txt');
  const hits = (await search(c, { select: '<d:prop><oc:fileid/><nc:none/></d:prop>' })).hits();
  assert.equal(hits[0]?.statuses.get('nc:none'), 404);
});

area.fact('names are searched in NFC', async (c) => {
  await c.put(encodeURIComponent('e\u0301te\u0301.txt'));
  assert.equal(
    (await search(c, { where: where(compare('like', 'd:displayname', 'été%')) })).hits().length,
    1,
  );
});

area.fact('100 comparisons are taken, 101 are 500 on newer servers', async (c) => {
  const many = (count: number): string =>
    where(`<d:or>${compare('eq', 'd:displayname', 'a').repeat(count)}</d:or>`);
  (await search(c, { where: many(100) })).is(207);
  (await search(c, { where: many(101) })).is(500);
});
