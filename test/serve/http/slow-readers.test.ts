import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { UnreadLimits } from '../../../src/serve/http/slow-readers.ts';
import { TOKEN } from '../../support/line.ts';
import { House, rpcHeaders } from './house.ts';

const MB = 1024 * 1024;

let house: House;
let socket: Socket;

afterEach(async () => {
  socket.destroy();
  await house.close();
});

/** Opens an event stream, reads where its messages go, and then reads no more. */
async function openUnread(unread: UnreadLimits): Promise<string> {
  house = await House.open({ env: { MCP_SSE: 'true' }, limits: { unread } });
  house.cloud.home().put('/a.txt', 'some words in a line\n'.repeat(5000));
  socket = house.socket();
  socket.write(`GET /sse HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${TOKEN}\r\n\r\n`);
  let head = '';
  while (!/data: \/messages\S+/.test(head))
    head += await new Promise<string>((resolve) =>
      socket.once('data', (data: Buffer) => resolve(String(data))),
    );
  socket.pause();
  return /data: (\/messages\S+)/.exec(head)?.[1] ?? '';
}

/** Asks for an answer of some 60 KB on the stream. @returns the status of the request */
async function ask(address: string, id: number): Promise<number> {
  const { status } = await house.send(address, {
    method: 'POST',
    headers: { ...rpcHeaders, authorization: `Bearer ${TOKEN}` },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id,
      method: 'tools/call',
      params: { name: 'read_file', arguments: { file_path: '/a.txt' } },
    }),
  });
  return status;
}

describe('a client that does not read', { timeout: 60_000 }, () => {
  it.each([
    ['of its connection', { bytes: MB, total: 1000 * MB, ms: 60_000 }],
    ['of all connections', { bytes: 1000 * MB, total: MB, ms: 60_000 }],
  ])('is cut off when what waits for it is above the limit %s', async (_whose, unread) => {
    const address = await openUnread(unread);
    let status = 202;
    for (let id = 1; id <= 400 && status === 202; id++) status = await ask(address, id);
    expect(status).toBe(404);
    expect((await house.rpc('tools/list', {})).status).toBe(200);
  });

  it('is cut off when it takes nothing for too long, and one that waits for nothing is not', async () => {
    const address = await openUnread({ bytes: 1000 * MB, total: 1000 * MB, ms: 1500 });
    await sleep(2500);
    // The stream of a client for which nothing waits is still there.
    expect(await ask(address, 1)).toBe(202);
    for (let id = 2; id <= 200; id++) if ((await ask(address, id)) === 404) break;
    await expect.poll(async () => ask(address, 999), { timeout: 10_000, interval: 300 }).toBe(404);
  });
});
