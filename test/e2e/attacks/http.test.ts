import { afterEach, describe, expect, it } from 'vitest';
import { startEmbeddedNextcloud } from '../../../src/embedded-nextcloud/index.ts';
import type { EmbeddedNextcloud } from '../../../src/embedded-nextcloud/index.ts';
import { startServer, TOKEN } from '../../support/line.ts';
import type { Served } from '../../support/line.ts';

/** Attacks that were found against the built program over HTTP, one test each. */

const alice = { id: 'alice', password: 'alice-app-password' };
let cloud: EmbeddedNextcloud;
let server: Served;

afterEach(async () => {
  await server.close();
  await cloud.close();
});

async function open(): Promise<void> {
  cloud = await startEmbeddedNextcloud({ users: [alice], bruteForce: false });
  const env = { PATH: process.env['PATH'] ?? '', NEXTCLOUD_URL: cloud.url, MCP_ACCOUNTS: 'header' };
  server = await startServer(env);
}

interface Login {
  readonly id: string;
  readonly password: string;
}

async function post(
  message: object | string,
  login: Login,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${server.url}/mcp`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${TOKEN}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'x-nextcloud-username': login.id,
      'x-nextcloud-password': login.password,
      ...headers,
    },
    body: typeof message === 'string' ? message : JSON.stringify({ jsonrpc: '2.0', id: 1, ...message }),
  });
}

const initialize = {
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};
const list = { method: 'tools/call', params: { name: 'list_files', arguments: {} } };

async function statuses(count: number, send: (index: number) => Promise<Response>): Promise<Set<number>> {
  const seen = new Set<number>();
  for (let index = 0; index < count; index++) {
    const response = await send(index);
    seen.add(response.status);
    await response.text();
  }
  return seen;
}

describe('a stranger with the shared token', () => {
  it('gets no session for a login that the Nextcloud has not confirmed', async () => {
    await open();
    expect((await post(list, alice)).status).toBe(200);
    const madeUp = (index: number): Login => ({ id: `nobody ${index}`, password: `made-up ${index}` });
    const seen = await statuses(60, async (index) => post(initialize, madeUp(index)));
    expect([...seen].filter((status) => status < 400)).toEqual([]);
    expect((await post(initialize, alice)).status).toBe(200);
  });

  it('guesses few passwords of a name, however it is spelled', async () => {
    await open();
    const spellings = Array.from({ length: 32 }, (_, bits) =>
      [...'alice'].map((letter, at) => ((bits >> at) & 1 ? letter.toUpperCase() : letter)).join(''),
    );
    await statuses(32, async (index) =>
      post(list, { id: spellings[index] ?? '', password: `guess ${index}` }),
    );
    const tried = cloud.requests.filter(({ status }) => status === 401).length;
    expect(tried).toBeGreaterThan(0);
    expect(tried).toBeLessThanOrEqual(10);
  });
});

describe('a client', () => {
  it('sends no message of a thousand levels within its session', async () => {
    await open();
    const begun = await post(initialize, alice);
    const session = { 'mcp-session-id': begun.headers.get('mcp-session-id') ?? '' };
    expect(session['mcp-session-id']).not.toBe('');
    const deep = `${'['.repeat(1000)}${']'.repeat(1000)}`;
    const message = `{"jsonrpc":"2.0","id":2,"method":"ping","params":{"x":${deep}}}`;
    expect((await post(message, alice, session)).status).toBe(400);
  });

  it('sends its token alone', async () => {
    await open();
    const seen = await post(list, alice, { authorization: `Bearer ${TOKEN} extra` });
    expect(seen.status).toBe(401);
  });
});
