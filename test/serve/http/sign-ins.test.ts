import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultHttpLimits } from '../../../src/serve/http/limits.ts';
import { HostileClient, loginHeaders, repeatAtOnce, rpcBody } from './hostile-client.ts';
import { House } from './house.ts';

const people = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'heidi'].map((id) => ({
  id,
  password: `${id}-app-password`,
}));
const [alice = { id: '', password: '' }, bob = alice] = people;
const { failed, failedPerName, failedPerClient } = defaultHttpLimits.signIns;
const who = '/ocs/v2.php/cloud/user';

describe('logins that are tried at the Nextcloud', () => {
  let house: House;
  const clients: HostileClient[] = [];
  beforeEach(async () => {
    house = await House.open({
      cloud: { users: people },
      env: { MCP_ACCOUNTS: 'header', NEXTCLOUD_USERNAME: '', NEXTCLOUD_PASSWORD: '' },
    });
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await house.close();
  });

  const clientAt = (host: number): HostileClient => {
    const client = new HostileClient(house.port, host);
    clients.push(client);
    return client;
  };
  const asked = (status: number): number =>
    house.cloud.requests.filter((request) => request.status === status).length;
  const list = rpcBody('tools/call', { name: 'list_files', arguments: {} });

  it('are counted for a name however it is spelled', async () => {
    expect((await house.tool('list_files', {}, loginHeaders(alice))).status).toBe(200);
    const spellings = [
      'alice',
      'ALICE',
      'Alice',
      'aLiCe',
      'ａｌｉｃｅ',
      'al\u00adice',
      'alicé',
      'ali\u200bce',
    ];
    for (const [index, id] of spellings.entries()) {
      const { status, text } = await clientAt(2 + index).post(
        '/mcp',
        list,
        loginHeaders({ id, password: `guess ${index}` }),
      );
      expect(status).toBe(index < failedPerName ? 403 : 429);
      expect(text).toContain(index < failedPerName ? 'unauthorized: ' : 'rate_limited: ');
    }
    expect(asked(401)).toBe(failedPerName);
    expect((await house.tool('list_files', {}, loginHeaders(alice))).status).toBe(200);
    expect((await house.tool('list_files', {}, loginHeaders(bob))).status).toBe(200);
  });

  it('never reach the brake of the Nextcloud, from one address or from many, one by one or at once', async () => {
    expect((await house.tool('list_files', {}, loginHeaders(alice))).status).toBe(200);
    house.cloud.set({ latencyMs: 20 });
    const first = clientAt(2);
    await repeatAtOnce(40, 20, async (index) => {
      const { status } = await first.post('/mcp', list, loginHeaders({ id: `x${index}`, password: 'guess' }));
      expect([403, 429]).toContain(status);
    });
    expect(asked(401)).toBe(failedPerClient);
    const others = Array.from({ length: 20 }, (_, index) => clientAt(3 + index));
    await repeatAtOnce(40, 20, async (index) => {
      const headers = loginHeaders({ id: `y${index}`, password: 'guess' });
      const { status } = (await others[index % others.length]?.post('/mcp', list, headers)) ?? { status: 0 };
      expect([403, 429]).toContain(status);
    });
    expect(asked(401)).toBe(failed);
    expect(asked(429)).toBe(0);
    expect((await house.tool('list_files', { folder_path: '/' }, loginHeaders(alice))).status).toBe(200);
    const refused = await house.tool('list_files', {}, loginHeaders(bob));
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(1500);
  });

  it('are confirmed once for equal requests at the same time, and a few at a time', async () => {
    house.cloud.set({ latencyMs: 50 });
    const answers = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const person = people[index % people.length] ?? alice;
        return house.tool('list_files', { folder_path: '/' }, loginHeaders(person));
      }),
    );
    for (const { status } of answers) expect(status).toBe(200);
    const confirmations = house.cloud.requests.filter(({ path }) => path.startsWith(who));
    expect(confirmations).toHaveLength(people.length);
    const before = house.cloud.requests.length;
    await house.tool('list_files', { folder_path: '/' }, loginHeaders(alice));
    expect(house.cloud.requests.slice(before).filter(({ path }) => path.startsWith(who))).toEqual([]);
  });

  it('leave nothing behind when the Nextcloud cannot be asked', async () => {
    house.cloud.set({ maintenance: true });
    const { status, text } = await house.initialize(loginHeaders(alice));
    expect(status).toBe(503);
    expect(text).toContain('unavailable: ');
    house.cloud.set({ maintenance: false });
    expect((await house.initialize(loginHeaders(alice))).status).toBe(200);
  });

  it('are a finding of the connection test', async () => {
    const { status, text } = await clientAt(2).post(
      '/api/integrations/test-connection',
      JSON.stringify({ service_name: 'nextcloud' }),
      loginHeaders({ id: 'alice', password: 'wrong' }),
    );
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({ ok: false });
  });
});
