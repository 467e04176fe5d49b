import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Area } from '../case.ts';
import type { ContractContext } from '../context.ts';
import type { Reply } from '../reply.ts';

const area = new Area('chunked upload');
export const chunkCases = area.cases;

/** An upload folder, with Destination on every request as the protocol asks for. */
class Upload {
  readonly path: string;
  readonly #c: ContractContext;
  readonly #destination: string;

  private constructor(c: ContractContext, target: string) {
    this.#c = c;
    this.path = `${c.root}/remote.php/dav/uploads/${encodeURIComponent(c.server.login.userId)}/contract-${randomBytes(6).toString('hex')}`;
    this.#destination = c.url(target);
  }

  static async begin(c: ContractContext, target: string): Promise<Upload> {
    const upload = new Upload(c, target);
    (await upload.send('MKCOL', '')).is(201);
    return upload;
  }

  send(method: string, name: string, body?: string, headers: Record<string, string> = {}): Promise<Reply> {
    return this.#c.send(method, `${this.path}${name === '' ? '' : `/${name}`}`, {
      headers: { destination: this.#destination, ...headers },
      ...(body === undefined ? {} : { body }),
    });
  }

  async chunks(parts: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, body] of Object.entries(parts)) (await this.send('PUT', name, body)).is(201, 204);
  }

  finish(headers: Record<string, string> = {}): Promise<Reply> {
    return this.send('MOVE', '.file', undefined, headers);
  }
}

area.fact('MKCOL, PUT of the parts in any order, MOVE of .file: 201 with etag and id', async (c) => {
  const upload = await Upload.begin(c, 'big.bin');
  await upload.chunks({ '00002': 'world', '00001': 'hello ' });
  const done = (await upload.finish({ 'oc-total-length': '11', 'x-oc-mtime': '1600000000' })).is(201);
  assert.equal(done.header('oc-etag') ?? done.header('etag'), await c.etag('big.bin'));
  assert.ok(done.header('oc-fileid')?.startsWith(String(await c.fileId('big.bin')).padStart(8, '0')));
  assert.equal(done.header('x-oc-mtime'), 'accepted');
  assert.equal(await c.content('big.bin'), 'hello world');
  assert.equal(await c.text('big.bin', 'd:getlastmodified'), 'Sun, 13 Sep 2020 12:26:40 GMT');
  (await c.findAt(upload.path, '0', ['d:getetag'])).is(404);
});

area.fact('an overwrite is 204 and keeps the id', async (c) => {
  await c.put('big.bin', 'old');
  const id = await c.fileId('big.bin');
  const upload = await Upload.begin(c, 'big.bin');
  await upload.chunks({ '1': 'newer' });
  (await upload.finish({ 'oc-total-length': '5' })).is(204);
  assert.equal(await c.fileId('big.bin'), id);
  assert.equal(await c.content('big.bin'), 'newer');
});

area.fact('parts are joined in natural order of their names', async (c) => {
  const upload = await Upload.begin(c, 'big.bin');
  await upload.chunks({ '10': 'c', '2': 'b', '1': 'a' });
  (await upload.finish({ 'oc-total-length': '3' })).is(201);
  assert.equal(await c.content('big.bin'), 'abc');
});

area.fact('a wrong OC-Total-Length is 400 and keeps the upload', async (c) => {
  const upload = await Upload.begin(c, 'big.bin');
  await upload.chunks({ '1': 'hello' });
  (await upload.finish({ 'oc-total-length': '4' })).refused(
    400,
    'S\\BadRequest',
    'Chunks on server do not sum up to 4 but to 5 bytes',
  );
  (await c.request('GET', 'big.bin')).is(404);
  (await upload.finish({ 'oc-total-length': '5' })).is(201);
});

area.fact('the parts that arrived can be listed with their sizes', async (c) => {
  const upload = await Upload.begin(c, 'big.bin');
  await upload.chunks({ '1': 'hello', '2': 'yo' });
  const hits = (await c.findAt(`${upload.path}/`, '1', ['d:getcontentlength'])).hits();
  const sizes = hits.map(({ href, properties }): [string, string | undefined] => [
    href.split('/').at(-1) ?? '',
    properties.get('d:getcontentlength')?.text,
  ]);
  assert.deepEqual(
    sizes.filter(([name]) => name !== '').toSorted(([a], [b]) => a.localeCompare(b)),
    [
      ['.file', '7'],
      ['1', '5'],
      ['2', '2'],
    ],
  );
  (await upload.send('DELETE', '')).is(204);
});

area.fact('a part sent again replaces the first: 204', async (c) => {
  const upload = await Upload.begin(c, 'big.bin');
  (await upload.send('PUT', '1', 'first')).is(201);
  (await upload.send('PUT', '1', 'again')).is(204);
  (await upload.finish({ 'oc-total-length': '5' })).is(201);
  assert.equal(await c.content('big.bin'), 'again');
});

area.fact('an upload that is aborted by DELETE leaves nothing: 204, then 404', async (c) => {
  const upload = await Upload.begin(c, 'big.bin');
  await upload.chunks({ '1': 'hello' });
  (await upload.send('DELETE', '')).is(204);
  (await upload.send('DELETE', '')).refused(404, 'S\\NotFound');
  (await upload.send('PUT', '2', 'x')).refused(404, 'S\\NotFound');
  (await upload.finish()).is(404);
});

area.fact('the same upload folder twice is 405', async (c) => {
  const upload = await Upload.begin(c, 'big.bin');
  (await upload.send('MKCOL', '')).refused(405, 'S\\MethodNotAllowed');
  (await upload.send('DELETE', '')).is(204);
});

area.fact('create only by Overwrite: F: 412 when the target is there', async (c) => {
  await c.put('big.bin', 'old');
  const upload = await Upload.begin(c, 'big.bin');
  await upload.chunks({ '1': 'new' });
  (await upload.finish({ 'oc-total-length': '3', overwrite: 'F' })).refused(
    412,
    'S\\PreconditionFailed',
    'The destination node already exists, and the overwrite header is set to false',
  );
  assert.equal(await c.content('big.bin'), 'old');
  (await upload.send('DELETE', '')).is(204);
});

area.fact('replace only what was read: If with the address of the target', async (c) => {
  await c.put('big.bin', 'old');
  const upload = await Upload.begin(c, 'big.bin');
  await upload.chunks({ '1': 'new!' });
  (await upload.finish({ 'oc-total-length': '4', if: `<${c.url('big.bin')}> (["stale"])` })).refused(
    412,
    'S\\PreconditionFailed',
    /Failed to find a valid token\/etag combination for/,
  );
  assert.equal(await c.content('big.bin'), 'old');
  (
    await upload.finish({
      'oc-total-length': '4',
      if: `<${c.url('big.bin')}> ([${await c.etag('big.bin')}])`,
    })
  ).is(204);
  assert.equal(await c.content('big.bin'), 'new!');
});

area.fact('If-Match and If-None-Match test .file and so never pass', async (c) => {
  await c.put('big.bin', 'old');
  const upload = await Upload.begin(c, 'big.bin');
  await upload.chunks({ '1': 'new!' });
  (await upload.finish({ 'if-match': await c.etag('big.bin') })).is(412);
  (await upload.finish({ 'if-none-match': '*' })).is(412);
  (await upload.send('DELETE', '')).is(204);
});

area.fact('onto a folder is 400, to a missing parent 409', async (c) => {
  await c.mkcol('dir');
  const upload = await Upload.begin(c, 'dir');
  await upload.chunks({ '1': 'new!' });
  (await upload.finish()).refused(400, 'S\\BadRequest', /is a directory/);
  (await upload.finish({ destination: c.url('no/big.bin') })).refused(
    409,
    'S\\Conflict',
    'The destination node is not found',
  );
  (await upload.send('DELETE', '')).is(204);
});

area.fact('a checksum sent with the MOVE is stored', async (c) => {
  const upload = await Upload.begin(c, 'big.bin');
  await upload.chunks({ '1': 'x' });
  (await upload.finish({ 'oc-checksum': 'MD5:9dd4e461268c8034f5c8564e155c67a6' })).is(201);
  assert.equal(
    (await c.request('GET', 'big.bin')).header('oc-checksum'),
    'MD5:9dd4e461268c8034f5c8564e155c67a6',
  );
});

area.fact(
  'a part cannot be read on newer servers: 405',
  async (c) => {
    const upload = await Upload.begin(c, 'big.bin');
    await upload.chunks({ '1': 'x' });
    const reply = await upload.send('GET', '1');
    if (c.major >= 30)
      reply.refused(405, 'S\\MethodNotAllowed', 'Reading intermediate uploads is not allowed');
    else assert.equal(reply.is(200).text, 'x');
    (await upload.send('DELETE', '')).is(204);
  },
  { versions: 'Parts of an upload can be read in 28 and 29, not in 34.' },
);

area.fact('an overwrite makes a version as a PUT does', async (c) => {
  await c.put('big.bin', 'old', { 'x-oc-mtime': '1600000000' });
  const upload = await Upload.begin(c, 'big.bin');
  await upload.chunks({ '1': 'newer' });
  (await upload.finish({ 'oc-total-length': '5', 'x-oc-mtime': '1600000100' })).is(204);
  const path = `${c.root}/remote.php/dav/versions/${encodeURIComponent(c.server.login.userId)}/versions/${await c.fileId('big.bin')}`;
  assert.equal((await c.findAt(path, '1', ['d:getcontentlength'])).hits().length, 3);
});
