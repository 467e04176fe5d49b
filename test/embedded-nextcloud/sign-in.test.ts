import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Bench } from './client.ts';
import { startEmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';

let bench: Bench;
beforeAll(async () => {
  bench = new Bench(
    await startEmbeddedNextcloud({
      bruteForce: false,
      users: [
        { id: 'demo', password: 'demo-app-password' },
        { id: 'u1', login: 'bob@example.com', password: 'secret' },
      ],
    }),
  );
});
afterAll(() => bench.cloud.close());

describe('signing in', () => {
  it('rejects wrong credentials with the response of each endpoint', async () => {
    const wrong = new Bench(bench.cloud, 'demo', 'wrong');
    const dav = await wrong.dav('PROPFIND', '/');
    expect(dav.status).toBe(401);
    expect(dav.headers.get('www-authenticate')).toBe('Basic realm="Nextcloud", charset="UTF-8"');
    expect(dav.text).toContain('Username or password was incorrect');
    const ocs = await wrong.send('GET', '/ocs/v2.php/cloud/user?format=json', { 'OCS-APIRequest': 'true' });
    expect(JSON.parse(ocs.text)).toMatchObject({ ocs: { meta: { statuscode: 997 } } });
    expect((await wrong.send('GET', '/index.php/core/preview?fileId=1')).text).toBe('{"message":""}');
  });

  it('requires the login name of the app password, and returns the user id', async () => {
    const mail = new Bench(bench.cloud, 'bob@example.com', 'secret');
    const answer = await mail.send('PROPFIND', '/remote.php/dav/files/u1/', { Depth: '0' });
    expect([answer.status, answer.headers.get('x-user-id')]).toEqual([207, 'u1']);
    expect((await new Bench(bench.cloud, 'u1', 'secret').dav('PROPFIND', '/')).status).toBe(401);
    const bearer = await mail.send('PROPFIND', '/remote.php/dav/files/u1/', {
      Authorization: 'Bearer secret',
    });
    expect(bearer.status).toBe(207);
  });

  it('prefers a valid session to the header', async () => {
    const first = await bench.dav('PROPFIND', '/', { Depth: '0' });
    // Several cookies have the same name; a cookie jar keeps the last one.
    const jar = new Map(first.headers.getSetCookie().map((line) => [line.split('=')[0], line.split(';')[0]]));
    const cookie = [...jar.values()].join('; ');
    const other = new Bench(bench.cloud, 'bob@example.com', 'secret');
    const answer = await other.send('PROPFIND', '/remote.php/dav/files/u1/', { Cookie: cookie, Depth: '1' });
    expect([answer.status, answer.headers.get('x-user-id')]).toEqual([207, 'demo']);
    bench.cloud.revoke('u1');
    expect((await other.send('PROPFIND', '/remote.php/dav/files/u1/')).status).toBe(401);
  });

  it('blocks an address after more than ten failures', async () => {
    const strict = await Bench.start();
    const wrong = new Bench(strict.cloud, 'demo', 'wrong');
    for (let i = 0; i < 11; i++) expect((await wrong.dav('PROPFIND', '/')).status).toBe(401);
    expect((await strict.dav('PROPFIND', '/')).status).toBe(429);
    await strict.cloud.close();
  });

  it('checks maintenance mode before authentication', async () => {
    bench.cloud.set({ maintenance: true });
    const wrong = new Bench(bench.cloud, 'demo', 'wrong');
    expect((await wrong.dav('PROPFIND', '/')).status).toBe(503);
    expect((await wrong.send('GET', '/status.php')).text).toContain('"maintenance":true');
    bench.cloud.set({ maintenance: false });
  });

  it('answers an unknown service with a page and 200', async () => {
    const answer = await bench.send('GET', '/remote.php/nosuch');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=UTF-8']);
  });
});

describe('older versions', () => {
  it('send no user id, no pages and have no locks', async () => {
    const old = await Bench.start({ version: '28.0.2' });
    const answer = await old.dav('PROPFIND', '/', { Depth: '1', 'X-NC-Paginate': 'true' });
    expect(answer.headers.get('x-user-id')).toBeNull();
    expect(answer.headers.get('x-nc-paginate')).toBeNull();
    expect((await old.dav('LOCK', '/', { 'X-User-Lock': '1' })).status).toBe(501);
    await old.cloud.close();
  });
});
