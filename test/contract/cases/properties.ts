import assert from 'node:assert/strict';
import { Area } from '../case.ts';
import { child } from '../xml.ts';

const area = new Area('properties');
export const propertyCases = area.cases;

area.fact('an empty body and allprop give the same five properties', async (c) => {
  await c.put('a.txt');
  const empty = (await c.request('PROPFIND', 'a.txt', { headers: { depth: '0' } })).hits();
  const body = '<d:propfind xmlns:d="DAV:"><d:allprop/></d:propfind>';
  const all = (await c.request('PROPFIND', 'a.txt', { headers: { depth: '0' }, body })).hits();
  const five = ['d:getcontentlength', 'd:getcontenttype', 'd:getetag', 'd:getlastmodified', 'd:resourcetype'];
  assert.deepEqual([...(empty[0]?.properties.keys() ?? [])].toSorted(), five);
  assert.deepEqual([...(all[0]?.properties.keys() ?? [])].toSorted(), five);
});

area.fact('a file has these properties with these values', async (c) => {
  await c.put('a.txt', '12345', { 'x-oc-mtime': '1600000000' });
  const found = await c.stat(
    'a.txt',
    'd:getetag',
    'd:getlastmodified',
    'd:getcontentlength',
    'd:getcontenttype',
    'd:resourcetype',
    'oc:size',
    'oc:fileid',
    'oc:id',
    'oc:permissions',
    'oc:favorite',
    'oc:owner-id',
    'oc:owner-display-name',
    'nc:has-preview',
    'nc:mount-type',
    'oc:share-types',
    'nc:system-tags',
  );
  const text = (name: string): string | undefined => found.get(name)?.text;
  assert.match(text('d:getetag') ?? '', /^"[0-9a-f]{32}"$/);
  assert.equal(text('d:getlastmodified'), 'Sun, 13 Sep 2020 12:26:40 GMT');
  assert.equal(text('d:getcontentlength'), '5');
  assert.equal(text('d:getcontenttype'), 'text/plain');
  assert.equal(text('oc:size'), '5');
  assert.match(text('oc:fileid') ?? '', /^\d+$/);
  assert.ok(text('oc:id')?.startsWith(text('oc:fileid')?.padStart(8, '0') ?? 'none'));
  assert.equal(text('oc:permissions'), 'RGDNVW');
  assert.equal(text('oc:favorite'), '0');
  assert.equal(text('oc:owner-id'), c.server.login.userId);
  assert.equal(text('nc:mount-type'), '');
  assert.equal(text('nc:has-preview'), 'true');
  assert.deepEqual(found.get('d:resourcetype')?.children, []);
  assert.deepEqual(found.get('oc:share-types')?.children, []);
  assert.deepEqual(found.get('nc:system-tags')?.children, []);
});

area.fact('a folder has these properties with these values', async (c) => {
  await c.mkcol('dir', 'dir/sub');
  await c.put('dir/a.txt', '12345');
  await c.put('dir/sub/b.txt', '1234567');
  const found = await c.stat(
    'dir',
    'd:getetag',
    'd:resourcetype',
    'oc:size',
    'oc:permissions',
    'd:quota-used-bytes',
    'd:quota-available-bytes',
    'nc:contained-file-count',
    'nc:contained-folder-count',
  );
  const text = (name: string): string | undefined => found.get(name)?.text;
  assert.match(text('d:getetag') ?? '', /^"[0-9a-f]{13}"$/);
  assert.equal(found.get('d:resourcetype')?.children[0]?.name, 'd:collection');
  assert.equal(text('oc:size'), '12');
  assert.equal(text('oc:permissions'), 'RGDNVCK');
  assert.equal(text('nc:contained-file-count'), '1');
  assert.equal(text('nc:contained-folder-count'), '1');
  assert.match(text('d:quota-used-bytes') ?? '', /^\d+$/);
  assert.match(text('d:quota-available-bytes') ?? '', /^-?\d+$/);
});

area.fact(
  'what a node does not have is a propstat of 404',
  async (c) => {
    await c.mkcol('dir');
    await c.put('a.txt');
    const ask = async (name: string, ...properties: string[]): Promise<number[]> => [
      ...((await c.propfind(name, '0', properties)).hits()[0]?.statuses.values() ?? []),
    ];
    assert.deepEqual(
      await ask('dir', 'd:getcontentlength', 'd:getcontenttype', 'oc:checksums', 'nc:nonsense'),
      [404, 404, 404, 404],
    );
    assert.deepEqual(
      await ask('a.txt', 'd:quota-used-bytes', 'oc:checksums', 'nc:contained-file-count'),
      [404, 404, 404],
    );
    assert.deepEqual(await ask('a.txt', 'nc:note'), [c.by({ 28: 200, 30: 404 })]);
  },
  { versions: '`nc:note` is there and empty on own files in 28 and 29.' },
);

area.fact(
  'nc:creation_time is 0 unless X-OC-CTime set it; nc:upload_time is the time of the PUT',
  async (c) => {
    await c.put('a.txt', 'x', { 'x-oc-ctime': '1500000000', 'x-oc-mtime': '1600000000' });
    await c.put('b.txt');
    assert.equal(await c.text('a.txt', 'nc:creation_time'), '1500000000');
    assert.equal(await c.text('b.txt', 'nc:creation_time'), '0');
    const uploaded = Number(await c.text('a.txt', 'nc:upload_time'));
    assert.ok(Math.abs(uploaded - Date.now() / 1000) < 300, `upload time ${uploaded}`);
  },
);

area.fact(
  'nc:lock is there on every node, the other lock properties only while locked',
  async (c) => {
    await c.put('a.txt');
    const [hit] = (await c.propfind('a.txt', '0', ['nc:lock', 'nc:lock-owner', 'nc:lock-time'])).hits();
    assert.equal(hit?.statuses.get('nc:lock'), c.by({ 28: 404, 31: 200 }));
    assert.equal(hit?.properties.get('nc:lock')?.text ?? '', '');
    assert.equal(hit?.statuses.get('nc:lock-owner'), 404);
  },
  { versions: 'The app files_lock is part of 34 and not of 28 and 29; without it `nc:lock` is 404.' },
);

area.fact(
  'nc:is-mount-root, nc:mount-type and ocs:share-permissions of an own folder',
  async (c) => {
    await c.mkcol('dir');
    const [hit] = (
      await c.propfind('dir', '0', ['nc:is-mount-root', 'nc:mount-type', 'ocs:share-permissions'])
    ).hits();
    assert.equal(hit?.statuses.get('nc:is-mount-root'), c.by({ 28: 404, 29: 200 }));
    assert.equal(hit?.statuses.get('nc:mount-type'), 200);
    assert.equal(hit?.properties.get('ocs:share-permissions')?.text, '31');
  },
  { versions: '`nc:is-mount-root` is in 29 and 34, not in 28.' },
);

area.fact(
  'nc:last_activity came after 30',
  async (c) => {
    await c.put('a.txt', 'x', { 'x-oc-mtime': '1600000000' });
    const [hit] = (await c.propfind('a.txt', '0', ['nc:last_activity', 'nc:upload_time'])).hits();
    assert.equal(hit?.statuses.get('nc:last_activity'), c.by({ 28: 404, 31: 200 }));
    if (c.major >= 31)
      assert.equal(
        hit?.properties.get('nc:last_activity')?.text,
        hit?.properties.get('nc:upload_time')?.text,
      );
  },
  { versions: '`nc:last_activity` is in 34; 404 in 28 and 29.' },
);

area.fact('the root names the current user principal', async (c) => {
  const hits = (await c.findAt(`${c.root}/remote.php/dav/`, '0', ['d:current-user-principal'])).hits();
  const principal = hits[0]?.properties.get('d:current-user-principal');
  assert.equal(
    principal && child(principal, 'd:href')?.text,
    `${c.root}/remote.php/dav/principals/users/${encodeURIComponent(c.server.login.userId)}/`,
  );
});

area.fact('checksums sent with the file come back, one word each', async (c) => {
  await c.put('a.txt', 'x', {
    'oc-checksum': 'SHA1:11f6ad8ec52a2984abaafd7c3b516503785c2072 MD5:9dd4e461268c8034f5c8564e155c67a6',
  });
  const found = (await c.stat('a.txt', 'oc:checksums')).get('oc:checksums')?.children.map(({ text }) => text);
  assert.equal(
    found?.join(' '),
    'SHA1:11f6ad8ec52a2984abaafd7c3b516503785c2072 MD5:9dd4e461268c8034f5c8564e155c67a6',
  );
});
