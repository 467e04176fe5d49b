import assert from 'node:assert/strict';
import { Area } from '../case.ts';

const area = new Area('names');
export const nameCases = area.cases;

const odd = [
  'a b',
  'a+b',
  'a&b',
  '50%',
  '%20',
  '#todo',
  'q?x',
  "it's",
  '"quoted"',
  'semi;colon',
  'comma,',
  'x=y',
  'a@b',
  'a:b',
  '[x]',
  '{y}',
  '<z>',
  'a|b',
  'a*b',
  ' leading',
  'trailing ',
  'dot.',
  'äöü',
  '日本語',
  '😀',
  'files',
  'CON',
  'a!$()~',
  '...',
  '\u200bzero',
  'rtl\u202emark',
  '-',
  '_',
];
for (const name of odd)
  area.fact(
    `a file called ${JSON.stringify(name)} is made, listed and read by exactly that name`,
    async (c) => {
      await c.put(encodeURIComponent(name), `this is ${name}`);
      assert.deepEqual(c.names((await c.propfind('', '1', ['d:getetag'])).hits().slice(1)), [name]);
      assert.equal(await c.content(encodeURIComponent(name)), `this is ${name}`);
    },
  );

area.fact(
  'an NFD name is stored NFC; asked for by NFD, the href echoes NFD, the listing shows NFC',
  async (c) => {
    const nfd = 'e\u0301.txt';
    await c.put(encodeURIComponent(nfd), 'x');
    const listed = (await c.propfind('', '1', ['d:getetag'])).hits()[1]?.href ?? '';
    assert.ok(listed.endsWith('/%c3%a9.txt'), listed);
    const [hit] = (await c.propfind(encodeURIComponent(nfd), '0', ['d:getetag'])).hits();
    assert.ok(hit?.href.endsWith('/e%cc%81.txt'), hit?.href);
    assert.equal(await c.content('%c3%a9.txt'), 'x');
    (await c.request('MKCOL', encodeURIComponent(nfd))).is(405);
  },
);

area.fact('in a URL a plus is a plus, %C3%A9 and é are the same, a stray byte is ISO-8859-1', async (c) => {
  await c.put('a+b', 'plus');
  assert.equal(await c.content('a%2Bb'), 'plus');
  await c.put('%E9', 'latin');
  assert.equal(await c.content('%C3%A9'), 'latin');
});

area.fact('an encoded slash inside a name is 404', async (c) => {
  await c.mkcol('a');
  await c.put('a/b');
  (await c.request('GET', 'a%2Fb')).is(404);
});

area.fact('upper and lower case are different names', async (c) => {
  await c.put('a.txt', 'lower');
  await c.put('A.txt', 'upper');
  assert.equal(await c.content('a.txt'), 'lower');
});

area.fact(
  'a name of 250 bytes is the longest, on older servers one of some 225',
  async (c) => {
    (await c.request('PUT', 'n'.repeat(225), { body: 'x' })).is(201);
    (await c.request('PUT', 'n'.repeat(250), { body: 'x' })).is(c.by({ 28: 500, 30: 201 }));
    (await c.request('PUT', 'n'.repeat(251), { body: 'x' })).refused(400, 'N\\InvalidPath', /too long/);
    (await c.request('PUT', encodeURIComponent('é'.repeat(126)), { body: 'x' })).refused(
      400,
      'N\\InvalidPath',
      /too long/,
    );
  },
  {
    versions:
      'Uploads under a new name longer than some 225 bytes are 500 in 28 and 29: their hidden part file has a longer name.',
  },
);

area.fact('a backslash is refused', async (c) => {
  for (const method of ['PUT', 'MKCOL']) {
    const reply = await c.request(method, 'a%5Cb');
    reply.refused(400, 'N\\InvalidPath');
  }
});

area.fact('control characters are refused', async (c) => {
  for (const code of ['%01', '%1F', '%0A', '%09'])
    (await c.request('PUT', `a${code}b`, { body: 'x' })).refused(400, 'N\\InvalidPath');
});

area.fact('%2e%2e as a segment never leaves the folder', async (c) => {
  await c.mkcol('a');
  await c.put('b', 'inside');
  (await c.request('GET', 'a/%2e%2e/b')).is(400);
});

area.fact(
  '.htaccess is refused on every verb',
  async (c) => {
    const status = c.by({ 28: 403, 30: 500 });
    const exception = c.by({ 28: 'S\\Forbidden', 30: 'OCP\\Files\\ForbiddenException' });
    for (const method of ['PUT', 'GET', 'PROPFIND', 'DELETE'])
      (await c.request(method, '.htaccess', { headers: { depth: '0' } })).refused(status, exception);
  },
  { versions: '`.htaccess` is 403 Forbidden in 28 and 29, 500 ForbiddenException in 34.' },
);

area.fact(
  '.part is a forbidden ending',
  async (c) => {
    const reply = await c.request('PUT', 'a.part', { body: 'x' });
    if (c.major >= 30) reply.refused(400, 'N\\InvalidPath', '".part" is a forbidden file type.');
    else reply.refused(423, 'N\\FileLocked');
  },
  { versions: 'PUT of a `.part` name is 400 InvalidPath in 34, 423 FileLocked in 28 and 29.' },
);

area.fact(
  'a .part in a folder that is not there',
  async (c) => {
    const reply = await c.request('PUT', 'none/a.part', { body: 'x', headers: { 'if-none-match': '*' } });
    if (c.major >= 30) reply.refused(500, 'TypeError');
    else reply.refused(404, 'S\\NotFound');
  },
  { versions: 'PUT of a `.part` into a folder that is missing is 500 TypeError in 34, 404 in 28 and 29.' },
);

area.fact('a folder is 40 levels deep', async (c) => {
  let path = 'd';
  await c.mkcol(path);
  for (let n = 1; n < 40; n++) {
    path += '/d';
    await c.mkcol(path);
  }
  await c.put(`${path}/f.txt`, 'deep');
  assert.equal(await c.content(`${path}/f.txt`), 'deep');
});
