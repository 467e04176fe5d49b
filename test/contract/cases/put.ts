import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { Area } from '../case.ts';

const area = new Area('put');
export const putCases = area.cases;

area.fact('a new file is 201, an overwrite 204, with etag and id; the id stays', async (c) => {
  const made = (await c.request('PUT', 'a.txt', { body: 'one', headers: { 'x-oc-mtime': '1600000000' } })).is(
    201,
  );
  assert.equal(made.header('etag'), await c.etag('a.txt'));
  assert.equal(made.header('oc-etag'), made.header('etag'));
  assert.ok(made.header('oc-fileid')?.startsWith(String(await c.fileId('a.txt')).padStart(8, '0')));
  assert.equal(made.header('x-oc-mtime'), 'accepted');
  const again = (await c.request('PUT', 'a.txt', { body: 'three' })).is(204);
  assert.equal(again.header('oc-fileid'), made.header('oc-fileid'));
  assert.notEqual(again.header('etag'), made.header('etag'));
  assert.equal(again.header('x-oc-mtime'), undefined);
  assert.equal(await c.content('a.txt'), 'three');
});

area.fact(
  'owner and permissions are told in headers by newer servers',
  async (c) => {
    const made = (await c.request('PUT', 'a.txt', { body: 'one' })).is(201);
    assert.equal(made.header('x-nc-ownerid'), c.by({ 28: undefined, 31: c.server.login.userId }));
    assert.equal(made.header('x-nc-permissions'), c.by({ 28: undefined, 31: 'RGDNVW' }));
  },
  { versions: '`X-NC-OwnerId` and `X-NC-Permissions` are in 34, not in 28 and 29.' },
);

area.fact('X-OC-MTime: decimals are cut, a bad value is 500 although the file is written', async (c) => {
  await c.put('a.txt', 'x', { 'x-oc-mtime': '1600000000.9' });
  assert.equal(await c.text('a.txt', 'd:getlastmodified'), 'Sun, 13 Sep 2020 12:26:40 GMT');
  for (const value of ['0', '-5', 'abc']) {
    const reply = await c.request('PUT', 'b.txt', {
      body: `value ${value}`,
      headers: { 'x-oc-mtime': value },
    });
    reply.refused(500, 'InvalidArgumentException', /X-OC-MTime header/);
    assert.equal(await c.content('b.txt'), `value ${value}`);
  }
});

area.fact('OC-Checksum is stored and never verified; a PUT without it clears it', async (c) => {
  await c.put('a.txt', 'x', { 'oc-checksum': 'SHA1:nonsense' });
  assert.equal((await c.request('GET', 'a.txt')).header('oc-checksum'), 'SHA1:nonsense');
  await c.put('a.txt', 'yy');
  assert.equal((await c.request('GET', 'a.txt')).header('oc-checksum'), undefined);
});

area.fact('X-Hash: sha256 answers the hash of what arrived', async (c) => {
  const reply = await c.put('a.txt', 'hello', { 'x-hash': 'sha256' });
  assert.equal(reply.header('x-hash-sha256'), createHash('sha256').update('hello').digest('hex'));
  const all = await c.put('b.txt', 'hello', { 'x-hash': 'all' });
  assert.equal(all.header('x-hash-md5'), createHash('md5').update('hello').digest('hex'));
  assert.equal(all.header('x-hash-sha1'), createHash('sha1').update('hello').digest('hex'));
});

area.fact('If-None-Match: * makes new files only', async (c) => {
  (await c.request('PUT', 'a.txt', { body: 'one', headers: { 'if-none-match': '*' } })).is(201);
  const refused = await c.request('PUT', 'a.txt', { body: 'two', headers: { 'if-none-match': '*' } });
  refused.refused(
    412,
    'S\\PreconditionFailed',
    'An If-None-Match header was specified, but the ETag matched (or * was specified).',
  );
  assert.equal(await c.content('a.txt'), 'one');
});

area.fact('If-Match: the etag passes; another, a bare one and a missing file are 412', async (c) => {
  const made = await c.put('a.txt', 'one', { 'x-oc-mtime': '1600000000' });
  const etag = made.header('etag') ?? '';
  (await c.request('PUT', 'a.txt', { body: 'two!', headers: { 'if-match': etag } })).is(204);
  const stale = await c.request('PUT', 'a.txt', { body: 'no', headers: { 'if-match': etag } });
  stale.refused(412, 'S\\PreconditionFailed', /none of the specified ETags matched/);
  assert.equal(stale.header('etag'), await c.etag('a.txt'));
  const bare = (await c.etag('a.txt')).replaceAll('"', '');
  (await c.request('PUT', 'a.txt', { body: 'no', headers: { 'if-match': bare } })).is(412);
  (await c.request('PUT', 'none.txt', { body: 'no', headers: { 'if-match': '*' } })).refused(
    412,
    'S\\PreconditionFailed',
    /the resource did not exist/,
  );
  assert.equal(await c.content('a.txt'), 'two!');
});

area.fact('If: (["etag"]) guards a PUT too', async (c) => {
  const made = await c.put('a.txt', 'one', { 'x-oc-mtime': '1600000000' });
  (await c.request('PUT', 'a.txt', { body: 'no', headers: { if: '(["stale"])' } })).refused(
    412,
    'S\\PreconditionFailed',
    /Failed to find a valid token\/etag combination/,
  );
  (await c.request('PUT', 'a.txt', { body: 'two!', headers: { if: `([${made.header('etag')}])` } })).is(204);
});

area.fact('If-Unmodified-Since is honoured', async (c) => {
  await c.put('a.txt', 'one', { 'x-oc-mtime': '1600000000' });
  const ask = async (since: string): Promise<number> =>
    (await c.request('PUT', 'a.txt', { body: 'two', headers: { 'if-unmodified-since': since } })).status;
  assert.equal(await ask('Sun, 13 Sep 2020 12:26:39 GMT'), 412);
  assert.equal(await ask('Sun, 13 Sep 2020 12:26:40 GMT'), 204);
});

area.fact('a missing parent is 404 here and 409 on remote.php/webdav', async (c) => {
  (await c.request('PUT', 'no/a.txt', { body: 'x' })).refused(
    404,
    'S\\NotFound',
    `File with name ${c.folder}/no could not be located`,
  );
  (await c.at('PUT', `/remote.php/webdav${c.folder}/no/a.txt`, { body: 'x' })).refused(
    409,
    'S\\Conflict',
    'Files cannot be created in non-existent collections',
  );
});

area.fact('below a file is 404', async (c) => {
  await c.put('a.txt');
  (await c.request('PUT', 'a.txt/b.txt', { body: 'x' })).refused(404, 'S\\NotFound');
});

area.fact('onto a folder is 409', async (c) => {
  await c.mkcol('dir');
  (await c.request('PUT', 'dir', { body: 'x' })).refused(
    409,
    'S\\Conflict',
    'PUT is not allowed on non-files.',
  );
});

area.fact('Content-Range is refused', async (c) => {
  (await c.request('PUT', 'a.txt', { body: 'x', headers: { 'content-range': 'bytes 0-0/5' } })).refused(
    400,
    'S\\BadRequest',
    'Content-Range on PUT requests are forbidden.',
  );
});

area.fact(
  'X-NC-WebDAV-Auto-Mkcol: 1 makes the parents on newer servers',
  async (c) => {
    const reply = await c.request('PUT', 'x/y/a.txt', {
      body: 'x',
      headers: { 'x-nc-webdav-auto-mkcol': '1' },
    });
    reply.is(c.by({ 28: 404, 31: 201 }));
  },
  { versions: '`X-NC-WebDAV-Auto-Mkcol` is in 34; 28 and 29 answer 404 as without it.' },
);

area.fact(
  'a missing .part name is described all the same, with an empty etag',
  async (c) => {
    const [hit] = (await c.propfind('x.part', '0', ['d:getetag', 'oc:fileid', 'oc:size'])).hits();
    assert.equal(hit?.properties.get('d:getetag')?.text, '""');
    assert.equal(hit.properties.get('oc:fileid')?.text, c.by({ 28: undefined, 30: '-1' }));
  },
  { versions: 'The invented file of a missing `.part` name has the id -1 in 34, none in 28 and 29.' },
);
area.fact(
  'asked for its tags, a missing .part name is 500 on older servers',
  async (c) => {
    (await c.propfind('x.part', '0', ['d:getetag', 'nc:system-tags'])).is(c.by({ 28: 500, 30: 207 }));
    (await c.propfind('x.part/a', '0', ['d:getetag'])).is(c.by({ 28: 404, 30: 500 }));
  },
  { versions: '28 and 29 answer 500 when a missing `.part` name is asked for `nc:system-tags`.' },
);

area.fact('OC-Total-Length is not compared on a plain PUT', async (c) => {
  (await c.request('PUT', 'a.txt', { body: 'abc', headers: { 'oc-total-length': '99' } })).is(201);
  assert.equal(await c.text('a.txt', 'oc:size'), '3');
});

area.fact('PATCH with X-Recalculate-Hash stores a checksum', async (c) => {
  await c.put('a.txt', 'x');
  (await c.request('PATCH', 'a.txt', { headers: { 'x-recalculate-hash': 'sha1' } })).is(204);
  assert.equal(
    (await c.request('GET', 'a.txt')).header('oc-checksum'),
    'SHA1:11f6ad8ec52a2984abaafd7c3b516503785c2072',
  );
});
