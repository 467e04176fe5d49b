import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { Area } from '../case.ts';
import type { ContractContext } from '../context.ts';
import type { Reply } from '../reply.ts';

const area = new Area('bulk upload');
export const bulkCases = area.cases;

interface Part {
  readonly path: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

async function bulk(
  c: ContractContext,
  parts: readonly Part[],
  type = 'multipart/related; boundary=b',
): Promise<Reply> {
  const pieces = parts.map(({ path, body, headers = {} }) => {
    const all: Record<string, string> = {
      'Content-Length': String(Buffer.byteLength(body)),
      'X-File-Path': `${c.folder}/${path}`,
      'X-File-MD5': createHash('md5').update(body).digest('hex'),
      ...headers,
    };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    return `--b\r\n${lines.join('')}\r\n${body}\r\n`;
  });
  return c.at('POST', '/remote.php/dav/bulk', {
    headers: { 'content-type': type },
    body: `${pieces.join('')}--b--\r\n`,
  });
}

type Result = Record<
  string,
  { error: boolean; etag?: string; fileid?: string; message?: string } | undefined
>;

area.fact('several files in one POST: 200 and an etag for each', async (c) => {
  await c.mkcol('dir');
  const reply = (
    await bulk(c, [
      { path: 'a.txt', body: 'one' },
      { path: 'dir/ü b.txt', body: 'two', headers: { 'X-OC-MTime': '1600000000' } },
    ])
  ).is(200);
  const result = JSON.parse(reply.text) as Result;
  assert.equal(result[`${c.folder}/a.txt`]?.error, false);
  assert.equal(`"${result[`${c.folder}/a.txt`]?.etag}"`, await c.etag('a.txt'));
  assert.equal(await c.content('a.txt'), 'one');
  assert.equal(await c.content('dir/%C3%BC%20b.txt'), 'two');
  assert.equal(await c.text('dir/%C3%BC%20b.txt', 'd:getlastmodified'), 'Sun, 13 Sep 2020 12:26:40 GMT');
});

area.fact('a wrong hash is 400 and stops there', async (c) => {
  const reply = await bulk(c, [
    { path: 'a.txt', body: 'one' },
    { path: 'b.txt', body: 'two', headers: { 'X-File-MD5': '0'.repeat(32) } },
    { path: 'c.txt', body: 'three' },
  ]);
  reply.is(400);
  assert.equal(await c.content('a.txt'), 'one');
  (await c.request('GET', 'b.txt')).is(404);
  (await c.request('GET', 'c.txt')).is(404);
});

area.fact('a missing parent is an error of that file alone', async (c) => {
  const reply = (
    await bulk(c, [
      { path: 'no/a.txt', body: 'one' },
      { path: 'b.txt', body: 'two' },
    ])
  ).is(200);
  const result = JSON.parse(reply.text) as Result;
  assert.equal(result[`${c.folder}/no/a.txt`]?.error, true);
  assert.equal(result[`${c.folder}/b.txt`]?.error, false);
});

area.fact('it overwrites silently and keeps the id', async (c) => {
  await c.put('a.txt', 'old');
  const id = await c.fileId('a.txt');
  (await bulk(c, [{ path: 'a.txt', body: 'newer' }])).is(200);
  assert.equal(await c.content('a.txt'), 'newer');
  assert.equal(await c.fileId('a.txt'), id);
});

area.fact('a name loses the blanks at its end, and no other character', async (c) => {
  await c.mkcol('dir%20');
  const paths = ['a.txt ', 'b.txt\u00a0', 'c.txt\u3000', ' d.txt', 'dir /e: f;%41"=?.txt', './g.txt'];
  const reply = (
    await bulk(
      c,
      paths.map((path) => ({ path, body: `in ${path}` })),
    )
  ).is(200);
  const stored = Object.keys(JSON.parse(reply.text) as Result).map((path) => path.slice(c.folder.length + 1));
  assert.deepEqual(stored, ['a.txt', ...paths.slice(1)]);
  for (const [path, name] of [
    ['a.txt', 'a.txt '],
    ...paths.slice(1, -1).map((path) => [encodeURI(path).replaceAll(/[:;?]/g, encodeURIComponent), path]),
    ['g.txt', './g.txt'],
  ])
    assert.equal(await c.content(path ?? ''), `in ${name}`);
});

area.fact('another content type is 400', async (c) => {
  const reply = await bulk(c, [{ path: 'a.txt', body: 'x' }], 'text/plain');
  reply.refused(
    400,
    'S\\BadRequest',
    c.by({
      28: 'Content-Type must be multipart/related',
      30: 'Error while parsing boundary in Content-Type header.',
    }),
  );
});
