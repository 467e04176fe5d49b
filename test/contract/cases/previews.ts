import assert from 'node:assert/strict';
import { Area } from '../case.ts';
import type { ContractContext } from '../context.ts';
import type { Reply } from '../reply.ts';
import { png } from '../../../src/embedded-nextcloud/seed/png.ts';

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

area.fact('what is no picture, or a PNG without its end, is 404 whatever its name', async (c) => {
  const whole = png(16, 16, (x, y) => [x, y, 128]);
  for (const [name, bytes] of [
    ['empty.png', ''],
    ['byte.png', 'x'],
    ['head.png', whole.subarray(0, 8)],
    ['cut.png', whole.subarray(0, -16)],
    ['byte.jpg', 'x'],
    ['head.jpg', Buffer.from([0xff, 0xd8, 0xff, 0xe0])],
  ] as const) {
    await c.put(name, bytes);
    (await preview(c, await c.fileId(name), 'x=64&y=64&a=1')).is(404);
  }
});
