import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { McpServer } from '@modelcontextprotocol/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TOKEN } from '../../support/line.ts';
import { House } from './house.ts';
import type { Answered } from './house.ts';
import { modernMeta, modernHeaders } from './modern-request.ts';

const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };

/** A tool that says how far it is before it ends, so that a stream has more than the answer in it. */
function createServer(): McpServer {
  const server = new McpServer({ name: 'test', version: '1.0.0' });
  server.registerTool('count', { description: 'Counts.' }, async ({ mcpReq }) => {
    const progressToken = mcpReq._meta?.progressToken;
    if (progressToken !== undefined)
      await mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress: 1 } });
    const elicits = server.server.getClientCapabilities()?.elicitation !== undefined;
    return { content: [{ type: 'text', text: `counted, ${elicits ? 'may ask' : 'may not ask'}` }] };
  });
  return server;
}

type Body = Readonly<Record<string, unknown>> | readonly Readonly<Record<string, unknown>>[];

const message = (
  method: string,
  params: Readonly<Record<string, unknown>>,
  id = 1,
): Record<string, unknown> => ({
  jsonrpc: '2.0',
  id,
  method,
  params,
});
const initialize = message('initialize', {
  protocolVersion: '2025-06-18',
  capabilities: { elicitation: {} },
  clientInfo: { name: 'test', version: '1' },
});
const count = (meta: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  message('tools/call', { name: 'count', arguments: {}, _meta: { progressToken: 7, ...meta } });

describe('an answer comes in what the client accepts', () => {
  let house: House;
  let session: Record<string, string>;
  beforeAll(async () => {
    house = await House.open({ createServer });
    const begun = await house.initialize();
    session = { 'mcp-session-id': begun.headers.get('mcp-session-id') ?? '' };
  });
  afterAll(async () => house.close());

  // `fetch` adds an Accept header where there is none.
  async function post(
    body: Body,
    accept: string | undefined,
    more: Record<string, string> = {},
  ): Promise<Answered> {
    const all = { ...headers, ...more, ...(accept ? { accept } : {}) };
    const sent = request(`${house.server.url}/mcp`, { method: 'POST', headers: all, agent: false });
    sent.end(JSON.stringify(body));
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    const got = Object.entries(answer.headers).map(([name, value]): [string, string] => [
      name,
      String(value),
    ]);
    return { status: answer.statusCode ?? 0, headers: new Headers(got), text: await text(answer) };
  }

  const calls: Readonly<Record<string, () => readonly [Body, Record<string, string>]>> = {
    initialize: () => [initialize, {}],
    'a call without a session': () => [count({}), {}],
    'a call in a session': () => [count({}), session],
    'a batch': () => [[count({}), message('tools/list', {}, 2)], {}],
    'a call of the current revision': () => [count(modernMeta), modernHeaders('tools/call', 'count')],
    'a list of the current revision': () => [
      message('tools/list', { _meta: modernMeta }),
      modernHeaders('tools/list'),
    ],
    discovery: () => [message('server/discover', { _meta: modernMeta }), modernHeaders('server/discover')],
  };
  const forms: readonly (readonly [accept: string | undefined, types: readonly string[]])[] = [
    ['application/json', ['application/json']],
    ['application/json;q=1, text/event-stream;q=0', ['application/json']],
    ['application/*', ['application/json']],
    ['*/*', ['application/json']],
    ['text/html, */*;q=0.8', ['application/json']],
    [undefined, ['application/json']],
    ['text/event-stream', ['text/event-stream']],
    ['Text/Event-Stream', ['text/event-stream']],
    ['application/json, text/event-stream', ['application/json', 'text/event-stream']],
  ];

  it.each(
    Object.keys(calls).flatMap((name) => forms.map(([accept, types]) => [name, accept, types] as const)),
  )('%s with Accept: %s', async (name, accept, types) => {
    const [body, more] = calls[name]?.() ?? [];
    const { status, headers: got, text: shown } = await post(body ?? {}, accept, more);
    expect([status, got.get('content-type')]).toEqual([200, expect.stringMatching(types.join('|'))]);
    expect(shown).toContain(name.endsWith('call') || name.startsWith('a call') ? 'counted' : '"result"');
    expect(shown.startsWith('event: ')).toBe(got.get('content-type') === 'text/event-stream');
    if (got.get('content-type') === 'application/json') {
      expect(shown).not.toContain('notifications/progress');
      if (name === 'a batch') expect(shown).toMatch(/\[\{[^]*"id":2[^]*"id":1/);
    }
  });

  it('a notification has no body, whatever is accepted', async () => {
    const done = { jsonrpc: '2.0', method: 'notifications/initialized' };
    for (const [accept] of forms) expect((await post(done, accept, session)).status).toBe(202);
  });

  it('a client that accepts neither is told what to send', async () => {
    for (const accept of ['text/html', 'application/json;q=0, image/*', 'application/xml']) {
      const { status, text: said } = await post(initialize, accept);
      expect([status, said]).toEqual([406, expect.stringContaining('Send \\"Accept: application/json')]);
    }
  });

  it('what is a stream in any case needs a client that reads one', async () => {
    const listen = message('subscriptions/listen', { _meta: modernMeta, notifications: {} });
    const refused = await post(listen, 'application/json', modernHeaders('subscriptions/listen'));
    expect([refused.status, refused.text]).toEqual([406, expect.stringContaining('text/event-stream')]);
    const get = await house.send('/mcp', { headers: { ...headers, ...session, accept: 'application/json' } });
    expect(get.status).toBe(406);
  });

  it('the stream of a session is open at once, and again after the client has left it', async () => {
    for (const accept of ['text/event-stream', '*/*', 'application/json, text/event-stream']) {
      await expect
        .poll(async () => {
          const leaving = new AbortController();
          const init = { headers: { ...headers, ...session, accept }, signal: leaving.signal };
          const { status } = await fetch(`${house.server.url}/mcp`, init);
          leaving.abort();
          return status;
        })
        .toBe(200);
    }
  });

  it('a client that reads no stream is not asked anything, as a question travels in one', async () => {
    for (const [accept, may] of [
      ['application/json', 'may not ask'],
      ['application/json, text/event-stream', 'may ask'],
    ] as const) {
      const begun = await post(initialize, accept);
      const own = { 'mcp-session-id': begun.headers.get('mcp-session-id') ?? '' };
      expect((await post(count({}), accept, own)).text).toContain(may);
    }
  });
});
