import assert from 'node:assert/strict';
import { Area } from '../case.ts';
import type { ContractContext } from '../context.ts';
import type { Login } from '../server.ts';
import type { Reply } from '../reply.ts';

const area = new Area('shares and links');
export const shareCases = area.cases;

const API = '/apps/files_sharing/api/v1/shares';

async function share(c: ContractContext, fields: Readonly<Record<string, string>>): Promise<Reply> {
  return c.ocs('POST', API, {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  });
}

interface Share {
  readonly id: string;
  readonly token?: string;
  readonly url?: string;
  readonly permissions: number;
  readonly item_source: number;
}

interface Terms {
  readonly note: string;
  readonly expiration: string | null;
  readonly password: string | null;
}

const dataOf = (reply: Reply): unknown => (reply.json() as { ocs: { data: unknown } }).ocs.data;
const messageOf = (reply: Reply): string =>
  (reply.json() as { ocs: { meta: { message: string } } }).ocs.meta.message;

async function shareFolder(
  c: ContractContext,
  permissions: string,
): Promise<{ id: string; theirs: string; as: Login }> {
  const name = `s${c.folder.replaceAll('/', '-')}`;
  await c.mkcol(name);
  await c.put(`${name}/a.txt`, 'mine');
  const reply = await share(c, {
    path: `${c.folder}/${name}`,
    shareType: '0',
    shareWith: c.cast.other.userId,
    permissions,
  });
  const { id } = dataOf(reply.is(200)) as Share;
  return { id, theirs: `${c.base(c.cast.other)}/${name}`, as: c.cast.other };
}

async function unshare(c: ContractContext, id: string): Promise<void> {
  (await c.ocs('DELETE', `${API}/${id}`)).is(200);
}

area.fact(
  'a received folder has S in its permissions, and its owner',
  async (c) => {
    const { id, theirs, as } = await shareFolder(c, '31');
    const [hit] = (
      await c.findAt(theirs, '0', ['oc:permissions', 'oc:owner-id', 'nc:mount-type', 'oc:fileid'], { as })
    ).hits();
    assert.equal(hit?.properties.get('oc:permissions')?.text, 'SRGDNVCK');
    assert.equal(hit?.properties.get('oc:owner-id')?.text, c.server.login.userId);
    assert.equal(hit?.properties.get('nc:mount-type')?.text, 'shared');
    await unshare(c, id);
  },
  { needs: 'received share' },
);

area.fact(
  'in a read-only share every change is 403',
  async (c) => {
    const { id, theirs, as } = await shareFolder(c, '1');
    const [hit] = (await c.findAt(`${theirs}/a.txt`, '0', ['oc:permissions'], { as })).hits();
    assert.equal(hit?.properties.get('oc:permissions')?.text, 'SG');
    (await c.send('PUT', `${theirs}/a.txt`, { as, body: 'x' })).refused(403, 'S\\Forbidden');
    (await c.send('PUT', `${theirs}/b.txt`, { as, body: 'x' })).refused(403, 'S\\Forbidden');
    (await c.send('MKCOL', `${theirs}/dir`, { as })).refused(403, 'S\\Forbidden');
    (await c.send('DELETE', `${theirs}/a.txt`, { as })).refused(403, 'S\\Forbidden');
    assert.equal((await c.send('GET', `${theirs}/a.txt`, { as })).is(200).text, 'mine');
    await unshare(c, id);
  },
  { needs: 'received share' },
);

area.fact(
  'a write in a share changes the etags of the owner and of the recipient',
  async (c) => {
    const { id, theirs, as } = await shareFolder(c, '31');
    const homeEtag = async (): Promise<string | undefined> =>
      (await c.findAt(`${c.base(as)}/`, '0', ['d:getetag'], { as })).hits()[0]?.properties.get('d:getetag')
        ?.text;
    const before = [await homeEtag(), await c.etag('')];
    (await c.send('PUT', `${theirs}/b.txt`, { as, body: 'x' })).is(201);
    assert.notEqual(await homeEtag(), before[0]);
    assert.notEqual(await c.etag(''), before[1]);
    await unshare(c, id);
  },
  { needs: 'received share' },
);

area.fact(
  'who shares what shows in oc:share-types and nc:sharees',
  async (c) => {
    const { id } = await shareFolder(c, '31');
    const name = `s${c.folder.replaceAll('/', '-')}`;
    const found = await c.stat(name, 'oc:share-types', 'nc:sharees');
    assert.deepEqual(
      found.get('oc:share-types')?.children.map(({ text }) => text),
      ['0'],
    );
    const [sharee] = found.get('nc:sharees')?.children ?? [];
    assert.equal(sharee?.children.find(({ name: part }) => part === 'nc:id')?.text, c.cast.other.userId);
    await unshare(c, id);
  },
  { needs: 'accounts' },
);

area.fact('a link: a token, an address, read permission; gone after DELETE', async (c) => {
  await c.put('a.txt', 'hello');
  const made = dataOf((await share(c, { path: `${c.folder}/a.txt`, shareType: '3' })).is(200)) as Share;
  assert.match(made.token ?? '', /^\w{15,}$/);
  assert.ok(made.url?.endsWith(`/s/${made.token}`));
  assert.equal(made.permissions & 1, 1);
  assert.equal(made.item_source, await c.fileId('a.txt'));
  const list = dataOf(
    await c.ocs('GET', `${API}?path=${encodeURIComponent(`${c.folder}/a.txt`)}`),
  ) as Share[];
  assert.deepEqual(
    list.map(({ id }) => id),
    [made.id],
  );
  const types = (await c.stat('a.txt', 'oc:share-types'))
    .get('oc:share-types')
    ?.children.map(({ text }) => text);
  assert.deepEqual(types, ['3']);
  await unshare(c, made.id);
  (await c.ocs('DELETE', `${API}/${made.id}`)).is(404);
});

area.fact('a share of what is not there is 404, of an unknown type 400', async (c) => {
  await c.put('a.txt');
  const missing = await share(c, { path: `${c.folder}/none`, shareType: '3' });
  assert.equal(messageOf(missing.is(404)), 'Wrong path, file/folder does not exist');
  const odd = await share(c, { path: `${c.folder}/a.txt`, shareType: '99' });
  assert.equal(messageOf(odd.is(400)), 'Unknown share type');
});

area.fact('a share with a date that is none is 404', async (c) => {
  await c.put('a.txt');
  const reply = await share(c, { path: `${c.folder}/a.txt`, shareType: '3', expireDate: 'no-such-date' });
  reply.is(404);
});

area.fact('one PUT changes several terms of a share, or none of them', async (c) => {
  await c.put('a.txt');
  const fields = { path: `${c.folder}/a.txt`, shareType: '3', permissions: '1' };
  const { id } = dataOf((await share(c, fields)).is(200)) as Share;
  const change = async (terms: Readonly<Record<string, string>>): Promise<Reply> =>
    c.ocs('PUT', `${API}/${id}`, {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(terms).toString(),
    });
  const terms = async (): Promise<unknown[]> => {
    const [now] = dataOf(await c.ocs('GET', `${API}/${id}`)) as (Share & Terms)[];
    return [(now?.permissions ?? 0) & 3, now?.note, now?.expiration?.slice(0, 10), Boolean(now?.password)];
  };
  const day = `${new Date().getFullYear() + 1}-01-05`;
  const all = { permissions: '3', note: 'Hi', expireDate: day, password: 'Zx9-quite-long-pw' };
  (await change(all)).is(200);
  assert.deepEqual(await terms(), [3, 'Hi', day, true]);
  (await change({ permissions: '1', note: 'Other', expireDate: '2020-01-05' })).is(404);
  assert.deepEqual(await terms(), [3, 'Hi', day, true]);
  await unshare(c, id);
});

area.fact('OCS without its header is 412', async (c) => {
  (await c.at('GET', `/ocs/v2.php${API}`, { headers: { accept: 'application/json' } })).is(412);
});

interface Direct {
  readonly url: string;
}

area.fact('a direct link is read by anyone, in ranges too', async (c) => {
  await c.put('a.txt', 'hello');
  const reply = await c.ocs('POST', '/apps/dav/api/v1/direct', {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: `fileId=${await c.fileId('a.txt')}&expirationTime=60`,
  });
  const { url } = dataOf(reply.is(200)) as Direct;
  assert.match(url, /\/remote\.php\/direct\/\w{60}$/);
  const path = new URL(url).pathname;
  assert.equal((await c.send('GET', path, { as: null })).is(200).text, 'hello');
  assert.equal((await c.send('GET', path, { as: null, headers: { range: 'bytes=1-2' } })).is(206).text, 'el');
});

area.fact('a direct link for a folder or too long a time is 400, for an unknown id 404', async (c) => {
  await c.put('a.txt');
  await c.mkcol('dir');
  const ask = async (fileId: number, time: number): Promise<Reply> =>
    c.ocs('POST', '/apps/dav/api/v1/direct', {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `fileId=${fileId}&expirationTime=${time}`,
    });
  (await ask(await c.fileId('dir'), 60)).is(400);
  (await ask(await c.fileId('a.txt'), 90_000)).is(400);
  (await ask(99999999, 60)).is(404);
});
