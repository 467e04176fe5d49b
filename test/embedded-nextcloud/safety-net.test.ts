import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seed } from '../../src/embedded-nextcloud/index.ts';
import { Bench, hrefs } from './client.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start();
});
afterAll(() => bench.cloud.close());

const dav = '/remote.php/dav';
const trashNames = async (): Promise<string[]> =>
  hrefs(await bench.send('PROPFIND', `${dav}/trashbin/demo/trash`, { Depth: '1' })).slice(1);

describe('trash', () => {
  it('restores to the original folder, under a new name if taken, and never with Overwrite: F', async () => {
    bench.cloud.home().put('/t/a.txt', 'old');
    await bench.dav('DELETE', '/t/a.txt');
    bench.cloud.home().put('/t/a.txt', 'new');
    const [item = ''] = await trashNames();
    const target = { Destination: `${bench.cloud.url}${dav}/trashbin/demo/restore/x` };
    expect((await bench.send('MOVE', item, { ...target, Overwrite: 'F' })).status).toBe(412);
    expect((await bench.send('MOVE', item, target)).status).toBe(201);
    expect(bench.cloud.home().get('/t/a (restored).txt')?.toString()).toBe('old');
  });

  it('loses the first of two deletions of a name within a second', async () => {
    await sleep(1000 - (Date.now() % 1000) + 10);
    for (const content of ['first', 'second']) {
      bench.cloud.home().put('/twice.txt', content);
      await bench.dav('DELETE', '/twice.txt');
    }
    expect((await trashNames()).filter((name) => name.includes('twice.txt'))).toHaveLength(1);
  });
});

describe('chunked upload', () => {
  const upload = `${dav}/uploads/demo/id1`;

  it('joins chunks in natural order and checks only the declared length', async () => {
    await bench.send('MKCOL', upload);
    for (const [name, body] of [
      ['10', 'c'],
      ['2', 'b'],
      ['1', 'a'],
    ] as const) {
      expect((await bench.send('PUT', `${upload}/${name}`, {}, body)).status).toBe(201);
    }
    const target = bench.to('/glued.txt');
    const short = await bench.send('MOVE', `${upload}/.file`, { ...target, 'OC-Total-Length': '4' });
    expect([short.status, short.text]).toEqual([400, expect.stringContaining('do not sum up to 4 but to 3')]);
    const blind = await bench.send('MOVE', `${upload}/.file`, { ...target, 'If-None-Match': '*' });
    expect(blind.status).toBe(412);
    const done = await bench.send('MOVE', `${upload}/.file`, { ...target, 'OC-Total-Length': '3' });
    expect(done.status).toBe(201);
    expect(bench.cloud.home().get('/glued.txt')?.toString()).toBe('abc');
    expect((await bench.send('MOVE', `${upload}/.file`, target)).status).toBe(404);
  });
});

describe('versions', () => {
  it('keep overwritten content and restore it', async () => {
    bench.cloud.home().put('/v.txt', 'old', { mtime: 1_600_000_000 });
    await bench.dav('PUT', '/v.txt', {}, 'new');
    const id = bench.cloud.home().stat('/v.txt')?.fileId;
    const base = `${dav}/versions/demo/versions/${id}`;
    expect(hrefs(await bench.send('PROPFIND', base, { Depth: '1' }))).toHaveLength(3);
    const target = { Destination: `${bench.cloud.url}${dav}/versions/demo/restore/x` };
    expect((await bench.send('MOVE', `${base}/1600000000`, target)).status).toBe(201);
    expect(bench.cloud.home().get('/v.txt')?.toString()).toBe('old');
  });
});

describe('quota', () => {
  it('rejects a file that exceeds the quota, and the rename of one', async () => {
    const small = await Bench.start({
      users: [{ id: 'demo', password: 'demo-app-password', quota: 10_000 }],
    });
    small.cloud.home().put('/six.bin', Buffer.alloc(6000));
    expect((await small.dav('PUT', '/five.bin', {}, 'x'.repeat(5000))).status).toBe(507);
    expect((await small.dav('MOVE', '/six.bin', small.to('/seven.bin'))).status).toBe(507);
    await small.cloud.close();
  });
});

describe('the sample files', () => {
  it('include unusual names beside those they are mistaken for, and thousands of scans', async () => {
    seed(bench.cloud);
    const home = bench.cloud.home();
    expect(home.list('/Archive/Scans')).toHaveLength(2000);
    expect(home.list('/Projects/Odd names')).toEqual(
      expect.arrayContaining(['a b.txt', 'a%20b.txt', 'q', 'q?x.txt', 'files', '100% sure #1?.txt']),
    );
    expect(home.get('/Documents/Rental agreement.pdf')?.subarray(0, 5).toString()).toBe('%PDF-');
    const tail = await bench.dav('GET', '/Archive/server.log', { Range: 'bytes=-96' });
    expect(tail.text).toMatch(/^\d{4}-.* request 74999 .*\n$/);
  });

  it('can be downloaded as a ZIP', async () => {
    const zip = await bench.dav('GET', '/Notes', { Accept: 'application/zip' });
    expect([zip.status, zip.headers.get('content-type')]).toEqual([200, 'application/zip']);
    expect(zip.text.startsWith('PK')).toBe(true);
    const page = await bench.dav('GET', '/Notes', { Accept: 'application/zip, */*' });
    expect(page.headers.get('content-type')).toContain('text/html');
  });
});
