import assert from 'node:assert/strict';
import { Area } from '../case.ts';
import type { ContractContext } from '../context.ts';

const area = new Area('etags');
export const etagCases = area.cases;

interface State {
  readonly etag: string;
  readonly modified: string;
}

async function state(c: ContractContext, name: string): Promise<State> {
  const found = await c.stat(name, 'd:getetag', 'd:getlastmodified');
  return { etag: found.get('d:getetag')?.text ?? '', modified: found.get('d:getlastmodified')?.text ?? '' };
}

/** Whether the etags of folders change by what is done. */
function propagates(
  name: string,
  prepare: (c: ContractContext) => Promise<void>,
  act: (c: ContractContext) => Promise<unknown>,
  changed: Readonly<Record<string, boolean>>,
): void {
  area.fact(name, async (c) => {
    await prepare(c);
    const before = new Map<string, State>();
    for (const path of Object.keys(changed)) before.set(path, await state(c, path));
    await act(c);
    for (const [path, wanted] of Object.entries(changed)) {
      const after = await state(c, path);
      assert.equal(after.etag !== before.get(path)?.etag, wanted, `etag of ${path || 'the folder'}`);
    }
  });
}

const deep = async (c: ContractContext): Promise<void> => {
  await c.mkcol('a', 'a/b', 'z');
  await c.put('a/b/f.txt', 'one', { 'x-oc-mtime': '1600000000' });
};
const all = { '': true, a: true, 'a/b': true, z: false };
const none = { '': false, a: false, 'a/b': false, z: false };

propagates(
  'an overwrite changes every ancestor and no sibling',
  deep,
  (c) => c.put('a/b/f.txt', 'two', { 'x-oc-mtime': '1600000100' }),
  all,
);
propagates('a new file changes every ancestor', deep, (c) => c.put('a/b/g.txt'), all);
propagates('a new folder changes every ancestor', deep, (c) => c.mkcol('a/b/c'), all);
propagates('a deletion changes every ancestor', deep, (c) => c.request('DELETE', 'a/b/f.txt'), all);
propagates(
  'a move changes the ancestors of both ends',
  async (c) => {
    await deep(c);
    await c.mkcol('y');
  },
  (c) => c.request('MOVE', 'a/b/f.txt', { headers: { destination: c.url('z/f.txt') } }),
  { '': true, a: true, 'a/b': true, z: true, y: false },
);
area.fact(
  'a copy changes the ancestors of the target, on newer servers those of the source too',
  async (c) => {
    await deep(c);
    const before = [await c.etag('z'), await c.etag('a/b')];
    (await c.request('COPY', 'a/b/f.txt', { headers: { destination: c.url('z/f.txt') } })).is(201);
    const after = [await c.etag('z'), await c.etag('a/b')];
    assert.deepEqual(
      after.map((etag, index) => etag !== before[index]),
      [true, c.major >= 30],
    );
  },
  { versions: 'COPY changes the etags above the source in 34; in 28 and 29 only those above the target.' },
);

propagates(
  'a favourite changes no etag',
  deep,
  async (c) => (await c.proppatch('a/b/f.txt', '<oc:favorite>1</oc:favorite>')).is(207),
  { ...none, 'a/b/f.txt': false },
);
propagates(
  'reading and refused requests change no etag',
  deep,
  async (c) => {
    await c.content('a/b/f.txt');
    (await c.request('PUT', 'a/b/f.txt', { body: 'x', headers: { 'if-none-match': '*' } })).is(412);
  },
  { ...none, 'a/b/f.txt': false },
);
propagates(
  'PROPPATCH of d:lastmodified changes the node and the ancestors',
  deep,
  async (c) => (await c.proppatch('a/b/f.txt', '<d:lastmodified>1500000000</d:lastmodified>')).is(207),
  { ...all, 'a/b/f.txt': true },
);

area.fact("a folder's mtime is the time of the change, never the X-OC-MTime of a file in it", async (c) => {
  await deep(c);
  const { modified } = await state(c, 'a/b');
  assert.ok(Math.abs(Date.parse(modified) - Date.now()) < 300_000, modified);
});

area.fact('all ancestors of one change share one etag', async (c) => {
  await deep(c);
  assert.equal((await state(c, 'a')).etag, (await state(c, 'a/b')).etag);
});

area.fact('an overwrite of equal size with the same X-OC-MTime keeps the etag', async (c) => {
  await c.put('f.txt', 'AAAA', { 'x-oc-mtime': '1600000000' });
  const { etag } = await state(c, 'f.txt');
  await c.put('f.txt', 'BBBB', { 'x-oc-mtime': '1600000000' });
  assert.equal((await state(c, 'f.txt')).etag, etag);
  assert.equal(await c.content('f.txt'), 'BBBB');
  await c.put('f.txt', 'CCCC', { 'x-oc-mtime': '1600000001' });
  assert.notEqual((await state(c, 'f.txt')).etag, etag);
});

area.fact('a weak overwrite passes If-Match with the old etag', async (c) => {
  const first = await c.put('f.txt', 'AAAA', { 'x-oc-mtime': '1600000000' });
  await c.put('f.txt', 'BBBB', { 'x-oc-mtime': '1600000000' });
  const guarded = await c.request('PUT', 'f.txt', {
    body: 'CCCC',
    headers: { 'if-match': first.header('etag') ?? '' },
  });
  guarded.is(204);
});

area.fact('a file made anew after a deletion has another etag and id', async (c) => {
  await c.put('f.txt', 'AAAA', { 'x-oc-mtime': '1600000000' });
  const id = await c.fileId('f.txt');
  (await c.request('DELETE', 'f.txt')).is(204);
  await c.put('f.txt', 'AAAA', { 'x-oc-mtime': '1600000000' });
  assert.notEqual(await c.fileId('f.txt'), id);
});

area.fact('a move keeps etag, file id and mtime', async (c) => {
  await c.put('f.txt', 'AAAA', { 'x-oc-mtime': '1600000000' });
  const before = [await state(c, 'f.txt'), await c.fileId('f.txt')];
  (await c.request('MOVE', 'f.txt', { headers: { destination: c.url('g.txt') } })).is(201);
  assert.deepEqual([await state(c, 'g.txt'), await c.fileId('g.txt')], before);
});

area.fact(
  'a copy has a new file id',
  async (c) => {
    await c.put('f.txt', 'AAAA', { 'x-oc-mtime': '1600000000' });
    const before = await state(c, 'f.txt');
    (await c.request('COPY', 'f.txt', { headers: { destination: c.url('g.txt') } })).is(201);
    const after = await state(c, 'g.txt');
    assert.notEqual(await c.fileId('g.txt'), await c.fileId('f.txt'));
    assert.equal(after.etag === before.etag, c.major >= 30);
    assert.equal(after.modified === before.modified, c.major >= 30);
  },
  { versions: 'A copy keeps the mtime of its source in 34; in 28 and 29 it has the time of the copying.' },
);

area.fact('the etag of a folder does not tell of favourites, only REPORT does', async (c) => {
  await c.mkcol('a');
  const before = await state(c, '');
  (await c.proppatch('a', '<oc:favorite>1</oc:favorite>')).is(207);
  assert.deepEqual(await state(c, ''), before);
});
