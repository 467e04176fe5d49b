import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { networkOf } from '../../../src/serve/http/client.ts';
import { TOKEN } from '../../support/line.ts';
import { HostileClient } from './hostile-client.ts';
import { House } from './house.ts';

const bearer = { authorization: `Bearer ${TOKEN}` };
const modern = { 'mcp-method': 'tools/list', 'mcp-protocol-version': '2026-07-28' };

describe('the limits of every POST', () => {
  let house: House;
  let hostile: HostileClient;
  let targets: Record<string, { path: string; headers: Record<string, string> }>;
  beforeAll(async () => {
    house = await House.open({ env: { MCP_SSE: 'true' } });
    hostile = new HostileClient(house.port);
    const session = (await house.initialize()).headers.get('mcp-session-id') ?? '';
    const stream = await hostile.open('GET', '/sse');
    const [event] = (await once(stream, 'data')) as [Buffer];
    const messages = /\/messages\S+/.exec(event.toString('utf8'))?.[0] ?? '';
    targets = {
      'a request without a session': { path: '/mcp', headers: {} },
      'a request of the current revision': { path: '/mcp', headers: modern },
      'a request in a session': { path: '/mcp', headers: { 'mcp-session-id': session } },
      'a message to an SSE stream': { path: messages, headers: {} },
      'the connection test': { path: '/api/integrations/test-connection', headers: {} },
    };
  });
  afterAll(async () => {
    hostile.close();
    await house.close();
  });

  const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`;
  const params = (value: string): string =>
    `{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"x":${value}}}`;

  it.each([
    ['deep nesting', params(deep), 400],
    ['deep nesting in a string', JSON.stringify(params(deep)), 400],
    ['deep objects', params(`${'{"a":'.repeat(500)}1${'}'.repeat(500)}`), 400],
    ['too many values', params(`[${'0,'.repeat(200_000)}0]`), 413],
    ['too many keys', params(`{${'"":0,'.repeat(200_000)}"":0}`), 413],
    ['too many keys in one object', params(`{${'"":0,'.repeat(2000)}"":0}`), 413],
    ['too many bytes', params(JSON.stringify('x'.repeat(5_000_000))), 413],
    ['what is no JSON', '{"jsonrpc":', 400],
    ['null', 'null', 400],
  ])('refuse %s', async (_what, body, expected) => {
    for (const [name, { path, headers }] of Object.entries(targets)) {
      const { status } = await hostile.post(path, body, headers).catch(() => ({ status: 413 }));
      const strict = name === 'the connection test' ? [400, 413] : [expected];
      expect([name, strict.includes(status) ? 'refused' : status]).toEqual([name, 'refused']);
    }
  });

  it('let what is within them pass', async () => {
    const { 'a request in a session': target } = targets;
    const fits = params(`[${'0,'.repeat(50_000)}0]`);
    expect((await hostile.post('/mcp', fits, target?.headers ?? {})).status).toBe(200);
  });
});

describe('the head of a request', () => {
  let house: House;
  beforeAll(async () => {
    house = await House.open();
  });
  afterAll(async () => house.close());

  it.each([
    `Bearer ${TOKEN} extra`,
    `Bearer ${TOKEN}, Bearer other`,
    `Bearer ${TOKEN},realm=x`,
    `Bearer  ${TOKEN} `,
    `Bearer\t${TOKEN}`,
    `Bearer "${TOKEN}"`,
    `Bearer Bearer ${TOKEN}`,
    `Basic ${TOKEN}`,
  ])('carries one token and nothing else: %j', async (authorization) => {
    expect((await house.rpc('tools/list', {}, { authorization })).status).toBe(401);
    expect((await house.send('/metrics', { headers: { authorization } })).status).toBe(401);
  });

  it('carries the token once', async () => {
    const line = `Authorization: Bearer ${TOKEN}\r\n`;
    const get = (lines: string): string =>
      `GET /metrics HTTP/1.1\r\nHost: localhost\r\n${lines}Connection: close\r\n\r\n`;
    expect(await house.raw(get(line))).toMatch(/^HTTP\/1\.1 200 /);
    expect(await house.raw(get(line + line))).toMatch(/^HTTP\/1\.1 401 /);
    expect(await house.raw(get(`${line}Authorization: Bearer other\r\n`))).toMatch(/^HTTP\/1\.1 401 /);
    expect((await house.rpc('tools/list', {}, { authorization: `bearer ${TOKEN}` })).status).toBe(200);
  });

  it('has a limited number of headers, none of which is dropped in silence', async () => {
    const get = (count: number): string =>
      `GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${'X: y\r\n'.repeat(count)}\r\n`;
    expect(await house.raw(get(90))).toMatch(/^HTTP\/1\.1 200 /);
    expect(await house.raw(get(110))).toMatch(/^HTTP\/1\.1 431 /);
    expect(await house.raw(get(2000))).toMatch(/^HTTP\/1\.1 431 /);
    expect((await house.send('/healthz', { headers: bearer })).status).toBe(200);
  });

  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['203.0.113.7:4711', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::9', '2001:db8:1:2::/64'],
    ['[2001:db8:1:2::9]:443', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['unknown', 'unknown'],
  ])('counts the client %s as %s', (address, client) => {
    expect(networkOf(address)).toBe(client);
  });
});
