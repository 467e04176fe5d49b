import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { constants, setPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { TOKEN } from '../../test/support/line.ts';

/**
 * Strangers, as a process of their own. Arguments: port, name of the attack, number, seconds. Prints the number of
 * answers by status as JSON.
 */
const [port = '', attack = '', number = '0', seconds = '0'] = process.argv.slice(2);
setPriority(constants.priority.PRIORITY_LOW);
const count = Number(number);
const ADDRESSES = 50;
const TICK_MS = 20;
const BYTE_MS = 1000;
const PATIENCE_MS = 20_000;

const endsAt = Date.now() + Number(seconds) * 1000;
const answers: Record<string, number> = {};
const open = new Set<Socket>();

interface Kind {
  readonly request: string;
  readonly body?: string;
  readonly headers: string;
  /** Begins a session first, and opens the stream of that session. */
  readonly session?: boolean;
}

const token = `Authorization: Bearer ${TOKEN}\r\n`;
const login = (id: string, password: string): string =>
  `X-Nextcloud-Username: ${id}\r\nX-Nextcloud-Password: ${password}\r\n`;
/** Another account of the same Nextcloud, whose password the strangers have got. */
const colleague = token + login('mallory', 'mallory-app-password');

function madeUp(index: number): string {
  // Different names, some of them long, and different spellings of one name.
  const spelling = [...'alice']
    .map((letter, at) => ((index >> at) & 1 ? letter.toUpperCase() : letter))
    .join('');
  const names = [
    `nobody ${index}`,
    spelling,
    `n${index}`.padEnd(4000, 'x'),
    `${spelling}${'%20'.repeat(index % 5)}`,
  ];
  return token + login(names[index % names.length] ?? '', `made up ${index}`);
}

const rpc = (method: string, params: object = {}): string =>
  JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
const initialize = rpc('initialize', {
  protocolVersion: '2025-06-18',
  capabilities: {},
  clientInfo: { name: 'stranger', version: '1' },
});

const MODERN = 'MCP-Protocol-Version: 2026-07-28\r\nMCP-Method: subscriptions/listen\r\n';
const listen = rpc('subscriptions/listen', {
  notifications: { toolsListChanged: true },
  _meta: {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'stranger', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  },
});

function pick<T>(index: number, kinds: readonly (() => T)[]): T {
  const kind = kinds[index % kinds.length];
  if (!kind) throw new Error('no kinds');
  return kind();
}

const kinds: Readonly<Record<string, (index: number) => Kind>> = {
  logins: (index) =>
    pick(index, [
      () => ({ request: 'POST /mcp', body: initialize, headers: madeUp(index) }),
      () => ({ request: 'POST /mcp', body: rpc('tools/list'), headers: madeUp(index) }),
      () => ({ request: 'GET /sse', headers: madeUp(index) }),
      () => ({ request: `GET /mcp?${index}`, headers: madeUp(index) }),
      () => ({
        request: 'POST /api/integrations/test-connection',
        body: '{"service_name":"nextcloud"}',
        headers: madeUp(index),
      }),
      () => ({ request: `GET /${index}`, headers: login(`nobody ${index}`, 'x') }),
    ]),
  streams: (index) =>
    pick(index, [
      () => ({ request: 'GET /sse', headers: madeUp(index) }),
      () => ({ request: 'GET /mcp', headers: madeUp(index) }),
      () => ({ request: 'GET /sse', headers: token }),
      () => ({ request: 'POST /mcp', body: listen, headers: token + MODERN }),
      () => ({ request: 'GET /sse', headers: colleague }),
      () => ({ request: 'GET /mcp', headers: colleague, session: true }),
      () => ({ request: 'POST /mcp', body: listen, headers: colleague + MODERN }),
    ]),
  initialize: (index) =>
    pick(index, [
      () => ({ request: 'POST /mcp', body: initialize, headers: colleague }),
      () => ({ request: 'POST /mcp', body: initialize, headers: madeUp(index) }),
      () => ({ request: 'POST /mcp', body: initialize, headers: colleague }),
      () => ({ request: 'POST /mcp', body: initialize, headers: token }),
    ]),
  slow: (index) =>
    pick(index, [
      () => ({ request: 'POST /mcp', headers: '' }),
      () => ({ request: 'POST /mcp', headers: token }),
      () => ({ request: 'POST /mcp', body: initialize, headers: madeUp(index) }),
      () => ({ request: 'POST /mcp', body: initialize, headers: colleague }),
    ]),
};

function headOf({ request, headers, body }: Kind): string {
  const length =
    body === undefined ? '' : `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n`;
  const accept = 'Accept: application/json, text/event-stream\r\n';
  return `${request} HTTP/1.1\r\nHost: localhost\r\n${accept}${length}${headers}\r\n`;
}

function dial(index: number): Socket {
  // The person comes from one of these addresses too.
  const localAddress = `127.0.1.${1 + (index % ADDRESSES)}`;
  const socket = connect({ port: Number(port), host: '127.0.0.1', localAddress, noDelay: true });
  open.add(socket);
  let answered = false;
  socket.on('data', (chunk: Buffer) => {
    if (answered) return;
    answered = true;
    note(/^HTTP\/1\.1 (\d{3})/.exec(chunk.toString('latin1', 0, 20))?.[1] ?? 'garbage');
  });
  socket.on('error', () => undefined);
  socket.once('close', () => {
    open.delete(socket);
    if (!answered && Date.now() < endsAt) note('closed without an answer');
  });
  return socket;
}

function note(answer: string): void {
  answers[answer] = (answers[answer] ?? 0) + 1;
}

const whole = async (index: number, kind: Kind): Promise<void> => {
  const socket = dial(index);
  if (kind.session) {
    socket.write(headOf({ ...kind, request: 'POST /mcp', body: initialize }) + initialize);
    const until = AbortSignal.timeout(Math.max(0, endsAt - Date.now()));
    const [answer] = (await once(socket, 'data', { signal: until }).catch(() => [''])) as [string | Buffer];
    const id = /^mcp-session-id: (\S+)/im.exec(String(answer))?.[1];
    if (id !== undefined)
      socket.write(headOf({ ...kind, headers: `${kind.headers}Mcp-Session-Id: ${id}\r\n` }));
  } else socket.write(headOf(kind) + (kind.body ?? ''));
  // What opens streams keeps the connection, whatever the answer is.
  if (attack === 'streams') return;
  socket.once('data', () => setTimeout(() => socket.destroy(), 500));
  setTimeout(() => socket.destroy(), PATIENCE_MS).unref();
};

/** Headers, or after them the body, a byte at a time. Begins anew when the server hangs up. */
const slowly = async (index: number, kind: Kind): Promise<void> => {
  while (Date.now() < endsAt) {
    const socket = dial(index);
    let closed = false;
    socket.once('close', () => (closed = true));
    const rest = kind.body ?? headOf(kind);
    if (kind.body !== undefined) socket.write(headOf(kind));
    for (const byte of rest) {
      if (closed || Date.now() >= endsAt) break;
      socket.write(byte);
      await sleep(BYTE_MS);
    }
    socket.destroy();
    await sleep(BYTE_MS);
  }
};

const kindOf = kinds[attack];
if (!kindOf) throw new Error(`No such attack: ${attack}`);
const begin = attack === 'slow' ? slowly : whole;
// Streams and slow clients come in the first half, and stay.
const spreadMs = Number(seconds) * 1000 * (attack === 'logins' || attack === 'initialize' ? 0.95 : 0.5);
const startedAt = Date.now();
const work: Promise<void>[] = [];
let begun = 0;
let most = 0;
while (Date.now() < endsAt) {
  const due = Math.min(count, Math.ceil((count * (Date.now() - startedAt)) / spreadMs));
  for (; begun < due; begun++) work.push(begin(begun, kindOf(begun)));
  most = Math.max(most, open.size);
  await sleep(TICK_MS);
}
await Promise.all(work);
for (const socket of open) socket.destroy();
process.stdout.write(`${JSON.stringify({ begun, most, answers })}\n`);
