import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TOKEN } from '../../support/line.ts';
import { House } from './house.ts';

const AT_ONCE = 8;
const limits = {
  connections: 200,
  headersMs: 600,
  requestMs: 1200,
  idleMs: 1000,
  requests: { perPrincipal: AT_ONCE, perClient: 100, total: 100 },
};
const head = `Host: localhost\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\n`;
const message = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} });

describe('what a hostile client sends', () => {
  let house: House;
  beforeAll(async () => {
    house = await House.open({ limits });
  });
  afterAll(async () => {
    await house.close();
  });

  async function gone(socket: Socket, withinMs: number): Promise<boolean> {
    socket.resume();
    const closed = once(socket, 'close').then(() => true);
    return Promise.race([closed, sleep(withinMs, false)]);
  }

  it('refuses a body that is too large before it is sent, and while it is', async () => {
    const declared = await house.raw(`POST /mcp HTTP/1.1\r\n${head}Content-Length: 5000000\r\n\r\n`);
    expect(declared).toMatch(/^HTTP\/1\.1 413 /);
    const piece = 'x'.repeat(65_536);
    const chunk = `${piece.length.toString(16)}\r\n${piece}\r\n`;
    const chunked = await house.raw(
      `POST /mcp HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(70)}`,
      3000,
    );
    expect(chunked).toMatch(/^HTTP\/1\.1 413 /);
    const large = await house.send('/api/integrations/test-connection', {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ service_name: 'nextcloud', padding: 'x'.repeat(20_000) }),
    });
    expect(large.status).toBe(413);
  });

  it('refuses headers that are too large', async () => {
    const answer = await house.raw(
      `GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(70_000)}\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  });

  it('lets go of a client that sends its headers slowly', async () => {
    const socket = house.socket();
    socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n');
    const trickle = setInterval(() => socket.write('X: y\r\n'), 100);
    expect(await gone(socket, 5000)).toBe(true);
    clearInterval(trickle);
  });

  it('lets go of a client that sends its body slowly', async () => {
    const socket = house.socket();
    socket.write(`POST /mcp HTTP/1.1\r\n${head}Content-Length: 10000\r\n\r\n{`);
    const trickle = setInterval(() => socket.write(' '), 100);
    expect(await gone(socket, 6000)).toBe(true);
    clearInterval(trickle);
  });

  it('lets go of a connection that says nothing more', async () => {
    const socket = house.socket();
    socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect(await gone(socket, 6000)).toBe(true);
  });

  it('serves others while 1,000 connections say nothing', async () => {
    const patient = await House.open({ limits: { connections: 200, headersMs: 60_000 } });
    let open = 1000;
    const sockets = Array.from({ length: open }, () => patient.socket().resume());
    for (const socket of sockets) socket.once('close', () => open--);
    for (let round = 0; round < 50 && (round < 5 || open > 232); round++) {
      const started = performance.now();
      expect((await patient.rpc('tools/list', {})).status).toBe(200);
      expect(performance.now() - started).toBeLessThan(5000);
      await sleep(100);
    }
    expect(open).toBeLessThanOrEqual(232);
    for (const socket of sockets) socket.destroy();
    await patient.close();
  });

  it('closes connections of strangers, and not a new one of an address that a signed-in person has, too', async () => {
    const small = await House.open({ limits: { connections: 10 } });
    expect((await small.rpc('tools/list', {})).status).toBe(200);
    const strangers = Array.from({ length: 12 }, () => small.socket());
    for (const socket of strangers.slice(0, 11)) {
      socket.write('GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n');
      await Promise.race([once(socket, 'data'), once(socket, 'close')]);
    }
    const fresh = small.socket();
    await once(fresh, 'connect');
    const last = small.socket().resume();
    await Promise.race([once(last, 'connect'), once(last, 'close')]);
    await sleep(50);
    fresh.write(`POST /mcp HTTP/1.1\r\n${head}Content-Length: ${message.length}\r\n\r\n${message}`);
    const [answer] = (await Promise.race([once(fresh, 'data'), once(fresh, 'close')])) as [unknown];
    expect(String(answer)).toMatch(/^HTTP\/1\.1 200 /);
    for (const socket of [...strangers, fresh, last]) socket.destroy();
    await small.close();
  });

  it('takes no line break into a header', async () => {
    const split = await house.raw(
      `POST /mcp HTTP/1.1\r\n${head}X-Request-ID: a\r\n\r\nX-Evil: 1\r\nContent-Length: ${message.length}\r\n\r\n${message}`,
    );
    expect(split).not.toMatch(/x-evil/i);
    for (const value of ['a\u0000b', 'a\rb', 'a\nb', '\u007f'])
      expect(
        await house.raw(`GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Request-ID: ${value}\r\n\r\n`),
      ).not.toMatch(/^HTTP\/1\.1 200 [^]*x-request-id: a/i);
    for (const id of ['a%0d%0aSet-Cookie: x=1', '<script>', 'x'.repeat(65), '${jndi:x}']) {
      const { headers } = await house.send('/healthz', { headers: { 'x-request-id': id } });
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    }
    const kept = await house.send('/healthz', { headers: { 'x-request-id': 'proxy-1.2_3' } });
    expect(kept.headers.get('x-request-id')).toBe('proxy-1.2_3');
  });

  it('refuses two lengths, and a length beside chunks', async () => {
    const smuggled = `GET /metrics HTTP/1.1\r\n${head}\r\n`;
    for (const lengths of [
      'Content-Length: 0\r\nContent-Length: 44\r\n',
      'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n',
      'Transfer-Encoding: chunked, identity\r\n',
      'Transfer-Encoding: xchunked\r\n',
      'Content-Length: -1\r\n',
    ]) {
      const answer = await house.raw(`POST /mcp HTTP/1.1\r\n${head}${lengths}\r\n0\r\n\r\n${smuggled}`);
      expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
      expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
    }
  });

  it('survives garbage, alone and behind a good request', async () => {
    const good = `POST /mcp HTTP/1.1\r\n${head}Content-Length: ${message.length}\r\n\r\n${message}`;
    const garbage = [
      '\u0000\u0001\u0002\r\n\r\n',
      '\u0016\u0003\u0001\u0002\u0000',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
      'GET\r\n\r\n',
    ];
    for (const bytes of garbage) {
      expect(await house.raw(bytes)).toMatch(/^(HTTP\/1\.1 4\d\d |$)/);
      const answer = await house.raw(good + bytes, 2000);
      expect(answer).toMatch(/^HTTP\/1\.1 (200|400) /);
    }
    const piped = await house.raw(good.repeat(20), 2000);
    expect(piped.match(/HTTP\/1\.1 200/g)).toHaveLength(20);
  });

  it.each([
    ['no JSON', '{"jsonrpc":', 400],
    ['no object', '17', 400],
    ['nothing', '', 400],
    ['deep nesting', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 400],
    [
      'a prototype',
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"__proto__":{"x":1},"name":"constructor"}}',
      200,
    ],
  ])('answers %s', async (_what, body, status) => {
    const answer = await house.send('/mcp', {
      method: 'POST',
      headers: {
        authorization: `Bearer ${TOKEN}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body,
    });
    expect(answer.status).toBe(status);
    expect(answer.text).toContain('"error"');
  });

  it('takes JSON only', async () => {
    const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'text/plain', accept: '*/*' };
    expect((await house.send('/mcp', { method: 'POST', headers, body: message })).status).toBe(415);
  });

  it('serves one client so many requests at once and no more', async () => {
    house.cloud.set({ latencyMs: 300 });
    const calls = Array.from({ length: 30 }, async (_, i) =>
      house.tool('list_files', { folder_path: `/${i}` }),
    );
    const statuses = (await Promise.all(calls)).map(({ status }) => status);
    house.cloud.set({ latencyMs: 0 });
    expect(statuses.filter((status) => status === 200)).toHaveLength(AT_ONCE);
    expect(statuses.filter((status) => status === 429)).toHaveLength(30 - AT_ONCE);
    expect((await house.rpc('tools/list', {})).status).toBe(200);
  });

  it('is still up after all this', async () => {
    expect((await house.rpc('tools/list', {})).status).toBe(200);
  });
});
