import assert from 'node:assert/strict';
import { Area } from '../case.ts';
import type { ContractContext } from '../context.ts';
import type { Reply } from '../reply.ts';

const area = new Area('move and copy');
export const transferCases = area.cases;

function transfer(
  c: ContractContext,
  method: string,
  from: string,
  to: string,
  headers: Record<string, string> = {},
): Promise<Reply> {
  return c.request(method, from, { headers: { destination: c.url(to), ...headers } });
}

for (const method of ['MOVE', 'COPY']) {
  area.fact(`${method} to a new name is 201, onto an existing file 204 with Overwrite: T`, async (c) => {
    await c.put('a.txt', 'a');
    await c.put('b.txt', 'bb');
    (await transfer(c, method, 'a.txt', 'new.txt', { overwrite: 'F' })).is(201);
    (await transfer(c, method, 'new.txt', 'b.txt', { overwrite: 'T' })).is(204);
    assert.equal(await c.content('b.txt'), 'a');
  });

  area.fact(`${method} with Overwrite: F onto an existing name is 412, and nothing changes`, async (c) => {
    await c.put('a.txt', 'a');
    await c.put('b.txt', 'bb');
    (await transfer(c, method, 'a.txt', 'b.txt', { overwrite: 'F' })).refused(
      412,
      'S\\PreconditionFailed',
      'The destination node already exists, and the overwrite header is set to false',
    );
    assert.equal(await c.content('b.txt'), 'bb');
    assert.equal(await c.content('a.txt'), 'a');
  });

  area.fact(`${method} without Overwrite means T; another value is 400`, async (c) => {
    await c.put('a.txt', 'a');
    await c.put('b.txt', 'bb');
    (await transfer(c, method, 'a.txt', 'b.txt', { overwrite: 'X' })).refused(
      400,
      'S\\BadRequest',
      /Overwrite header should be either T or F/,
    );
    (await transfer(c, method, 'a.txt', 'b.txt')).is(204);
  });

  area.fact(`${method} onto a folder replaces the whole folder`, async (c) => {
    await c.put('a.txt', 'a');
    await c.mkcol('dir');
    await c.put('dir/b.txt');
    (await transfer(c, method, 'a.txt', 'dir', { overwrite: 'T' })).is(204);
    assert.equal(await c.content('dir'), 'a');
  });

  area.fact(`${method} onto itself is 403`, async (c) => {
    await c.put('a.txt', 'a');
    (await transfer(c, method, 'a.txt', 'a.txt', { overwrite: 'T' })).refused(
      403,
      'S\\Forbidden',
      'Source and destination uri are identical.',
    );
  });

  area.fact(`${method} into its own subtree is 409`, async (c) => {
    await c.mkcol('dir');
    (await transfer(c, method, 'dir', 'dir/sub')).refused(
      409,
      'S\\Conflict',
      'The destination may not be part of the same subtree as the source path.',
    );
  });

  area.fact(`${method} of a missing source is 404, to a missing parent 409`, async (c) => {
    await c.put('a.txt', 'a');
    (await transfer(c, method, 'none', 'x')).refused(404, 'S\\NotFound');
    (await transfer(c, method, 'a.txt', 'no/x')).refused(
      409,
      'S\\Conflict',
      'The destination node is not found',
    );
  });

  area.fact(`${method} below a file is refused`, async (c) => {
    await c.put('a.txt', 'a');
    await c.put('b.txt', 'b');
    const reply = await transfer(c, method, 'a.txt', 'b.txt/x');
    assert.ok(reply.status >= 400, String(reply.status));
    assert.equal(await c.content('a.txt'), 'a');
  });

  area.fact(
    `${method} without a Destination is refused`,
    async (c) => {
      await c.put('a.txt', 'a');
      (await c.request(method, 'a.txt')).is(c.by({ 28: 400, 30: 500 }));
    },
    { versions: 'No Destination header: 400 BadRequest in 28 and 29, 500 TypeError in 34.' },
  );

  area.fact(
    `${method} out of the base is 403, into another home too`,
    async (c) => {
      await c.put('a.txt', 'a');
      (await c.request(method, 'a.txt', { headers: { destination: '/foo' } })).refused(
        403,
        'S\\Forbidden',
        /is out of base uri/,
      );
      (await c.request(method, 'a.txt', { headers: { destination: `${c.base(c.cast.other)}/x` } })).is(403);
      assert.equal(await c.content('a.txt'), 'a');
    },
    { needs: 'accounts' },
  );

  area.fact(`${method}: the Destination is decoded once; scheme and host do not matter`, async (c) => {
    await c.put('a.txt', 'a');
    (
      await c.request(method, 'a.txt', {
        headers: { destination: `http://elsewhere.example${c.href('x%2520y')}`, overwrite: 'F' },
      })
    ).is(201);
    assert.equal(await c.content('x%2520y'), 'a');
  });

  area.fact(`${method}: If-Match tests the source`, async (c) => {
    await c.put('a.txt', 'a');
    (await transfer(c, method, 'a.txt', 'x', { 'if-match': '"stale"' })).refused(
      412,
      'S\\PreconditionFailed',
    );
    (await transfer(c, method, 'a.txt', 'x', { 'if-match': await c.etag('a.txt') })).is(201);
  });

  area.fact(`${method}: If with the address of the target guards the target`, async (c) => {
    await c.put('a.txt', 'a');
    await c.put('b.txt', 'bb');
    const stale = await transfer(c, method, 'a.txt', 'b.txt', {
      overwrite: 'T',
      if: `<${c.url('b.txt')}> (["stale"])`,
    });
    stale.refused(412, 'S\\PreconditionFailed', /Failed to find a valid token\/etag combination for/);
    assert.equal(await c.content('b.txt'), 'bb');
    (
      await transfer(c, method, 'a.txt', 'b.txt', {
        overwrite: 'T',
        if: `<${c.url('b.txt')}> ([${await c.etag('b.txt')}])`,
      })
    ).is(204);
  });

  area.fact(`${method} to a forbidden name is refused`, async (c) => {
    await c.put('a.txt', 'a');
    (await transfer(c, method, 'a.txt', 'b%5Cc')).is(c.by({ 28: 400, 34: 400 }));
    assert.equal(await c.content('a.txt'), 'a');
  });
}

area.fact('MOVE of a file answers etag and id, COPY the new id', async (c) => {
  await c.put('a.txt', 'a');
  const moved = (await transfer(c, 'MOVE', 'a.txt', 'b.txt', { overwrite: 'F' })).is(201);
  assert.equal(moved.header('oc-etag'), await c.etag('b.txt'));
  assert.ok(moved.header('oc-fileid')?.startsWith(String(await c.fileId('b.txt')).padStart(8, '0')));
  const copied = (await transfer(c, 'COPY', 'b.txt', 'c.txt', { overwrite: 'F' })).is(201);
  assert.ok(copied.header('oc-fileid')?.startsWith(String(await c.fileId('c.txt')).padStart(8, '0')));
});

area.fact(
  'MOVE of a child onto its parent is refused; older servers delete the parent first',
  async (c) => {
    await c.mkcol('dir');
    await c.put('dir/a.txt', 'a');
    const reply = await transfer(c, 'MOVE', 'dir/a.txt', 'dir', { overwrite: 'T' });
    if (c.major >= 30) reply.refused(403, 'S\\Forbidden');
    else reply.refused(404, 'S\\NotFound');
    (await c.propfind('dir', '0', ['d:getetag'])).is(c.by({ 28: 404, 30: 207 }));
  },
  {
    versions: 'MOVE of a child onto its parent: 403 in 34; 28 and 29 delete the parent and then answer 404.',
  },
);

area.fact('MOVE that changes the case only keeps the id', async (c) => {
  await c.put('aa.txt', 'a');
  const id = await c.fileId('aa.txt');
  (await transfer(c, 'MOVE', 'aa.txt', 'AA.txt', { overwrite: 'F' })).is(201);
  assert.equal(await c.fileId('AA.txt'), id);
});

area.fact('MOVE keeps favourite and checksum, COPY drops them', async (c) => {
  await c.put('a.txt', 'x', { 'oc-checksum': 'MD5:9dd4e461268c8034f5c8564e155c67a6' });
  (await c.proppatch('a.txt', '<oc:favorite>1</oc:favorite>')).is(207);
  (await transfer(c, 'MOVE', 'a.txt', 'b.txt', { overwrite: 'F' })).is(201);
  (await transfer(c, 'COPY', 'b.txt', 'c.txt', { overwrite: 'F' })).is(201);
  assert.equal(await c.text('b.txt', 'oc:favorite'), '1');
  assert.equal(await c.text('c.txt', 'oc:favorite'), '0');
  assert.equal(
    (await c.request('GET', 'b.txt')).header('oc-checksum'),
    'MD5:9dd4e461268c8034f5c8564e155c67a6',
  );
  assert.equal((await c.request('GET', 'c.txt')).header('oc-checksum'), undefined);
});

area.fact('COPY of a folder takes what is in it, whatever the Depth', async (c) => {
  await c.mkcol('dir');
  await c.put('dir/a.txt');
  (await transfer(c, 'COPY', 'dir', 'deep', { overwrite: 'F' })).is(201);
  (await c.propfind('deep/a.txt', '0', ['d:getetag'])).is(207);
  (await transfer(c, 'COPY', 'dir', 'flat', { overwrite: 'F', depth: '0' })).is(201);
  (await c.propfind('flat/a.txt', '0', ['d:getetag'])).is(207);
});
