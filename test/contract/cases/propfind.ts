import assert from 'node:assert/strict';
import { gunzipSync } from 'node:zlib';
import { Area } from '../case.ts';

const area = new Area('propfind');
export const propfindCases = area.cases;

area.fact('the folder itself comes first, folder hrefs end with a slash, file hrefs do not', async (c) => {
  await c.mkcol('dir', 'dir/sub');
  await c.put('dir/a.txt');
  const hits = (await c.propfind('dir', '1', ['d:getetag'])).hits();
  assert.equal(hits[0]?.href, `${c.href('dir')}/`);
  assert.deepEqual(
    hits
      .slice(1)
      .map(({ href }) => href)
      .toSorted(),
    [c.href('dir/a.txt'), `${c.href('dir/sub')}/`],
  );
});

area.fact('Depth 0, 1, 2 and infinity reach that deep; none and garbage mean 1', async (c) => {
  await c.mkcol('a', 'a/b', 'a/b/c', 'a/b/c/d');
  const count = async (depth: string): Promise<number> =>
    (await c.propfind('a', depth, ['d:getetag'])).hits().length;
  assert.equal(await count('0'), 1);
  assert.equal(await count('1'), 2);
  assert.equal(await count('2'), 3);
  assert.equal(await count('infinity'), 4);
  assert.equal(await count('garbage'), 2);
  const bare = await c.request('PROPFIND', 'a', {
    body: '<d:propfind xmlns:d="DAV:"><d:prop><d:getetag/></d:prop></d:propfind>',
  });
  assert.equal(bare.hits().length, 2);
});

area.fact('a trailing slash in the request changes nothing', async (c) => {
  await c.mkcol('dir');
  const [hit] = (await c.propfind('dir/', '0', ['d:getetag'])).hits();
  assert.equal(hit?.href, `${c.href('dir')}/`);
});

area.fact('Prefer: return=minimal and Brief: t leave the 404 propstat out', async (c) => {
  await c.put('a.txt');
  const plain = await c.propfind('a.txt', '0', ['oc:fileid', 'nc:none']);
  assert.equal(plain.hits()[0]?.statuses.get('nc:none'), 404);
  for (const headers of [{ prefer: 'return=minimal' }, { brief: 't' }]) {
    const reply = await c.propfind('a.txt', '0', ['oc:fileid', 'nc:none'], { headers });
    assert.deepEqual([...(reply.hits()[0]?.statuses.keys() ?? [])], ['oc:fileid']);
    assert.equal(reply.header('preference-applied'), undefined);
  }
});

area.fact('a gzipped body on Accept-Encoding: gzip, never otherwise', async (c) => {
  await c.mkcol('dir');
  for (let n = 0; n < 20; n++) await c.put(`dir/${n}`);
  const zipped = await c.propfind('dir', '1', ['d:getetag'], { headers: { 'accept-encoding': 'gzip' } });
  assert.equal(zipped.is(207).header('content-encoding'), 'gzip');
  assert.match(gunzipSync(zipped.body).toString(), /<\/d:multistatus>/);
  const plain = await c.propfind('dir', '1', ['d:getetag'], {
    headers: { 'accept-encoding': 'br, deflate' },
  });
  assert.equal(plain.header('content-encoding'), undefined);
  assert.equal(plain.hits().length, 21);
});

area.fact('hrefs leave letters, digits and -_.~():@ as they are, the rest is lower-case hex', async (c) => {
  await c.put(encodeURIComponent('a b+c&d%e#f?g\'h"é😀(x):@~'));
  const hits = (await c.propfind('', '1', ['d:getetag'])).hits();
  assert.equal(hits[1]?.href, `${c.href()}/a%20b%2bc%26d%25e%23f%3fg%27h%22%c3%a9%f0%9f%98%80(x):@~`);
});

area.fact('a missing path is 404 with the path in the message', async (c) => {
  (await c.propfind('none', '0', ['d:getetag'])).refused(
    404,
    'S\\NotFound',
    `File with name ${c.folder}/none could not be located`,
  );
});

area.fact('below a file there is nothing: 404', async (c) => {
  await c.put('a.txt');
  (await c.propfind('a.txt/b', '0', ['d:getetag'])).refused(404, 'S\\NotFound');
});

area.fact('an unknown user is 404, the list of users 405', async (c) => {
  const unknown = await c.findAt(`${c.root}/remote.php/dav/files/no-such-user-4711/`, '0', ['d:getetag']);
  unknown.refused(404, 'S\\NotFound', 'Principal with name no-such-user-4711 not found');
  const list = await c.findAt(`${c.root}/remote.php/dav/files/`, '1', ['d:getetag']);
  list.refused(405, 'S\\MethodNotAllowed', 'Listing members of this collection is disabled');
});

area.fact(
  "another user's home is an empty folder without an etag, and closed",
  async (c) => {
    const base = c.base(c.cast.other);
    const hits = (await c.findAt(`${base}/`, '1', ['d:getetag', 'd:resourcetype'])).hits();
    assert.equal(hits.length, 1);
    assert.equal(hits[0]?.statuses.get('d:getetag'), 404);
    (await c.findAt(`${base}/x`, '0', ['d:getetag'])).refused(404, 'S\\NotFound');
    (await c.send('PUT', `${base}/x`, { body: 'x' })).refused(403, 'S\\Forbidden');
    (await c.send('MKCOL', `${base}/x`)).refused(403, 'S\\Forbidden');
    (await c.send('GET', `${base}/x`)).refused(404, 'S\\NotFound');
  },
  { needs: 'accounts' },
);

area.fact('the user id of the address is taken in any case, and echoed as it was sent', async (c) => {
  const upper = c.server.login.userId.toUpperCase();
  const [hit] = (
    await c.findAt(`${c.root}/remote.php/dav/files/${encodeURIComponent(upper)}${c.folder}/`, '0', [
      'd:getetag',
    ])
  ).hits();
  assert.ok(hit?.href.includes(`/files/${upper}/`));
  assert.ok(hit?.properties.has('d:getetag'));
});

area.fact('a body that is not XML is 400, another root element too', async (c) => {
  (await c.request('PROPFIND', '', { headers: { depth: '0' }, body: '<d:prop' })).refused(
    400,
    'S\\BadRequest',
  );
  (await c.request('PROPFIND', '', { headers: { depth: '0' }, body: '<foo/>' })).refused(
    400,
    'S\\BadRequest',
    /Expected \{DAV:\}propfind but received \{\}foo as the root element/,
  );
});

area.fact('If-None-Match with the etag of a file is 412, with that of a folder it is ignored', async (c) => {
  await c.put('a.txt');
  await c.mkcol('dir');
  const ask = async (name: string): Promise<number> =>
    (await c.propfind(name, '0', ['d:getetag'], { headers: { 'if-none-match': await c.etag(name) } })).status;
  assert.equal(await ask('a.txt'), 412);
  assert.equal(await ask('dir'), 207);
});

area.fact('the old base remote.php/webdav lists with its own hrefs', async (c) => {
  const hits = (await c.findAt(`${c.root}/remote.php/webdav${c.folder}/`, '0', ['d:getetag'])).hits();
  assert.equal(hits[0]?.href, `${c.root}/remote.php/webdav${c.folder}/`);
});

area.fact('sync-collection is not offered: 415', async (c) => {
  (
    await c.report('', '', '<d:sync-collection xmlns:d="DAV:"><d:sync-token/><d:prop/></d:sync-collection>')
  ).refused(415, 'S\\ReportNotSupported');
});
