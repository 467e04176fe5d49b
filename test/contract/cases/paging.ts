import assert from 'node:assert/strict';
import { Area } from '../case.ts';

const area = new Area('paging');
export const pagingCases = area.cases;
const versions = 'Paging by `X-NC-Paginate` is in 34; 28 and 29 ignore the headers and list everything.';

area.fact(
  'the first page has a token and the total, the next ones follow by offset',
  async (c) => {
    await c.mkcol('dir');
    for (let n = 0; n < 5; n++) await c.put(`dir/${n}`);
    const first = await c.propfind('dir', '1', ['d:getetag'], {
      headers: { 'x-nc-paginate': 'true', 'x-nc-paginate-count': '4' },
    });
    if (c.major < 31) {
      assert.equal(first.hits().length, 6);
      assert.equal(first.header('x-nc-paginate'), undefined);
      return;
    }
    assert.equal(first.hits().length, 4);
    assert.equal(first.header('x-nc-paginate'), 'true');
    assert.equal(first.header('x-nc-paginate-total'), '6');
    const token = first.header('x-nc-paginate-token') ?? '';
    assert.ok(token.length > 10);
    const headers = { 'x-nc-paginate-token': token, 'x-nc-paginate-offset': '4', 'x-nc-paginate-count': '4' };
    const next = await c.propfind('dir', '1', ['d:getetag'], { headers });
    assert.equal(next.hits().length, 2);
    assert.equal(next.header('x-nc-paginate-total'), undefined);
    const past = await c.propfind('dir', '1', ['d:getetag'], {
      headers: { ...headers, 'x-nc-paginate-offset': '9' },
    });
    assert.equal(past.hits().length, 0);
  },
  { versions },
);

area.fact(
  'pages are a snapshot that later changes do not reach',
  async (c) => {
    await c.mkcol('dir');
    for (let n = 0; n < 4; n++) await c.put(`dir/${n}`);
    const headers = { 'x-nc-paginate': 'true', 'x-nc-paginate-count': '2' };
    const first = await c.propfind('dir', '1', ['d:getetag'], { headers });
    await c.put('dir/late');
    const token = first.header('x-nc-paginate-token') ?? '';
    const rest = await c.propfind('dir', '1', ['d:getetag'], {
      headers: { 'x-nc-paginate-token': token, 'x-nc-paginate-offset': '2', 'x-nc-paginate-count': '10' },
    });
    const late = rest.hits().some(({ href }) => href.endsWith('/late'));
    assert.equal(late, c.major < 31);
  },
  { versions },
);

area.fact(
  'an unknown token is no error: a new snapshot with a new token',
  async (c) => {
    await c.mkcol('dir');
    for (let n = 0; n < 3; n++) await c.put(`dir/${n}`);
    const headers = {
      'x-nc-paginate': 'true',
      'x-nc-paginate-token': 'unknown',
      'x-nc-paginate-offset': '1',
      'x-nc-paginate-count': '2',
    };
    const reply = await c.propfind('dir', '1', ['d:getetag'], { headers });
    assert.equal(reply.hits().length, c.by({ 28: 4, 31: 2 }));
    assert.equal(reply.header('x-nc-paginate-total'), c.by({ 28: undefined, 31: '4' }));
  },
  { versions },
);

area.fact(
  'OPTIONS tells whether paging is there',
  async (c) => {
    const reply = (await c.at('OPTIONS', '/remote.php/dav/')).is(200);
    assert.match(reply.header('dav') ?? '', /^1, 3, extended-mkcol/);
    assert.equal((reply.header('dav') ?? '').includes('nc-paginate'), c.major >= 31);
  },
  { versions },
);
