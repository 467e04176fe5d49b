import assert from 'node:assert/strict';
import { Area } from '../case.ts';
import type { ContractContext } from '../context.ts';
import type { Login } from '../server.ts';
import type { Reply } from '../reply.ts';

const area = new Area('locks');
export const lockCases = area.cases;
const versions =
  'Locks by users (the app files_lock) are part of 34 and not of 28 and 29; without it LOCK is 501.';

async function lock(c: ContractContext, name: string, as?: Login): Promise<Reply> {
  return c.request('LOCK', name, { headers: { 'x-user-lock': '1' }, ...(as ? { as } : {}) });
}

const has = (c: ContractContext): boolean => c.major >= 31;

area.fact(
  'LOCK with X-User-Lock is 200 and seen in the properties',
  async (c) => {
    await c.put('a.txt');
    const reply = await lock(c, 'a.txt');
    if (!has(c)) {
      reply.is(501);
      return;
    }
    reply.is(200);
    const found = await c.stat(
      'a.txt',
      'nc:lock',
      'nc:lock-owner',
      'nc:lock-owner-displayname',
      'nc:lock-time',
    );
    assert.equal(found.get('nc:lock')?.text, '1');
    assert.equal(found.get('nc:lock-owner')?.text, c.server.login.userId);
    assert.match(found.get('nc:lock-time')?.text ?? '', /^\d+$/);
    (await c.request('UNLOCK', 'a.txt', { headers: { 'x-user-lock': '1' } })).is(200, 204);
    assert.equal((await c.stat('a.txt', 'nc:lock')).get('nc:lock')?.text, '');
  },
  { versions },
);

area.fact(
  'its owner may go on writing',
  async (c) => {
    await c.put('a.txt', 'one');
    (await lock(c, 'a.txt')).is(has(c) ? 200 : 501);
    (await c.request('PUT', 'a.txt', { body: 'two!' })).is(204);
    (await c.request('UNLOCK', 'a.txt', { headers: { 'x-user-lock': '1' } })).is(
      ...(has(c) ? [200, 204] : [501]),
    );
  },
  { versions },
);

area.fact(
  'UNLOCK of what is not locked is 412',
  async (c) => {
    await c.put('a.txt');
    (await c.request('UNLOCK', 'a.txt', { headers: { 'x-user-lock': '1' } })).is(has(c) ? 412 : 501);
  },
  { versions },
);

area.fact(
  'a lock changes the etag of the file and of the folders',
  async (c) => {
    await c.mkcol('dir');
    await c.put('dir/a.txt');
    const before = [await c.etag('dir/a.txt'), await c.etag('dir')];
    (await lock(c, 'dir/a.txt')).is(has(c) ? 200 : 501);
    const after = [await c.etag('dir/a.txt'), await c.etag('dir')];
    assert.deepEqual([after[0] !== before[0], after[1] !== before[1]], [has(c), has(c)]);
    await c.request('UNLOCK', 'dir/a.txt', { headers: { 'x-user-lock': '1' } });
  },
  { versions },
);

area.fact(
  'somebody else gets 423 for writing, and may read',
  async (c) => {
    await c.mkcol('shared');
    await c.put('shared/a.txt', 'mine');
    const form = new URLSearchParams({
      path: `${c.folder}/shared`,
      shareType: '0',
      shareWith: c.cast.other.userId,
      permissions: '31',
    });
    const share = (
      await c.ocs('POST', '/apps/files_sharing/api/v1/shares', {
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: form.toString(),
      })
    ).is(200);
    const { id } = (share.json() as { ocs: { data: { id: string } } }).ocs.data;
    const theirs = `${c.base(c.cast.other)}/shared/a.txt`;
    const as = c.cast.other;
    (await c.send('GET', theirs, { as })).is(200);
    (await lock(c, 'shared/a.txt')).is(has(c) ? 200 : 501);
    const put = await c.send('PUT', theirs, { as, body: 'theirs' });
    if (has(c)) {
      put.refused(423, 'S\\Locked');
      (await c.send('DELETE', theirs, { as })).refused(423, 'S\\Locked');
      assert.equal((await c.send('GET', theirs, { as })).is(200).text, 'mine');
    } else put.is(204);
    await c.request('UNLOCK', 'shared/a.txt', { headers: { 'x-user-lock': '1' } });
    (await c.ocs('DELETE', `/apps/files_sharing/api/v1/shares/${id}`)).is(200);
  },
  { versions, needs: 'received share' },
);
