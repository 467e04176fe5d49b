import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { House } from './house.ts';

const alice = { id: 'alice', password: 'alice-app-password' };
const bob = { id: 'bob', password: 'bob-app-password' };
const zoe = { id: 'zoë', password: 'zoe-äpp-password' };

function login({ id, password }: { id: string; password: string }): Record<string, string> {
  const utf8 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
  return { 'x-nextcloud-username': utf8(id), 'x-nextcloud-password': utf8(password) };
}

describe('each caller with their own account', () => {
  let house: House;
  beforeEach(async () => {
    house = await House.open({
      cloud: { users: [alice, bob, zoe] },
      env: { MCP_ACCOUNTS: 'header', NEXTCLOUD_USERNAME: '', NEXTCLOUD_PASSWORD: '', MCP_SSE: 'true' },
    });
    house.cloud.home('alice').put('/alice only.txt', 'a');
    house.cloud.home('bob').put('/bob only.txt', 'b');
    house.cloud.home('zoë').put('/zoë only.txt', 'z');
  });
  afterEach(async () => house.close());

  const list = async (headers: Record<string, string>): Promise<string> =>
    (await house.tool('list_files', { folder_path: '/' }, headers)).text;

  it('shows everybody their own files, cached or not, one after the other and at once', async () => {
    const users = [alice, bob, zoe];
    for (let round = 0; round < 3; round++)
      for (const { id, password } of users) {
        const text = await list(login({ id, password }));
        for (const other of users) expect(text.includes(`${other.id} only.txt`)).toBe(other.id === id);
      }
    const many = await Promise.all(
      Array.from({ length: 60 }, async (_, index) => {
        const user = users[index % users.length] ?? alice;
        return [user.id, await list(login(user))] as const;
      }),
    );
    for (const [id, text] of many)
      for (const other of users) expect(text.includes(`${other.id} only.txt`)).toBe(other.id === id);
    // Each account's sessions stay its own: no request was answered for somebody else.
    for (const { path, user } of house.cloud.requests)
      if (path.includes('/files/')) expect(decodeURIComponent(path)).toContain(`/files/${user ?? ''}`);
  });

  it('shows everybody their own changes, and lets nobody take back those of another', async () => {
    const call = async (tool: string, args: object, user: typeof alice): Promise<string> =>
      (await house.tool(tool, { ...args }, login(user))).text;
    const end = (id: string): string => String.raw`\nundo ${id}"`;
    for (const user of [alice, bob]) {
      const args = { remote_path: `/new of ${user.id}.txt`, content: 'x' };
      expect(await call('upload_file', args, user)).toContain(end('u1'));
    }
    expect(await call('upload_file', { remote_path: '/second.txt', content: 'x' }, bob)).toContain(end('u2'));
    const list = await call('undo', {}, alice);
    expect(list).toContain('new of alice.txt');
    expect(list).not.toMatch(/bob|second/);
    expect(await call('undo', { change: 'u2' }, alice)).toContain('not_found: There is no change u2');
    expect(await call('undo', {}, zoe)).toContain('Nothing was changed within the last day');
    expect(house.cloud.home('bob').exists('/second.txt')).toBe(true);
  });

  it('gives a cached listing to nobody who does not have the password', async () => {
    expect(await list(login(alice))).toContain('alice only.txt');
    const before = house.cloud.requests.length;
    expect(await list(login(alice))).toContain('alice only.txt');
    expect(house.cloud.requests.length).toBe(before); // that was the cache
    for (const headers of [
      { 'x-nextcloud-username': 'alice', 'x-nextcloud-password': bob.password },
      { 'x-nextcloud-username': 'alice', 'x-nextcloud-password': `${alice.password} x` },
      { 'x-nextcloud-username': 'ALICE', 'x-nextcloud-password': bob.password },
    ]) {
      const text = await list(headers);
      expect(text).not.toContain('alice only.txt');
      expect(text).toContain('unauthorized');
    }
    const path = '/remote.php/dav/files/alice/alice only.txt';
    for (const file_path of [path, house.cloud.url + encodeURI(path), '/../alice/alice only.txt']) {
      const { text } = await house.tool('read_file', { file_path }, login(bob));
      expect(text).toContain('"isError":true');
    }
  });

  it('asks for a login, once each', async () => {
    const cases: Record<string, string>[] = [
      {},
      { 'x-nextcloud-username': 'alice' },
      { 'x-nextcloud-password': alice.password },
      { 'x-nextcloud-username': '', 'x-nextcloud-password': alice.password },
      { authorization: `Basic ${Buffer.from(`alice:${alice.password}`).toString('base64')}` },
    ];
    for (const headers of cases) {
      const { status, text } = await house.tool('list_files', {}, headers);
      expect([401, 403]).toContain(status);
      expect(text).not.toContain('only.txt');
    }
    expect(house.cloud.requests).toEqual([]);
  });

  it('never sends a wrong password twice', async () => {
    const wrong = login({ id: 'alice', password: 'wrong' });
    for (let round = 0; round < 5; round++) expect(await list(wrong)).toContain('unauthorized');
    const refused = (): number => house.cloud.requests.filter(({ status }) => status === 401).length;
    expect(refused()).toBe(1);
    expect(await list(login(alice))).toContain('alice only.txt'); // the right one still works
    await list(login({ id: 'alice', password: 'wrong 2' }));
    await list(login({ id: 'alice', password: 'wrong 3' }));
    expect(await list(login({ id: 'alice', password: 'wrong 4' }))).toContain('rate_limited');
    expect(refused()).toBe(3);
    expect(await list(login(alice))).toContain('alice only.txt');
    expect(await list(login(bob))).toContain('bob only.txt');
  });

  it('keeps a session to the account that began it', async () => {
    const begun = await house.initialize(login(alice));
    const session = { 'mcp-session-id': begun.headers.get('mcp-session-id') ?? '' };
    expect((await house.tool('list_files', {}, { ...login(alice), ...session })).text).toContain(
      'alice only',
    );
    expect((await house.tool('list_files', {}, { ...login(bob), ...session })).status).toBe(404);
    expect((await house.tool('list_files', {}, session)).status).toBe(403);
    expect((await house.send('/mcp', { method: 'DELETE', headers: session })).status).toBe(401);
    expect((await house.tool('list_files', {}, { ...login(alice), ...session })).status).toBe(200);
  });

  it('takes no login that could have been read on its way', async () => {
    const far = { 'x-forwarded-for': '203.0.113.7', 'x-forwarded-proto': 'http' };
    expect((await house.tool('list_files', {}, { ...login(alice), ...far })).status).toBe(403);
    expect(house.cloud.requests).toEqual([]);
    const behind = await House.open({
      cloud: { users: [alice] },
      env: { MCP_ACCOUNTS: 'header', MCP_TRUST_PROXY: 'true' },
    });
    expect((await behind.tool('list_files', {}, { ...login(alice), ...far })).status).toBe(403);
    const secure = { ...far, 'x-forwarded-proto': 'https' };
    expect((await behind.tool('list_files', {}, { ...login(alice), ...secure })).status).toBe(200);
    await behind.close();
  });
});
