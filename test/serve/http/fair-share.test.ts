import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { EmbeddedNextcloud } from '../../../src/embedded-nextcloud/index.ts';
import { defaultHttpLimits } from '../../../src/serve/http/limits.ts';
import type { HttpLimits } from '../../../src/serve/http/limits.ts';
import { TOKEN } from '../../support/line.ts';
import {
  figure,
  HostileClient,
  initializeBody,
  loginHeaders,
  repeatAtOnce,
  rpcBody,
  usedHeap,
  workDuring,
} from './hostile-client.ts';
import { House } from './house.ts';

const LOGINS = Number(process.env['HOSTILE_LOGINS'] ?? 300);
const INITIALIZES = Number(process.env['HOSTILE_INITIALIZES'] ?? 600);
const STREAMS = Number(process.env['HOSTILE_STREAMS'] ?? 2000);
const SLOW = 1000;
const MB = 1024 * 1024;

const alice = { id: 'alice', password: 'alice-app-password' };
const bob = { id: 'bob', password: 'bob-app-password' };
const mallory = { id: 'mallory', password: 'mallory-app-password' };
const head = `Host: localhost\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\n`;
const asMallory = `${head}X-Nextcloud-Username: mallory\r\nX-Nextcloud-Password: ${mallory.password}\r\n`;

describe('a signed-in person goes on working', () => {
  let house: House;
  let hostile: HostileClient;
  const open = async (limits: Partial<HttpLimits> = {}): Promise<void> => {
    house = await House.open({
      cloud: { users: [alice, bob, mallory] },
      env: { MCP_ACCOUNTS: 'header', NEXTCLOUD_USERNAME: '', NEXTCLOUD_PASSWORD: '', MCP_SSE: 'true' },
      limits,
    });
    hostile = new HostileClient(house.port);
    expect((await house.tool('list_files', {}, loginHeaders(alice))).status).toBe(200);
  };
  afterEach(async () => {
    hostile.close();
    await house.close();
  });

  it(`while ${LOGINS} made-up logins come, for which nothing is kept`, { timeout: 300_000 }, async () => {
    await open();
    const statuses = new Set<number>();
    const attack = async (index: number): Promise<void> => {
      const headers = loginHeaders({ id: `nobody ${index}`, password: `made-up ${index}` });
      const ways = [
        async () => hostile.open('POST', '/mcp', headers, initializeBody),
        async () => hostile.open('GET', '/sse', headers),
        async () => hostile.open('POST', '/mcp', headers, rpcBody('tools/list')),
      ];
      const response = await ways[index % ways.length]?.();
      response?.resume();
      statuses.add(response?.statusCode ?? 0);
    };
    await repeatAtOnce(50, 10, attack);
    const before = usedHeap();
    const work = await workDuring(house, loginHeaders(alice), async () =>
      repeatAtOnce(LOGINS, 50, async (index) => attack(50 + index)),
    );
    expect(work).toMatchObject({ failures: [], unhealthy: [] });
    for (const status of statuses) expect([403, 429, 503]).toContain(status);
    const answers = house.cloud.requests.map(({ status }) => status);
    expect(answers.filter((status) => status === 401).length).toBeLessThanOrEqual(
      defaultHttpLimits.signIns.failed,
    );
    expect(answers).not.toContain(429);
    expect(await figure(house, 'accounts')).toBe(1);
    const { text: told } = await house.send('/metrics', { headers: { authorization: `Bearer ${TOKEN}` } });
    expect(told).toMatch(/limit_refusals_total\{limit="sign_ins",scope="(client|total)"\} [1-9]/);
    expect(told).toContain(`limit{limit="sign_ins",scope="total"} ${defaultHttpLimits.signIns.failed}`);
    expect(told).not.toMatch(/nobody|made-up/);
    expect(await figure(house, 'sessions')).toBe(0);
    expect(await figure(house, 'streams')).toBe(0);
    hostile.close();
    expect(usedHeap() - before).toBeLessThan(20 * MB);
  });

  it(`while another one opens ${STREAMS} streams`, { timeout: 120_000 }, async () => {
    await open();
    const granted: { destroy: () => void }[] = [];
    const refused = new Set<number>();
    const before = usedHeap();
    const work = await workDuring(house, loginHeaders(alice), async () => {
      await repeatAtOnce(STREAMS, 50, async () => {
        const response = await hostile.open('GET', '/sse', loginHeaders(mallory));
        if (response.statusCode === 200) granted.push(response);
        else {
          response.resume();
          refused.add(response.statusCode ?? 0);
          expect(response.headers['retry-after']).toBe('30');
        }
      });
      expect(await figure(house, 'streams')).toBe(granted.length);
      const other = await hostile.open('GET', '/sse', loginHeaders(bob));
      expect(other.statusCode).toBe(200);
      other.destroy();
    });
    expect(work).toMatchObject({ failures: [], unhealthy: [] });
    expect(granted).toHaveLength(defaultHttpLimits.streams.perPrincipal);
    expect([...refused]).toEqual([429]);
    for (const stream of granted) stream.destroy();
    await expect.poll(async () => figure(house, 'streams'), { timeout: 5000 }).toBe(0);
    expect(usedHeap() - before).toBeLessThan(20 * MB);
  });

  it(`while another one sends ${INITIALIZES} initialize`, { timeout: 300_000 }, async () => {
    await open({ sessions: { perPrincipal: 20, perClient: 50, total: 30 } });
    const begun = await house.initialize(loginHeaders(alice));
    const session = { ...loginHeaders(alice), 'mcp-session-id': begun.headers.get('mcp-session-id') ?? '' };
    const before = usedHeap();
    const work = await workDuring(house, session, async () =>
      repeatAtOnce(INITIALIZES, 10, async () => {
        expect((await hostile.post('/mcp', initializeBody, loginHeaders(mallory))).status).toBe(200);
      }),
    );
    expect(work).toMatchObject({ failures: [], unhealthy: [] });
    expect(await figure(house, 'sessions')).toBe(21);
    expect(usedHeap() - before).toBeLessThan(20 * MB);
  });

  it('refuses a newcomer when the table of sessions is full, and ends no session of others', async () => {
    await open({ sessions: { perPrincipal: 4, perClient: 50, total: 5 } });
    const begun = await house.initialize(loginHeaders(alice));
    const session = { ...loginHeaders(alice), 'mcp-session-id': begun.headers.get('mcp-session-id') ?? '' };
    for (let round = 0; round < 10; round++)
      expect((await house.initialize(loginHeaders(mallory))).status).toBe(200);
    const refused = await house.initialize(loginHeaders(bob));
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('60');
    expect((await house.tool('list_files', {}, session)).status).toBe(200);
    // Their own oldest one makes room.
    expect((await house.initialize(loginHeaders(alice))).status).toBe(200);
    expect((await house.tool('list_files', {}, session)).status).toBe(404);
  });

  it(`while ${SLOW} slow clients send the beginning of a request`, { timeout: 60_000 }, async () => {
    await open({ connections: 300, headersMs: 60_000, requestMs: 60_000 });
    await house.tool('list_files', {}, loginHeaders(mallory));
    const work = await workDuring(house, loginHeaders(alice), async () => {
      await repeatAtOnce(SLOW, 50, async (index) => {
        const slowBody = `POST /mcp HTTP/1.1\r\n${asMallory}Content-Length: 100\r\n\r\n{`;
        await hostile.stall(index % 10 === 0 ? slowBody : `POST /mcp HTTP/1.1\r\n${head}`);
      });
    });
    expect(work).toMatchObject({ failures: [], unhealthy: [] });
    expect(work.calls).toBeGreaterThan(2);
    expect(await figure(house, 'connections')).toBeLessThanOrEqual(300);
  });

  it(
    'on connections of their own while strangers come from many addresses',
    { timeout: 60_000 },
    async () => {
      await open({ connections: 40, probeConnections: 1, headersMs: 60_000, requestMs: 60_000 });
      const request = (headers: string): string => {
        const body = rpcBody('tools/list');
        return `POST /mcp HTTP/1.1\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`;
      };
      const login = `X-Nextcloud-Username: alice\r\nX-Nextcloud-Password: ${alice.password}\r\n`;
      const person = new HostileClient(house.port, 1);
      const strangers = Array.from({ length: 60 }, (_, index) => new HostileClient(house.port, 2 + index));
      const answered = async (socket: Socket): Promise<string> =>
        Promise.race([once(socket, 'data').then(String), once(socket, 'close').then(() => 'closed')]);
      // One connection that waits for the next request, and two that are about to send their first.
      const used = await person.stall(request(head + login));
      expect(await answered(used)).toMatch(/^HTTP\/1\.1 200 /);
      await repeatAtOnce(
        30,
        10,
        async (index) => void (await strangers[index]?.stall('POST /mcp HTTP/1.1\r\n')),
      );
      const fresh = [await person.stall(''), await person.stall('')];
      await repeatAtOnce(15, 5, async (index) => {
        const stranger = await strangers[30 + index]?.stall(request('Host: localhost\r\n'));
        if (stranger) expect(await answered(stranger)).toMatch(/^HTTP\/1\.1 (401|503) /);
      });
      await repeatAtOnce(
        15,
        5,
        async (index) => void (await strangers[45 + index]?.stall('POST /mcp HTTP/1.1\r\n')),
      );
      // New ones are kept for up to a second.
      await sleep(2000);
      expect(await figure(house, 'connections')).toBeLessThanOrEqual(42);
      expect(await figure(house, 'connections_dropped_total')).toBeGreaterThan(0);
      for (const socket of [used, ...fresh]) {
        if (!socket.destroyed) socket.write(request(head + login));
        expect(socket.destroyed ? 'closed' : await answered(socket)).toMatch(/^HTTP\/1\.1 200 /);
      }
      for (const client of [person, ...strangers]) client.close();
    },
  );

  it('while another one with eight app passwords waits for slow answers', { timeout: 90_000 }, async () => {
    await open();
    house.cloud.home('alice').put('/own.txt', 'own');
    const devices = [];
    for (let device = 1; device <= 8; device++)
      devices.push(loginHeaders({ id: 'mallory', password: await newAppPassword(house.cloud, 'mallory') }));
    for (const headers of devices) expect((await house.tool('list_files', {}, headers)).status).toBe(200);
    house.cloud.set({ latencyMs: 60_000 });
    const slow = devices.flatMap((headers) =>
      Array.from({ length: 4 }, async (_, index) =>
        hostile.open(
          'POST',
          '/mcp',
          headers,
          rpcBody('tools/call', { name: 'list_files', arguments: { folder_path: `/slow ${index}` } }),
        ),
      ),
    );
    for (const call of slow) call.catch(() => undefined);
    const running = async (): Promise<number> => figure(house, 'calls_running');
    await expect.poll(running, { timeout: 30_000 }).toBe(32);
    house.cloud.set({ latencyMs: 0 });
    const call = house.tool('get_file_info', { file_path: '/own.txt' }, loginHeaders(alice));
    const answer = await Promise.race([call, sleep(20_000, { text: 'still waits' }, { ref: false })]);
    expect(answer.text).toContain('text/plain');
    // All devices of the person together have their four requests, and the others wait.
    expect(await running()).toBe(32);
  });

  it('while calls are made whose client has gone, or does not wait', async () => {
    await open({ calls: { perPrincipal: 2, perClient: 10, total: 10 } });
    await house.tool('list_files', {}, loginHeaders(mallory));
    const stream = await hostile.open('GET', '/sse', loginHeaders(mallory));
    stream.setEncoding('utf8');
    let received = '';
    stream.on('data', (text: string) => (received += text));
    await expect.poll(() => received).toContain('sessionId=');
    const path = /data: (\S+)/.exec(received)?.[1] ?? '';
    await hostile.post(path, initializeBody, loginHeaders(mallory));
    house.cloud.set({ latencyMs: 500 });
    for (let id = 10; id < 16; id++) {
      const call = {
        method: 'tools/call',
        params: { name: 'list_files', arguments: { folder_path: `/${id}` } },
      };
      const read = { method: 'resources/read', params: { uri: `nextcloud://${id}` } };
      const body = JSON.stringify({ jsonrpc: '2.0', id, ...(id % 2 === 0 ? call : read) });
      expect((await hostile.post(path, body, loginHeaders(mallory))).status).toBe(202);
    }
    expect((await house.tool('list_files', { folder_path: '/a' }, loginHeaders(alice))).status).toBe(200);
    await expect.poll(() => received.match(/"id":1\d/g)?.length, { timeout: 5000 }).toBe(6);
    expect(received.match(/rate_limited: At most 2 calls at once/g)).toHaveLength(4);
    stream.destroy();
  });
});

/** Signs a user in as a browser does. */
async function newAppPassword(cloud: EmbeddedNextcloud, userId: string): Promise<string> {
  const begun = await fetch(`${cloud.url}/index.php/login/v2`, { method: 'POST' });
  const { poll, login } = loginFlow.parse(await begun.json());
  cloud.grant(login, userId);
  const body = new URLSearchParams({ token: poll.token });
  const granted = await fetch(poll.endpoint, { method: 'POST', body });
  return grantedLogin.parse(await granted.json()).appPassword;
}

const loginFlow = z.object({
  poll: z.object({ token: z.string(), endpoint: z.string() }),
  login: z.string(),
});
const grantedLogin = z.object({ appPassword: z.string() });

describe('probes', () => {
  it('answer while every connection is in use', async () => {
    const house = await House.open({ limits: { connections: 30, probeConnections: 4, requestMs: 60_000 } });
    const hostile = new HostileClient(house.port);
    const stall = async (): Promise<unknown> =>
      hostile.stall(`POST /mcp HTTP/1.1\r\n${head}Content-Length: 100\r\n\r\n{`);
    // A connection whose request has not arrived yet can be closed for another one.
    const fill = async (): Promise<number> => {
      const running = await figure(house, 'requests_running');
      if (running < 30) await stall();
      return running;
    };
    await repeatAtOnce(25, 25, async () => void (await stall()));
    await expect.poll(fill, { timeout: 10_000 }).toBe(30);
    for (const path of ['/healthz', '/readyz', '/metrics'])
      for (let round = 0; round < 5; round++) {
        const { status } = await house.send(path, { headers: { authorization: `Bearer ${TOKEN}` } });
        expect(status).toBe(200);
      }
    const refused = await house.rpc('tools/list', {});
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('5');
    hostile.close();
    await expect.poll(async () => (await house.rpc('tools/list', {})).status).toBe(200);
    await house.close();
  });
});
