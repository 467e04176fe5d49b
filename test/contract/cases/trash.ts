import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { Area } from '../case.ts';
import type { ContractContext } from '../context.ts';
import type { Hit } from '../xml.ts';

const area = new Area('trash');
export const trashCases = area.cases;

const properties = [
  'd:getetag',
  'nc:trashbin-filename',
  'nc:trashbin-original-location',
  'nc:trashbin-deletion-time',
  'nc:trashbin-title',
  'oc:fileid',
  'oc:size',
  'oc:permissions',
  'd:resourcetype',
];

const bin = (c: ContractContext): string =>
  `${c.root}/remote.php/dav/trashbin/${encodeURIComponent(c.server.login.userId)}`;
const text = (hit: Hit | undefined, name: string): string | undefined => hit?.properties.get(name)?.text;

/** What lies in the trash from below the case's folder, by its original place there. */
async function trash(c: ContractContext): Promise<Map<string, Hit>> {
  const found = new Map<string, Hit>();
  const prefix = `${c.folder.slice(1)}/`;
  for (const hit of (await c.findAt(`${bin(c)}/trash/`, '1', properties)).hits()) {
    const origin = (text(hit, 'nc:trashbin-original-location') ?? '').replace(/^\//, '');
    if (origin.startsWith(prefix)) found.set(origin.slice(prefix.length), hit);
  }
  return found;
}

async function restore(
  c: ContractContext,
  hit: Hit | undefined,
  headers: Record<string, string> = {},
): Promise<number> {
  const name = hit?.href.replace(/\/$/, '').split('/').at(-1) ?? '';
  const reply = await c.send('MOVE', hit?.href ?? '', {
    headers: { destination: `${c.server.url.origin}${bin(c)}/restore/${name}`, ...headers },
  });
  return reply.status;
}

area.fact(
  'what is deleted lies there as name.d<seconds> with its name, place, time and id',
  async (c) => {
    await c.put('a%20b.txt', '12345');
    const id = await c.fileId('a%20b.txt');
    (await c.request('DELETE', 'a%20b.txt')).is(204);
    const hit = (await trash(c)).get('a b.txt');
    assert.equal(text(hit, 'nc:trashbin-filename'), 'a b.txt');
    assert.equal(text(hit, 'oc:fileid'), String(id));
    assert.equal(text(hit, 'oc:size'), '5');
    assert.equal(text(hit, 'oc:permissions'), 'GD');
    const seconds = text(hit, 'nc:trashbin-deletion-time') ?? '';
    assert.ok(Math.abs(Number(seconds) - Date.now() / 1000) < 300, seconds);
    assert.ok(decodeURIComponent(hit?.href ?? '').endsWith(`/a b.txt.d${seconds}`), hit?.href);
    assert.equal(text(hit, 'd:getetag') ?? '', c.by({ 28: seconds, 29: '', 30: seconds }));
  },
  { versions: 'Files in the trash have their time as etag, but none in 29.' },
);

area.fact('it can be read there, and folders can be listed deeper', async (c) => {
  await c.mkcol('dir');
  await c.put('dir/a.txt', 'hello');
  await c.put('b.txt', 'world');
  for (const name of ['dir', 'b.txt']) (await c.request('DELETE', name)).is(204);
  const found = await trash(c);
  assert.equal((await c.send('GET', found.get('b.txt')?.href ?? '')).is(200).text, 'world');
  const inside = (await c.findAt(found.get('dir')?.href ?? '', '1', properties)).hits();
  assert.equal(inside.length, 2);
  assert.equal((await c.send('GET', inside[1]?.href ?? '')).is(200).text, 'hello');
});

area.fact('a restore is a MOVE to restore/, 201, and keeps id and etag', async (c) => {
  await c.put('a.txt', 'hello', { 'x-oc-mtime': '1600000000' });
  const before = [await c.fileId('a.txt'), await c.etag('a.txt')];
  (await c.request('DELETE', 'a.txt')).is(204);
  assert.equal(await restore(c, (await trash(c)).get('a.txt')), 201);
  assert.deepEqual([await c.fileId('a.txt'), await c.etag('a.txt')], before);
  assert.equal((await trash(c)).size, 0);
});

area.fact('restored where the name is taken it becomes "name (restored).ext"', async (c) => {
  await c.put('a.txt', 'old');
  (await c.request('DELETE', 'a.txt')).is(204);
  await c.put('a.txt', 'new');
  assert.equal(await restore(c, (await trash(c)).get('a.txt')), 201);
  assert.equal(await c.content('a.txt'), 'new');
  assert.equal(await c.content('a%20(restored).txt'), 'old');
});

area.fact('restored after its folder is gone it goes to the home folder', async (c) => {
  const name = `${c.folder.slice(1).replaceAll('/', '-')}-lost.txt`;
  await c.mkcol('dir');
  await c.put(`dir/${name}`, 'lost');
  (await c.request('DELETE', `dir/${name}`)).is(204);
  (await c.request('DELETE', 'dir', { headers: { 'x-nc-skip-trashbin': 'true' } })).is(204);
  const hit = (await trash(c)).get(`dir/${name}`);
  assert.equal(await restore(c, hit), 201);
  const path = `${c.base()}/${name}`;
  assert.equal((await c.send('GET', path)).is(200).text, 'lost');
  (await c.send('DELETE', path, { headers: { 'x-nc-skip-trashbin': 'true' } })).is(204);
});

area.fact(
  'X-NC-Skip-Trashbin: true deletes for good on newer servers',
  async (c) => {
    await c.put('a.txt');
    (await c.request('DELETE', 'a.txt', { headers: { 'x-nc-skip-trashbin': 'true' } })).is(204);
    assert.equal((await trash(c)).has('a.txt'), c.by({ 28: true, 31: false }));
  },
  { versions: '`X-NC-Skip-Trashbin` is not known to 28 and 29: the file goes to the trash.' },
);

area.fact('deleting in the trash is for good: 204, then 404', async (c) => {
  await c.put('a.txt');
  (await c.request('DELETE', 'a.txt')).is(204);
  const { href = '' } = (await trash(c)).get('a.txt') ?? {};
  (await c.send('DELETE', href)).is(204);
  (await c.send('DELETE', href)).refused(404, 'S\\NotFound');
});

area.fact('nothing can be made in the trash, and the bin itself not deleted', async (c) => {
  (await c.send('PUT', `${bin(c)}/trash/x`, { body: 'x' })).refused(
    403,
    'S\\Forbidden',
    'Not allowed to create files in the trashbin',
  );
  (await c.send('MKCOL', `${bin(c)}/trash/x`)).refused(403, 'S\\Forbidden');
  (await c.send('DELETE', bin(c))).is(403);
});

area.fact(
  "another user's trash is closed",
  async (c) => {
    const reply = await c.findAt(
      `${c.root}/remote.php/dav/trashbin/${c.cast.other.userId}/trash/`,
      '1',
      properties,
    );
    reply.refused(403, 'S\\Forbidden');
  },
  { needs: 'accounts' },
);

area.fact('two deletions of one name a second apart are both there', async (c) => {
  for (const body of ['one', 'three']) {
    await c.put('a.txt', body);
    (await c.request('DELETE', 'a.txt')).is(204);
    await pause(1100);
  }
  const hits = (await c.findAt(`${bin(c)}/trash/`, '1', properties))
    .hits()
    .filter((hit) =>
      (text(hit, 'nc:trashbin-original-location') ?? '').endsWith(`${c.folder.slice(1)}/a.txt`),
    );
  assert.deepEqual(hits.map((hit) => text(hit, 'oc:size') ?? '').toSorted(), ['3', '5']);
});

area.fact('MOVE straight into files/ makes a file with a new id', async (c) => {
  await c.put('a.txt', 'hello');
  const id = await c.fileId('a.txt');
  (await c.request('DELETE', 'a.txt')).is(204);
  const { href = '' } = (await trash(c)).get('a.txt') ?? {};
  (await c.send('MOVE', href, { headers: { destination: c.url('b.txt') } })).is(201);
  assert.equal(await c.content('b.txt'), 'hello');
  assert.notEqual(await c.fileId('b.txt'), id);
});

area.fact('what a MOVE replaced lies in the trash', async (c) => {
  await c.put('a.txt', 'new');
  await c.put('b.txt', 'old!');
  (await c.request('MOVE', 'a.txt', { headers: { destination: c.url('b.txt'), overwrite: 'T' } })).is(204);
  assert.equal(text((await trash(c)).get('b.txt'), 'oc:size'), '4');
});
