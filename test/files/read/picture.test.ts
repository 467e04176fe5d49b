import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openProxiedScene } from '../scene.ts';
import { png } from '../../../src/embedded-nextcloud/seed/png.ts';

let scene: Awaited<ReturnType<typeof openProxiedScene>>;
const home = (): ReturnType<(typeof scene)['cloud']['home']> => scene.cloud.home();

const plain = (width: number, height: number): Buffer => png(width, height, () => [200, 100, 50]);
const small = plain(300, 5);

/** The same picture with other sizes in its header. */
function claiming(width: number, height: number): Buffer {
  const bytes = Buffer.from(small);
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
}

/** Answers requests for a preview with this. */
function preview(body: Buffer): void {
  scene.proxy.arm(
    async (passage) => passage.say(200, 'OK', [['Content-Type', 'image/png']], body.toString('latin1')),
    ({ target }) => target.includes('/core/preview'),
  );
}

beforeEach(async () => {
  scene = await openProxiedScene();
});

afterEach(async () => scene.close());

describe.each([
  ['12000 x 200', plain(12_000, 200)],
  ['60000 x 60000', claiming(60_000, 60_000)],
])('a picture of %s pixels', (size, bytes) => {
  beforeEach(() => home().put('/wide.png', bytes));

  it('is scaled down by the server', async () => {
    scene.proxy.arm(
      async (passage) => {
        const answer = await passage.forward();
        await passage.answer({
          ...answer,
          status: 200,
          headers: [['Content-Type', 'image/png']],
          body: small,
        });
      },
      ({ target }) => target.includes('/core/preview'),
    );
    const { text } = await scene.ok('read_file', { file_path: '/wide.png' });
    expect(text).toContain(small.toString('base64'));
    expect(text).toMatch(/Scaled down/);
  });

  it('is described where the server hands it out as it is', async () => {
    const { text } = await scene.ok('read_file', { file_path: '/wide.png' });
    expect(text).toContain(`${size} pixels`);
    expect(text).toMatch(/more than 8000 pixels/);
    expect(text).not.toContain(bytes.toString('base64').slice(0, 100));
  });
});

it('a preview that is a web page is not shown as a picture', async () => {
  home().put('/photo.tiff', Buffer.concat([Buffer.from('II*\0'), Buffer.alloc(100)]));
  preview(Buffer.from('<!DOCTYPE html><html><body>Please sign in</body></html>'));
  const { text } = await scene.ok('read_file', { file_path: '/photo.tiff', as: 'image' });
  expect(text).not.toContain(Buffer.from('<!DOCTYPE').toString('base64'));
  expect(text).toMatch(/no preview of it/);
});

it('a picture of usual size is shown as it is', async () => {
  home().put('/small.png', small);
  expect((await scene.ok('read_file', { file_path: '/small.png' })).text).toContain(small.toString('base64'));
});
