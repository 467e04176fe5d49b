import assert from 'node:assert/strict';
import { Area } from '../case.ts';
import type { ContractContext } from '../context.ts';
import type { Reply } from '../reply.ts';
import { png } from '../../../src/demo/seed/picture.ts';

const area = new Area('previews');
export const previewCases = area.cases;

async function preview(c: ContractContext, id: number, query: string): Promise<Reply> {
  return c.at('GET', `/index.php/core/preview?fileId=${id}&${query}`);
}

area.fact('a picture has one, with the etag of the file and 304', async (c) => {
  await c.put(
    'a.png',
    png(128, 96, (x, y) => [x, y, 128]),
  );
  const id = await c.fileId('a.png');
  const reply = (await preview(c, id, 'x=64&y=64&a=1')).is(200);
  assert.match(reply.header('content-type') ?? '', /^image\//);
  assert.match(reply.header('cache-control') ?? '', /max-age=\d+/);
  const again = await c.at('GET', `/index.php/core/preview?fileId=${id}&x=64&y=64&a=1`, {
    headers: { 'if-none-match': reply.header('etag') ?? '' },
  });
  again.is(304);
});

area.fact('a folder, an unknown id and what has no preview are 404', async (c) => {
  await c.mkcol('dir');
  await c.put('a.bin', 'x');
  (await preview(c, await c.fileId('dir'), 'x=64&y=64')).is(404);
  (await preview(c, await c.fileId('a.bin'), 'x=64&y=64')).is(404);
  (await preview(c, 99999999, 'x=64&y=64')).is(404);
});

area.fact('a size of 0 is 400', async (c) => {
  await c.put('a.txt', 'hello');
  (await preview(c, await c.fileId('a.txt'), 'x=0&y=64')).is(400);
});

area.fact('nobody gets one without a login', async (c) => {
  await c.put('a.txt', 'hello');
  (
    await c.at('GET', `/index.php/core/preview?fileId=${await c.fileId('a.txt')}&x=64&y=64`, {
      as: null,
      headers: { accept: 'application/json' },
    })
  ).is(401);
});
