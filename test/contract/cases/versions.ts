import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { Area } from '../case.ts';
import type { ContractContext } from '../context.ts';
import type { Hit } from '../xml.ts';

const area = new Area('versions');
export const versionCases = area.cases;

const home = (c: ContractContext): string =>
  `${c.root}/remote.php/dav/versions/${encodeURIComponent(c.server.login.userId)}`;

async function versions(c: ContractContext, name: string): Promise<Hit[]> {
  const found = await c.findAt(`${home(c)}/versions/${await c.fileId(name)}`, '1', [
    'd:getcontentlength',
    'd:getlastmodified',
    'nc:version-label',
    'nc:version-author',
  ]);
  return found.hits().slice(1);
}

const size = (hit: Hit): string => hit.properties.get('d:getcontentlength')?.text ?? '';

// The name of a version is the time of its contents, so that no second has to pass between two writes.
async function twoVersions(c: ContractContext): Promise<void> {
  await c.put('a.txt', 'one', { 'x-oc-mtime': '1600000000' });
  await c.put('a.txt', 'two!', { 'x-oc-mtime': '1600000100' });
}

area.fact('an overwrite keeps the old content under its time; the current one is listed too', async (c) => {
  await twoVersions(c);
  const hits = await versions(c, 'a.txt');
  assert.deepEqual(hits.map(size).toSorted(), ['3', '4']);
  assert.deepEqual(hits.map(({ href }) => href.split('/').at(-1) ?? '').toSorted(), [
    '1600000000',
    '1600000100',
  ]);
});

area.fact('an old version can be read, the current one is 404', async (c) => {
  await twoVersions(c);
  const id = await c.fileId('a.txt');
  assert.equal((await c.send('GET', `${home(c)}/versions/${id}/1600000000`)).is(200).text, 'one');
  (await c.send('GET', `${home(c)}/versions/${id}/1600000100`)).is(404);
});

area.fact('a restore is a MOVE to restore/, 201: bytes and time of the version, id as before', async (c) => {
  await twoVersions(c);
  const id = await c.fileId('a.txt');
  const destination = `${c.server.url.origin}${home(c)}/restore/x`;
  (await c.send('MOVE', `${home(c)}/versions/${id}/1600000000`, { headers: { destination } })).is(201);
  assert.equal(await c.content('a.txt'), 'one');
  assert.equal(await c.fileId('a.txt'), id);
  assert.equal(await c.text('a.txt', 'd:getlastmodified'), 'Sun, 13 Sep 2020 12:26:40 GMT');
  assert.ok((await versions(c, 'a.txt')).some((hit) => size(hit) === '4'));
});

area.fact('a version can be named by PROPPATCH', async (c) => {
  await twoVersions(c);
  const path = `${home(c)}/versions/${await c.fileId('a.txt')}/1600000000`;
  const body =
    '<d:propertyupdate xmlns:d="DAV:" xmlns:nc="http://nextcloud.org/ns"><d:set><d:prop><nc:version-label>first</nc:version-label></d:prop></d:set></d:propertyupdate>';
  (await c.send('PROPPATCH', path, { body })).is(207);
  const labelled = (await versions(c, 'a.txt')).find((hit) => size(hit) === '3');
  assert.equal(labelled?.properties.get('nc:version-label')?.text, 'first');
});

area.fact('a version can be deleted: 204', async (c) => {
  await twoVersions(c);
  (await c.send('DELETE', `${home(c)}/versions/${await c.fileId('a.txt')}/1600000000`)).is(204);
  assert.deepEqual((await versions(c, 'a.txt')).map(size), ['4']);
});

area.fact('an unknown file and an unknown version are 404', async (c) => {
  await twoVersions(c);
  (await c.findAt(`${home(c)}/versions/99999999`, '1', ['d:getetag'])).refused(404, 'S\\NotFound');
  (await c.send('GET', `${home(c)}/versions/${await c.fileId('a.txt')}/1234567890`)).refused(
    404,
    'S\\NotFound',
  );
});

area.fact(
  "another user's versions are closed",
  async (c) => {
    (
      await c.findAt(`${c.root}/remote.php/dav/versions/${c.cast.other.userId}/versions/1`, '1', [
        'd:getetag',
      ])
    ).refused(403, 'S\\Forbidden');
  },
  { needs: 'accounts' },
);

area.fact('a rename keeps the versions', async (c) => {
  await twoVersions(c);
  (await c.request('MOVE', 'a.txt', { headers: { destination: c.url('b.txt') } })).is(201);
  assert.equal((await versions(c, 'b.txt')).length, 2);
});

area.fact(
  'an empty old file makes no version',
  async (c) => {
    await c.put('a.txt', '', { 'x-oc-mtime': '1600000000' });
    await c.put('a.txt', 'two!', { 'x-oc-mtime': '1600000100' });
    const sizes = (await versions(c, 'a.txt')).map(size);
    assert.deepEqual(
      sizes.filter((bytes) => bytes !== '0' || c.major >= 29),
      ['4'],
    );
  },
  { versions: 'In 28 an empty old file is kept as a version too.' },
);

area.fact('without X-OC-MTime too, when a second has passed', async (c) => {
  await c.put('a.txt', 'one');
  await pause(1100);
  await c.put('a.txt', 'two!');
  assert.deepEqual((await versions(c, 'a.txt')).map(size).toSorted(), ['3', '4']);
});
