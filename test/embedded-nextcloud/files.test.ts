import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { zeros } from '../../src/embedded-nextcloud/index.ts';
import { Bench, hrefs, propfind, value } from './client.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start();
});
afterAll(() => bench.cloud.close());

const etag = async (path: string): Promise<string | undefined> =>
  value(await bench.dav('PROPFIND', path, { Depth: '0' }, propfind('d:getetag')), 'd:getetag');

describe('listing', () => {
  it('writes hrefs in lower-case hex, folders with a slash, and echoes the spelling asked for', async () => {
    const home = bench.cloud.home();
    home.put("/names/ü &'+#?%.txt", 'x');
    home.mkdir('/names/files');
    const answer = await bench.dav('PROPFIND', '/names', { Depth: '1' }, propfind('oc:size'));
    expect(answer.status).toBe(207);
    expect(hrefs(answer)).toEqual([
      '/remote.php/dav/files/demo/names/',
      '/remote.php/dav/files/demo/names/%c3%bc%20%26%27%2b%23%3f%25.txt',
      '/remote.php/dav/files/demo/names/files/',
    ]);
    const nfd = await bench.dav('PROPFIND', "/names/u%CC%88%20%26'+%23%3F%25.txt", { Depth: '0' });
    expect(hrefs(nfd)[0]).toContain('u%cc%88');
  });

  it('puts unknown properties into a 404 propstat, unless the answer is to be minimal', async () => {
    bench.cloud.home().put('/p.txt', 'x');
    const body = propfind('d:getetag', 'nc:note');
    const full = await bench.dav('PROPFIND', '/p.txt', { Depth: '0' }, body);
    expect(full.text).toContain('<nc:note/></d:prop><d:status>HTTP/1.1 404 Not Found');
    const brief = await bench.dav('PROPFIND', '/p.txt', { Depth: '0', Prefer: 'return=minimal' }, body);
    expect(brief.text).not.toContain('404');
  });

  it('propagates a change to the home folder, with one ETag for all folders above', async () => {
    bench.cloud.home().mkdir('/e/f/g');
    const before = await etag('/');
    await bench.dav('PUT', '/e/f/g/new.txt', {}, 'x');
    const after = await etag('/');
    expect(after).not.toBe(before);
    expect(await etag('/e/f')).toBe(after);
  });

  it('lists ten thousand entries quickly', async () => {
    const home = bench.cloud.home();
    for (let i = 0; i < 10_000; i++) home.put(`/big/${i}.txt`, 'x');
    const start = performance.now();
    const answer = await bench.dav('PROPFIND', '/big', { Depth: '1' }, propfind('d:getetag', 'oc:fileid'));
    expect(hrefs(answer)).toHaveLength(10_001);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

describe('reading', () => {
  it('reads the end of bytes=0-0 as a missing end', async () => {
    bench.cloud.home().put('/r.txt', '0123456789');
    const all = await bench.dav('GET', '/r.txt', { Range: 'bytes=0-0' });
    expect([all.status, all.text]).toEqual([206, '0123456789']);
    const two = await bench.dav('GET', '/r.txt', { Range: 'bytes=0-1' });
    expect([two.status, two.text, two.headers.get('content-range')]).toEqual([206, '01', 'bytes 0-1/10']);
    expect((await bench.dav('GET', '/r.txt', { Range: 'bytes=10-' })).status).toBe(416);
  });

  it('answers 412, not 304, to HEAD and PROPFIND', async () => {
    const tag = { 'If-None-Match': '*' };
    expect((await bench.dav('GET', '/r.txt', tag)).status).toBe(304);
    expect((await bench.dav('HEAD', '/r.txt', tag)).status).toBe(412);
    expect((await bench.dav('PROPFIND', '/r.txt', tag)).status).toBe(412);
  });

  it('serves a range of a sparse file of ten gigabytes', async () => {
    bench.cloud.home().put('/sparse.bin', zeros(10 * 2 ** 30));
    const piece = await bench.dav('GET', '/sparse.bin', { Range: 'bytes=9000000000-9000000009' });
    expect([piece.status, piece.text.length]).toEqual([206, 10]);
  });
});

describe('writing', () => {
  it('keeps the ETag of an overwrite with equal size and time', async () => {
    const time = { 'X-OC-MTime': '1600000000' };
    const first = await bench.dav('PUT', '/same.txt', time, 'AAAA');
    const second = await bench.dav('PUT', '/same.txt', time, 'BBBB');
    expect([first.status, second.status]).toEqual([201, 204]);
    expect(second.headers.get('etag')).toBe(first.headers.get('etag'));
  });

  it('stores the content before it rejects the time', async () => {
    const answer = await bench.dav('PUT', '/time.txt', { 'X-OC-MTime': '0' }, 'kept');
    expect(answer.status).toBe(500);
    expect(bench.cloud.home().get('/time.txt')?.toString()).toBe('kept');
  });

  it('leaves a truncated file after an interrupted overwrite, and reports the old size until it is read', async () => {
    const home = bench.cloud.home();
    home.put('/torn.txt', 'x'.repeat(100));
    await cutOff('/torn.txt', 100, 'half');
    expect(home.stat('/torn.txt')?.size).toBe(100);
    expect(home.get('/torn.txt')?.toString()).toBe('half');
    expect((await bench.dav('GET', '/torn.txt')).text).toBe('half');
    expect(home.stat('/torn.txt')?.size).toBe(4);
    await cutOff('/never.txt', 100, 'half');
    expect(home.exists('/never.txt')).toBe(false);
  });

  it.each([
    ['a%5Cb', 400],
    ['x.part', 400],
    ['.htaccess', 500],
    ['x'.repeat(251), 400],
    ['x'.repeat(250), 201],
    ['nodir/x', 404],
  ])('answers the name %s with %i', async (name, status) => {
    expect((await bench.dav('PUT', `/${name}`, {}, 'x')).status).toBe(status);
  });

  it('checks the target of a MOVE by the If header only', async () => {
    const home = bench.cloud.home();
    home.put('/from.txt', 'new');
    home.put('/onto.txt', 'old');
    const guard = { ...bench.to('/onto.txt'), If: `<${bench.to('/onto.txt')['Destination']}> (["stale"])` };
    expect((await bench.dav('MOVE', '/from.txt', guard)).status).toBe(412);
    expect((await bench.dav('MOVE', '/from.txt', { ...bench.to('/onto.txt'), Overwrite: 'F' })).status).toBe(
      412,
    );
    expect((await bench.dav('MOVE', '/from.txt', bench.to('/onto.txt'))).status).toBe(204);
    expect(home.get('/onto.txt')?.toString()).toBe('new');
    expect(home.trash().some((key) => key.startsWith('onto.txt.d'))).toBe(true);
  });

  it('deletes the parent when a child is copied onto it, and then misses the child', async () => {
    bench.cloud.home().put('/parent/child.txt', 'x');
    expect((await bench.dav('COPY', '/parent/child.txt', bench.to('/parent'))).status).toBe(404);
    expect(bench.cloud.home().exists('/parent')).toBe(false);
  });
});

/** Declares more bytes than it sends, and disconnects. */
async function cutOff(path: string, length: number, body: string): Promise<void> {
  const { hostname, port } = new URL(bench.cloud.url);
  const basic = Buffer.from(`${bench.user}:${bench.password}`).toString('base64');
  await new Promise<void>((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    socket.on('error', reject);
    socket.on('close', () => resolve());
    socket.write(
      `PUT /remote.php/dav/files/demo${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Basic ${basic}\r\n` +
        `Content-Length: ${length}\r\n\r\n${body}`,
    );
    setTimeout(() => socket.destroy(), 100);
  });
  await new Promise((resolve) => setTimeout(resolve, 100));
}

describe('unusual installations', () => {
  it('works in a subfolder, for a user id with a space and an at sign', async () => {
    const odd = new Bench(
      (await Bench.start({ basePath: '/nextcloud', users: [{ id: 'c d@ü.org', password: 'pw' }] })).cloud,
      'c d@ü.org',
      'pw',
    );
    odd.cloud.home().put('/x.txt', 'x');
    const path = '/remote.php/dav/files/c%20d@%C3%BC.org';
    const list = await odd.send('PROPFIND', `${path}/`, { Depth: '1' });
    expect(hrefs(list)[1]).toBe('/nextcloud/remote.php/dav/files/c%20d@%c3%bc.org/x.txt');
    const target = { Destination: `${odd.cloud.url}${path}/y.txt` };
    expect((await odd.send('MOVE', `${path}/x.txt`, target)).status).toBe(201);
    expect((await odd.send('COPY', `${path}/y.txt`, { Destination: '/remote.php/dav/x' })).status).toBe(403);
    await odd.cloud.close();
  });

  it('appends -gzip to the ETag of compressed texts, which then matches nothing', async () => {
    const zipped = await Bench.start({ gzipEtags: true });
    zipped.cloud.home().put('/a.txt', 'hello');
    const answer = await zipped.dav('GET', '/a.txt', { 'Accept-Encoding': 'gzip' });
    const suffixed = answer.headers.get('etag') ?? '';
    expect([answer.text, suffixed.endsWith('-gzip"')]).toEqual(['hello', true]);
    expect((await zipped.dav('PUT', '/a.txt', { 'If-Match': suffixed }, 'x')).status).toBe(412);
    const plain = await zipped.dav('GET', '/a.txt', { 'Accept-Encoding': 'identity' });
    expect(plain.headers.get('etag')).toBe(answer.headers.get('oc-etag'));
    await zipped.cloud.close();
  });
});
