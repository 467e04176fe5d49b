import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TOKEN } from '../../support/line.ts';
import { House, rpcHeaders } from './house.ts';

const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} });
const bearer = `Bearer ${TOKEN}`;
const closed: readonly (readonly [method: string, path: string])[] = [
  ['POST', '/mcp'],
  ['GET', '/mcp'],
  ['DELETE', '/mcp'],
  ['GET', '/sse'],
  ['POST', '/messages'],
  ['GET', '/metrics'],
  ['POST', '/api/integrations/test-connection'],
];

describe('who may talk to the server', () => {
  let house: House;
  beforeAll(async () => {
    house = await House.open({ env: { MCP_SSE: 'true', MCP_CORS_ORIGINS: 'https://app.example.com' } });
  });
  afterAll(async () => {
    await house.close();
  });

  const withBody = (method: string): RequestInit => (method === 'POST' ? { method, body } : { method });

  it.each(closed)('asks for the token: %s %s', async (method, path) => {
    const wrong = [
      {},
      { authorization: 'Bearer wrong-token-wrong-token' },
      { authorization: `Bearer ${TOKEN}x` },
      { authorization: `Bearer ${TOKEN.slice(0, -1)}` },
      { authorization: `Basic ${Buffer.from(`demo:${TOKEN}`).toString('base64')}` },
      { authorization: TOKEN },
      { authorization: 'Bearer ' },
      { cookie: `token=${TOKEN}` },
      { 'x-api-key': TOKEN },
    ];
    for (const headers of wrong) {
      const answer = await house.send(path, { ...withBody(method), headers: { ...rpcHeaders, ...headers } });
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer /);
      expect(answer.headers.get('set-cookie')).toBeNull();
      expect(answer.text).not.toContain(TOKEN);
    }
  });

  it.each(closed)('takes no token from the address: %s %s', async (method, path) => {
    for (const query of [`token=${TOKEN}`, `access_token=${TOKEN}`, `authorization=Bearer%20${TOKEN}`]) {
      const answer = await house.send(`${path}?${query}`, { ...withBody(method), headers: rpcHeaders });
      expect(answer.status).toBe(401);
      expect(answer.text).not.toContain(TOKEN);
    }
  });

  it.each([
    'evil.example',
    '127.0.0.1.evil.example',
    'localhost.evil.example:8787',
    'evil.example@127.0.0.1',
    '',
  ])('refuses the host %j', async (host) => {
    for (const path of ['/mcp', '/healthz', '/sse']) {
      const answer = await house.raw(
        `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: ${bearer}\r\nConnection: close\r\n\r\n`,
      );
      expect(answer).toMatch(/^HTTP\/1\.1 (400|403) /);
    }
  });

  it('refuses a request with no host and with two', async () => {
    expect(await house.raw('GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    const two = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n';
    expect(await house.raw(two)).toMatch(/^HTTP\/1\.1 (400|403) /);
  });

  it.each([
    'https://evil.example',
    'null',
    'http://localhost.evil.example',
    'https://app.example.com.evil.example',
    'http://app.example.com',
    'https://app.example.com:444',
    'https://app.example.com, https://evil.example',
    'garbage',
  ])('refuses the origin %s', async (origin) => {
    for (const method of ['POST', 'OPTIONS']) {
      const answer = await house.send('/mcp', {
        method,
        headers: { ...rpcHeaders, authorization: bearer, origin, 'access-control-request-method': 'POST' },
        ...(method === 'POST' ? { body } : {}),
      });
      expect(answer.status).toBe(403);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it('lets a configured web page in, and tells the browser so', async () => {
    const origin = 'https://app.example.com';
    const preflight = await house.send('/mcp', {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization, content-type, mcp-protocol-version',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe(origin);
    expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization');
    expect(preflight.headers.get('access-control-allow-credentials')).toBeNull();
    const answer = await house.rpc('tools/list', {}, { origin });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
    expect(answer.headers.get('vary')).toBe('origin');
  });

  it('lets a page of this computer in, without CORS', async () => {
    const answer = await house.rpc('tools/list', {}, { origin: 'http://localhost:6274' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('has nothing at other addresses, whoever asks', async () => {
    for (const path of ['/', '/mcp//', '/../mcp', '/.well-known/oauth-protected-resource', '/constructor'])
      expect(
        (await house.raw(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)).slice(
          0,
          12,
        ),
      ).toBe('HTTP/1.1 404');
    const wrong = await house.send('/mcp', { method: 'PUT', headers: { authorization: bearer }, body });
    expect(wrong.status).toBe(405);
    expect(wrong.headers.get('allow')).toBe('POST, GET, DELETE');
  });

  it('says what is wrong with a token only where one was sent', async () => {
    const challenge = async (headers: Record<string, string>): Promise<string | null> =>
      (
        await house.send('/mcp', { method: 'POST', body, headers: { ...rpcHeaders, ...headers } })
      ).headers.get('www-authenticate');
    const asks = 'Bearer realm="nextcloud-files-mcp"';
    expect(await challenge({})).toBe(asks);
    expect(await challenge({ authorization: 'Basic ZGVtbzpkZW1v' })).toBe(asks);
    expect(await challenge({ authorization: 'Bearer wrong' })).toMatch(/^Bearer error="invalid_token"/);
  });

  it('names the path of MCP at every other path, and takes a slash at its end', async () => {
    const init = { method: 'POST', body, headers: { ...rpcHeaders, authorization: bearer } };
    for (const path of ['/', '/api', '/mcp/more']) {
      const answer = await house.send(path, init);
      expect([answer.status, answer.text]).toEqual([404, expect.stringContaining('connect to /mcp')]);
    }
    expect((await house.send('/mcp/', init)).status).toBe(200);
    expect((await house.send('/mcp/?x=1', init)).status).toBe(200);
    expect((await house.send('/healthz/')).status).toBe(200);
  });

  it('guesses no session', async () => {
    const begun = await house.initialize();
    expect(begun.status).toBe(200);
    const id = begun.headers.get('mcp-session-id') ?? '';
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    const near = `${id.slice(0, -1)}${id.endsWith('0') ? '1' : '0'}`;
    const ids = [
      near,
      id.toUpperCase().replace(/[^A-Z]/g, 'F'),
      '1',
      '__proto__',
      '../../',
      'x'.repeat(5000),
    ];
    for (const guess of [...ids, ...Array.from({ length: 50 }, () => crypto.randomUUID())]) {
      const answer = await house.rpc('tools/list', {}, { 'mcp-session-id': guess });
      expect(answer.status).toBe(404);
      const message = await house.send(`/messages?sessionId=${encodeURIComponent(guess)}`, {
        method: 'POST',
        headers: { ...rpcHeaders, authorization: bearer },
        body,
      });
      expect(message.status).toBe(404);
    }
    const right = await house.rpc('tools/list', {}, { 'mcp-session-id': id });
    expect(right.status).toBe(200);
    // A session id is no token.
    const alone = await house.send('/mcp', {
      method: 'POST',
      headers: { ...rpcHeaders, 'mcp-session-id': id },
      body,
    });
    expect(alone.status).toBe(401);
  });

  it('let nothing of all this through to the Nextcloud, and is still up', async () => {
    expect(house.cloud.requests).toEqual([]);
    expect((await house.send('/healthz')).status).toBe(200);
  });
});
