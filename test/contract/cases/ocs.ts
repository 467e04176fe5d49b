import assert from 'node:assert/strict';
import { Area } from '../case.ts';

const area = new Area('ocs and quota');
export const ocsCases = area.cases;

type Data = Record<string, unknown>;
const dataOf = (json: unknown): Data => (json as { ocs: { data: Data } }).ocs.data;

area.fact('status.php is open to everyone', async (c) => {
  const status = (await c.at('GET', '/status.php', { as: null })).is(200).json() as Data;
  assert.equal(status['installed'], true);
  assert.equal(status['maintenance'], false);
  assert.equal(status['needsDbUpgrade'], false);
  assert.match(String(status['versionstring']), /^\d+\.\d+\.\d+/);
  assert.match(String(status['version']), /^\d+\.\d+\.\d+\.\d+$/);
});

area.fact('cloud/user has the id and the live quota', async (c) => {
  const data = dataOf((await c.ocs('GET', '/cloud/user')).is(200).json());
  assert.equal(data['id'], c.server.login.userId);
  const quota = data['quota'] as Record<string, unknown>;
  assert.equal(typeof quota['used'], 'number');
  assert.equal(typeof quota['free'], 'number');
});

area.fact('v1 answers HTTP 200 whatever it says inside', async (c) => {
  const ask = (path: string): ReturnType<typeof c.at> =>
    c.at('GET', path, { headers: { 'ocs-apirequest': 'true', accept: 'application/json' } });
  const statusCode = (json: unknown): number =>
    (json as { ocs: { meta: { statuscode: number } } }).ocs.meta.statuscode;
  assert.equal(statusCode((await ask('/ocs/v1.php/cloud/user')).is(200).json()), 100);
  assert.equal(statusCode((await ask('/ocs/v2.php/cloud/user')).is(200).json()), 200);
});

area.fact(
  'an unknown route is 404, in JSON on newer servers',
  async (c) => {
    const reply = (await c.ocs('GET', '/no/such/route')).is(404);
    assert.match(reply.header('content-type') ?? '', c.by({ 28: /^text\/xml/, 30: /^application\/json/ }));
    assert.match(reply.text, c.by({ 28: /<statuscode>404</, 30: /998/ }));
  },
  { versions: 'Errors of OCS before a route is found (401, 404) are XML in 28 and 29 whatever is accepted.' },
);

area.fact('without Accept it is XML', async (c) => {
  const reply = await c.at('GET', '/ocs/v2.php/cloud/user', { headers: { 'ocs-apirequest': 'true' } });
  assert.match(reply.is(200).header('content-type') ?? '', /xml/);
});

area.fact(
  'the capabilities that the client reads',
  async (c) => {
    const data = dataOf((await c.ocs('GET', '/cloud/capabilities')).is(200).json());
    const all = data['capabilities'] as Record<string, Record<string, unknown>>;
    assert.equal(all['files']?.['undelete'], true);
    assert.equal(all['files']?.['versioning'], true);
    assert.equal(all['files']?.['bigfilechunking'], true);
    assert.equal(all['dav']?.['chunking'], '1.0');
    assert.equal(all['dav']?.['bulkupload'], '1.0');
    assert.equal(all['files_sharing']?.['api_enabled'], true);
    assert.equal(all['systemtags']?.['enabled'], true);
    const version = data['version'] as { major: number };
    assert.equal(version.major, c.major);
    assert.equal(all['files']?.['locking'], c.by({ 28: undefined, 31: '1.0' }));
  },
  { versions: 'The capability `files.locking` is there with the app files_lock, so in 34.' },
);

area.fact(
  'what newer servers tell of names and of chunks',
  async (c) => {
    const data = dataOf((await c.ocs('GET', '/cloud/capabilities')).is(200).json());
    const { files } = data['capabilities'] as Record<string, Record<string, unknown>>;
    assert.deepEqual(files?.['forbidden_filename_characters'], c.by({ 28: undefined, 29: ['\\', '/'] }));
    assert.equal(files?.['forbidden_filename_extensions'] === undefined, c.major < 30);
    assert.equal(files?.['chunked_upload'] === undefined, c.major < 31);
    assert.ok(Array.isArray(files?.['blacklisted_files']));
  },
  {
    versions:
      'The capability `files.forbidden_filename_characters` is in 29 and 34; the other `forbidden_filename*` and `chunked_upload` in 34 alone.',
  },
);

area.fact(
  'a PUT larger than the room is 507, before anything is written',
  async (c) => {
    const as = c.cast.small;
    const path = `${c.base(as)}/big.bin`;
    (await c.send('PUT', path, { as, body: Buffer.alloc(2 * 1024 * 1024) })).refused(
      507,
      'S\\InsufficientStorage',
    );
    (await c.send('GET', path, { as })).is(404);
    (await c.send('PUT', path, { as, body: 'small' })).is(201);
    (await c.send('DELETE', path, { as })).is(204);
  },
  { needs: 'accounts' },
);

area.fact(
  'a chunk whose upload does not fit is 507 at once',
  async (c) => {
    const as = c.cast.small;
    const folder = `${c.root}/remote.php/dav/uploads/${encodeURIComponent(as.userId)}/contract-${Date.now()}`;
    const destination = `${c.server.url.origin}${c.base(as)}/big.bin`;
    (await c.send('MKCOL', folder, { as, headers: { destination } })).is(201);
    const reply = await c.send('PUT', `${folder}/1`, {
      as,
      body: 'x'.repeat(1000),
      headers: { destination, 'oc-total-length': String(5 * 1024 * 1024) },
    });
    reply.is(c.by({ 28: 201, 29: 507 }));
    (await c.send('DELETE', folder, { as })).is(204);
  },
  { needs: 'accounts', versions: '28 takes parts of an upload that will not fit; only the MOVE is refused.' },
);

area.fact(
  'quota-available-bytes is the room, or negative without a limit',
  async (c) => {
    const as = c.cast.small;
    const [small] = (await c.findAt(`${c.base(as)}/`, '0', ['d:quota-available-bytes'], { as })).hits();
    const room = Number(small?.properties.get('d:quota-available-bytes')?.text);
    assert.ok(room > 0 && room <= 1024 * 1024, String(room));
  },
  { needs: 'accounts' },
);

area.fact(
  'without a quota the DAV answer is -3; OCS may tell the free room of the disk',
  async (c) => {
    assert.equal(Number(await c.text('', 'd:quota-available-bytes')), -3);
    const quota = dataOf((await c.ocs('GET', '/cloud/user')).json())['quota'] as Record<string, number>;
    assert.equal(quota['quota'], -3);
    assert.equal((quota['free'] ?? 0) > 0, c.major < 31);
  },
  { versions: 'OCS `quota.free` and `total` without a quota: the room of the disk in 28 and 29, -3 in 34.' },
);
