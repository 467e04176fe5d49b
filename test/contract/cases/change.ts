import assert from 'node:assert/strict';
import { Area } from '../case.ts';

const area = new Area('change');
export const changeCases = area.cases;

area.fact('MKCOL is 201 with the id; existing 405; parent missing or a file 409', async (c) => {
  const made = (await c.request('MKCOL', 'dir')).is(201);
  assert.ok(made.header('oc-fileid')?.startsWith(String(await c.fileId('dir')).padStart(8, '0')));
  await c.put('a.txt');
  (await c.request('MKCOL', 'dir')).refused(
    405,
    'S\\MethodNotAllowed',
    'The resource you tried to create already exists',
  );
  (await c.request('MKCOL', 'a.txt')).refused(
    405,
    'S\\MethodNotAllowed',
    'The resource you tried to create already exists',
  );
  (await c.request('MKCOL', 'no/dir')).refused(409, 'S\\Conflict', 'Parent node does not exist');
  (await c.request('MKCOL', 'a.txt/dir')).refused(409, 'S\\Conflict', 'Parent node is not a collection');
});

area.fact('MKCOL with a junk body is 415', async (c) => {
  (await c.request('MKCOL', 'dir', { body: 'junk', headers: { 'content-type': 'text/plain' } })).is(415);
});

area.fact(
  'DELETE is 204, of a missing name 404, of the home 403',
  async (c) => {
    await c.put('a.txt');
    (await c.request('DELETE', 'a.txt')).is(204);
    (await c.request('DELETE', 'a.txt')).refused(404, 'S\\NotFound');
    (await c.propfind('a.txt', '0', ['d:getetag'])).is(404);
    (await c.send('DELETE', `${c.base(c.cast.small)}/`, { as: c.cast.small })).is(403);
  },
  { needs: 'accounts' },
);

area.fact('DELETE of a folder takes everything in it', async (c) => {
  await c.mkcol('dir', 'dir/sub');
  await c.put('dir/sub/a.txt');
  (await c.request('DELETE', 'dir', { headers: { depth: '0' } })).is(204);
  (await c.propfind('dir/sub/a.txt', '0', ['d:getetag'])).is(404);
});

area.fact('DELETE with If-Match: checked for files, always 412 for folders', async (c) => {
  await c.put('a.txt');
  await c.mkcol('dir');
  (await c.request('DELETE', 'a.txt', { headers: { 'if-match': '"stale"' } })).refused(
    412,
    'S\\PreconditionFailed',
  );
  (await c.request('DELETE', 'dir', { headers: { 'if-match': await c.etag('dir') } })).refused(
    412,
    'S\\PreconditionFailed',
  );
  (await c.request('DELETE', 'a.txt', { headers: { 'if-match': await c.etag('a.txt') } })).is(204);
});

area.fact('PROPPATCH is all or nothing: a protected property is 403 and the others 424', async (c) => {
  await c.put('a.txt');
  const reply = await c.proppatch('a.txt', '<oc:favorite>1</oc:favorite><oc:fileid>7</oc:fileid>');
  const [hit] = reply.hits();
  assert.equal(hit?.statuses.get('oc:fileid'), 403);
  assert.equal(hit?.statuses.get('oc:favorite'), 424);
  assert.equal(await c.text('a.txt', 'oc:favorite'), '0');
});

area.fact('PROPPATCH of d:lastmodified sets the time', async (c) => {
  await c.put('a.txt');
  (await c.proppatch('a.txt', '<d:lastmodified>1500000000</d:lastmodified>')).is(207);
  assert.equal(await c.text('a.txt', 'd:getlastmodified'), 'Fri, 14 Jul 2017 02:40:00 GMT');
});
