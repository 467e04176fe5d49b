import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { Area } from '../case.ts';
import { fails } from '../failure.ts';
import { fetchFile } from '../../../src/nextcloud/dav/get.ts';
import { propfind } from '../../../src/nextcloud/dav/propfind.ts';
import { findTaggedFiles } from '../../../src/nextcloud/apps/tags.ts';
import { davCopy, davMkcol, davMove, davPut, davDelete } from '../../../src/nextcloud/dav/dav-methods.ts';
import type { ROOT } from '../../../src/path.ts';

const area = new Area('client');
export const clientCases = area.cases;

area.fact('propfind: everything it asks of a file', async (c) => {
  await c.put('a.txt', 'hello', {
    'x-oc-mtime': '1600000000',
    'x-oc-ctime': '1500000000',
    'oc-checksum': 'MD5:5d41402abc4b2a76b9719d911017c592',
  });
  (await c.proppatch('a.txt', '<oc:favorite>1</oc:favorite>')).is(207);
  const { resources, odd } = await propfind(c.account, c.path('a.txt'), 0, {});
  assert.deepEqual(odd, []);
  const [self] = resources;
  assert.equal(self?.path, c.path('a.txt'));
  assert.equal(self.folder, false);
  assert.equal(`"${self.etag}"`, await c.etag('a.txt'));
  assert.equal(self.size, 5);
  assert.equal(self.modified, 1_600_000_000_000);
  assert.equal(self.mime, 'text/plain');
  assert.equal(self.fileId, String(await c.fileId('a.txt')));
  const { detail } = self;
  assert.equal(detail?.created, 1_500_000_000_000);
  assert.equal(self.permissions, 'RGDNVW');
  assert.equal(detail.ownerId, c.server.login.userId);
  assert.equal(detail.favorite, true);
  assert.deepEqual(detail.checksums, ['MD5:5d41402abc4b2a76b9719d911017c592']);
  assert.equal(detail.hasPreview, true);
  assert.equal(detail.lock, undefined);
  assert.ok(Math.abs((detail.uploaded ?? 0) - Date.now()) < 300_000);
});

area.fact('propfind: everything it asks of a folder', async (c) => {
  await c.mkcol('dir', 'dir/sub');
  await c.put('dir/a.txt', '12345');
  const { resources } = await propfind(c.account, c.path('dir'), 0, {});
  const [self] = resources;
  assert.equal(self?.folder, true);
  assert.equal(self.size, 5);
  assert.equal(self.mime, undefined);
  assert.equal(self.detail?.files, 1);
  assert.equal(self.detail.folders, 1);
  assert.equal(typeof self.detail.quotaUsed, 'number');
  assert.equal(typeof self.detail.quotaAvailable, 'number');
});

area.fact('propfind: a listing, one level and all', async (c) => {
  await c.mkcol('dir', 'dir/sub');
  await c.put('dir/a%20%23%25.txt', '12345');
  await c.put('dir/sub/b.txt', '1');
  const paths = async (depth: 1 | 2 | 'infinity'): Promise<string[]> =>
    (await propfind(c.account, c.path('dir'), depth, {})).resources
      .map(({ path }) => path.slice(c.folder.length + 1))
      .toSorted();
  assert.deepEqual(await paths(1), ['dir', 'dir/a #%.txt', 'dir/sub']);
  assert.deepEqual(await paths(2), ['dir', 'dir/a #%.txt', 'dir/sub', 'dir/sub/b.txt']);
  assert.deepEqual(await paths('infinity'), ['dir', 'dir/a #%.txt', 'dir/sub', 'dir/sub/b.txt']);
});

area.fact('propfind: a missing path, and a .part name that the server invents, are not_found', async (c) => {
  await assert.rejects(propfind(c.account, c.path('none'), 0, {}), fails('not_found'));
  await assert.rejects(propfind(c.account, c.path('x.part'), 0, {}), fails('not_found'));
});

area.fact('fetchFile: whole, part, and 416 as invalid_input', async (c) => {
  await c.put('a.txt', '0123456789');
  const read = async (range?: { start: number; end?: number }): Promise<string> =>
    fetchFile(c.account, c.path('a.txt'), range ? { range } : {}, async ({ size, etag }, body) => {
      assert.equal(size, 10);
      assert.equal(`"${etag}"`, await c.etag('a.txt'));
      let text = '';
      for await (const chunk of body) text += chunk.toString();
      return text;
    });
  assert.equal(await read(), '0123456789');
  assert.equal(await read({ start: 2, end: 4 }), '234');
  assert.equal(await read({ start: 7 }), '789');
  await assert.rejects(read({ start: 10 }), fails('invalid_input', 416));
});

area.fact('fetchFile: a folder is refused', async (c) => {
  await assert.rejects(
    fetchFile(c.account, c.folder, {}, () => Promise.resolve()),
    fails('invalid_response'),
  );
});

area.fact('taggedFiles finds by the name of a tag, and names those there are', async (c) => {
  const name = `contract-client-${Date.now()}`;
  const made = await c.at('POST', '/remote.php/dav/systemtags/', {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, userVisible: true, userAssignable: true }),
  });
  const id = made.is(201).header('content-location')?.split('/').at(-1);
  await c.put('a.txt');
  (await c.at('PUT', `/remote.php/dav/systemtags-relations/files/${await c.fileId('a.txt')}/${id}`)).is(201);
  const { resources } = await findTaggedFiles(c.account, name.toUpperCase(), false, {});
  assert.deepEqual(
    resources.map(({ path }) => path),
    [c.path('a.txt')],
  );
  await assert.rejects(findTaggedFiles(c.account, 'no such tag', false, {}), fails('not_found'));
});

const upload = (text: string): { length: number; body: () => Readable } => ({
  length: Buffer.byteLength(text),
  body: () => Readable.from([Buffer.from(text)]),
});

area.fact('put: create only, replace only what was read, and the hash of what arrived', async (c) => {
  const path = c.path('a.txt');
  const made = await davPut(c.account, path, {
    ...upload('hello'),
    headers: { 'if-none-match': '*', 'x-hash': 'sha256', 'x-oc-mtime': '1600000000' },
  });
  assert.equal(made.status, 201);
  assert.equal(made.headers.get('x-hash-sha256'), createHash('sha256').update('hello').digest('hex'));
  await assert.rejects(
    davPut(c.account, path, { ...upload('again'), headers: { 'if-none-match': '*' } }),
    fails('precondition_failed', 412),
  );
  const etag = made.headers.get('oc-etag') ?? '';
  const replaced = await davPut(c.account, path, { ...upload('newer!'), headers: { 'if-match': etag } });
  assert.equal(replaced.status, 204);
  await assert.rejects(
    davPut(c.account, path, { ...upload('late'), headers: { 'if-match': etag } }),
    fails('precondition_failed', 412),
  );
  assert.equal(await c.content('a.txt'), 'newer!');
  await assert.rejects(davPut(c.account, c.path('no/a.txt'), upload('x')), fails('not_found', 404));
  assert.equal((await davPut(c.account, c.path('empty'), upload(''))).status, 201);
});

area.fact('makeFolder: 201; existing and without parent are conflicts', async (c) => {
  assert.equal((await davMkcol(c.account, c.path('dir'), {})).status, 201);
  await assert.rejects(davMkcol(c.account, c.path('dir'), {}), fails('conflict', 405));
  await assert.rejects(davMkcol(c.account, c.path('no/dir'), {}), fails('conflict', 409));
});

for (const [name, verb] of [
  ['move', davMove],
  ['copy', davCopy],
] as const)
  area.fact(`${name}: never onto an existing name unless it has the etag that was seen`, async (c) => {
    await c.put('a.txt', 'a', { 'x-oc-mtime': '1600000000' });
    await c.put('b.txt', 'bb', { 'x-oc-mtime': '1600000000' });
    await assert.rejects(
      verb(c.account, c.path('a.txt'), c.path('b.txt'), {}),
      fails('precondition_failed', 412),
    );
    await assert.rejects(
      verb(c.account, c.path('a.txt'), c.path('b.txt'), { replaces: 'stale' }),
      fails('precondition_failed', 412),
    );
    assert.equal(await c.content('b.txt'), 'bb');
    const replaces = (await c.etag('b.txt')).replaceAll('"', '');
    assert.equal((await verb(c.account, c.path('a.txt'), c.path('b.txt'), { replaces })).status, 204);
    assert.equal(await c.content('b.txt'), 'a');
    assert.equal((await verb(c.account, c.path('b.txt'), c.path('n é#%25.txt'), {})).status, 201);
    assert.equal(await c.content(encodeURIComponent('n é#%25.txt')), 'a');
    await assert.rejects(verb(c.account, c.path('none'), c.path('x'), {}), fails('not_found', 404));
    await assert.rejects(
      verb(c.account, c.path('b.txt').replace('b.txt', 'n é#%25.txt') as typeof ROOT, c.path('no/x'), {}),
      fails('conflict', 409),
    );
  });

area.fact('remove: 204, and a missing name is not_found', async (c) => {
  await c.put('a.txt');
  assert.equal((await davDelete(c.account, c.path('a.txt'), {})).status, 204);
  await assert.rejects(davDelete(c.account, c.path('a.txt'), {}), fails('not_found', 404));
});
