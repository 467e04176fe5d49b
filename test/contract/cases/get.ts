import assert from 'node:assert/strict';
import { Area } from '../case.ts';
import type { ContractContext } from '../context.ts';

const area = new Area('get');
export const getCases = area.cases;

const twenty = '0123456789abcdefghij';

area.fact('GET names etag, size, time and a file name, and is always an attachment', async (c) => {
  await c.put('a.txt', 'hello', { 'x-oc-mtime': '1600000000' });
  const reply = (await c.request('GET', 'a.txt')).is(200);
  assert.equal(reply.header('etag'), await c.etag('a.txt'));
  assert.equal(reply.header('oc-etag'), reply.header('etag'));
  assert.equal(reply.header('content-length'), '5');
  assert.equal(reply.header('last-modified'), 'Sun, 13 Sep 2020 12:26:40 GMT');
  assert.equal(reply.header('content-disposition'), 'attachment; filename*=UTF-8\'\'a.txt; filename="a.txt"');
  assert.match(reply.header('content-type') ?? '', /^text\/plain/);
  assert.equal(reply.header('accept-ranges'), undefined);
  assert.equal(reply.text, 'hello');
});

area.fact('what a browser might run arrives as text/plain; PROPFIND has the true type', async (c) => {
  for (const [name, type] of [
    ['a.html', 'text/html'],
    ['a.svg', 'image/svg+xml'],
    ['a.json', 'application/json'],
    ['a.xml', 'application/xml'],
  ] as const) {
    await c.put(name, 'x');
    assert.match((await c.request('GET', name)).header('content-type') ?? '', /^text\/plain/, name);
    assert.equal(await c.text(name, 'd:getcontenttype'), type);
  }
});

area.fact('a stored checksum is told in OC-Checksum', async (c) => {
  await c.put('a.txt', 'x', { 'oc-checksum': 'MD5:9dd4e461268c8034f5c8564e155c67a6' });
  assert.equal(
    (await c.request('GET', 'a.txt')).header('oc-checksum'),
    'MD5:9dd4e461268c8034f5c8564e155c67a6',
  );
});

area.fact('an empty file: GET says 0 bytes, a Range is ignored', async (c) => {
  await c.put('a.txt', '');
  assert.equal((await c.request('GET', 'a.txt')).is(200).header('content-length'), '0');
  (await c.request('GET', 'a.txt', { headers: { range: 'bytes=0-4' } })).is(200);
  assert.equal((await c.request('HEAD', 'a.txt')).is(200).header('content-length'), undefined);
});

area.fact('HEAD tells what GET would', async (c) => {
  await c.put('a.txt', twenty);
  const reply = (await c.request('HEAD', 'a.txt')).is(200);
  assert.equal(reply.header('content-length'), '20');
  assert.equal(reply.header('oc-etag'), await c.etag('a.txt'));
  assert.equal(reply.body.length, 0);
});

const ranges: readonly (readonly [
  range: string,
  status: number,
  body: string,
  contentRange: string | undefined,
])[] = [
  ['bytes=0-4', 206, '01234', 'bytes 0-4/20'],
  ['bytes=5-', 206, '56789abcdefghij', 'bytes 5-19/20'],
  ['bytes=-5', 206, 'fghij', 'bytes 15-19/20'],
  ['bytes=0-1', 206, '01', 'bytes 0-1/20'],
  ['bytes=10-99', 206, 'abcdefghij', 'bytes 10-19/20'],
  ['bytes=0-0', 206, twenty, 'bytes 0-19/20'],
  ['bytes=19-19', 206, 'j', 'bytes 19-19/20'],
  ['bytes=-100', 206, twenty, 'bytes 0-19/20'],
  ['lines=0-1', 200, twenty, undefined],
  ['bytes=a-b', 200, twenty, undefined],
];
for (const [range, status, body, contentRange] of ranges)
  area.fact(
    `Range: ${range} of 20 bytes is ${status}${contentRange === undefined ? '' : `, ${contentRange}`}`,
    async (c) => {
      await c.put('a.txt', twenty);
      const reply = (await c.request('GET', 'a.txt', { headers: { range } })).is(status);
      assert.equal(reply.text, body);
      assert.equal(reply.header('content-range'), contentRange);
    },
  );

area.fact('a Range from behind the end, and one that ends before it starts, are 416', async (c) => {
  await c.put('a.txt', twenty);
  const ask = (range: string): Promise<Awaited<ReturnType<ContractContext['request']>>> =>
    c.request('GET', 'a.txt', { headers: { range } });
  (await ask('bytes=20-')).refused(
    416,
    'S\\RequestedRangeNotSatisfiable',
    'The start offset (20) exceeded the size of the entity (20)',
  );
  (await ask('bytes=5-2')).refused(
    416,
    'S\\RequestedRangeNotSatisfiable',
    'The end offset (2) is lower than the start offset (5)',
  );
});

area.fact('If-Range: the etag gives the part; another one, a weak or a bare one the whole', async (c) => {
  await c.put('a.txt', twenty, { 'x-oc-mtime': '1600000000' });
  const etag = await c.etag('a.txt');
  const ask = async (value: string): Promise<number> =>
    (await c.request('GET', 'a.txt', { headers: { range: 'bytes=0-4', 'if-range': value } })).status;
  assert.equal(await ask(etag), 206);
  assert.equal(await ask('"other"'), 200);
  assert.equal(await ask(`W/${etag}`), 200);
  assert.equal(await ask(etag.replaceAll('"', '')), 200);
  assert.equal(await ask('Sun, 13 Sep 2020 12:26:40 GMT'), 206);
});

area.fact('If-None-Match: the etag, a list with it and * are 304; weak or bare never match', async (c) => {
  await c.put('a.txt', twenty);
  const etag = await c.etag('a.txt');
  const ask = async (value: string, method = 'GET'): Promise<number> =>
    (await c.request(method, 'a.txt', { headers: { 'if-none-match': value } })).status;
  assert.equal(await ask(etag), 304);
  assert.equal(await ask(`"x", ${etag}`), 304);
  assert.equal(await ask('*'), 304);
  assert.equal(await ask(`W/${etag}`), 200);
  assert.equal(await ask(etag.replaceAll('"', '')), 200);
  assert.equal(await ask(etag, 'HEAD'), 412);
});

area.fact('If-Modified-Since is 304, If-Match that misses 412 with the etag', async (c) => {
  await c.put('a.txt', twenty, { 'x-oc-mtime': '1600000000' });
  (await c.request('GET', 'a.txt', { headers: { 'if-modified-since': 'Sun, 13 Sep 2020 12:26:40 GMT' } })).is(
    304,
  );
  const missed = await c.request('GET', 'a.txt', { headers: { 'if-match': '"other"' } });
  missed.refused(412, 'S\\PreconditionFailed');
  assert.equal(missed.header('etag'), await c.etag('a.txt'));
});

area.fact(
  'a missing file is 404, in a missing folder too',
  async (c) => {
    const ask = async (name: string, named: string): Promise<unknown> =>
      (await c.request('GET', name)).refused(
        404,
        'S\\NotFound',
        `File with name ${c.folder}/${named} could not be located`,
      );
    await ask('none.txt', 'none.txt');
    await ask('no/none.txt', c.by({ 28: 'no', 30: 'no/none.txt' }));
  },
  { versions: 'Below a missing folder the message names the folder in 28 and 29, the file in 34.' },
);

area.fact('GET of a folder is 200 with a note in HTML, so the type has to be looked at', async (c) => {
  const reply = (await c.request('GET', '')).is(200);
  assert.match(reply.header('content-type') ?? '', /^text\/html/);
  assert.match(reply.text, /WebDAV interface/);
  assert.equal(reply.header('oc-etag'), undefined);
});

area.fact('an unknown name below remote.php/dav is 404, an unknown service is not XML', async (c) => {
  (await c.at('PROPFIND', '/remote.php/dav/nonsense', { headers: { depth: '0' } })).refused(
    404,
    'S\\NotFound',
  );
  const reply = await c.at('PROPFIND', '/remote.php/nonsense', { headers: { depth: '0' } });
  assert.notEqual(reply.status, 207);
  assert.doesNotMatch(reply.header('content-type') ?? '', /^application\/xml/);
});

area.fact(
  'the folder as a ZIP by Accept, by ?accept= on newer servers',
  async (c) => {
    await c.mkcol('dir');
    await c.put('dir/a.txt', 'hello');
    const reply = (await c.request('GET', 'dir', { headers: { accept: 'application/zip' } })).is(200);
    const type = reply.header('content-type') ?? '';
    assert.match(type, c.by({ 28: /^text\/html/, 31: /^application\/zip/ }));
    if (c.major >= 31) assert.equal(reply.body.subarray(0, 2).toString(), 'PK');
  },
  { versions: 'Folders as ZIP over DAV are in 34; in 28 and 29 GET of a folder is always the HTML note.' },
);
