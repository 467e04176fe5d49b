import { once } from 'node:events';
import { Agent, request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { TOKEN } from '../../support/line.ts';
import type { House } from './house.ts';
import { rpcHeaders } from './house.ts';

export interface TestLogin {
  readonly id: string;
  readonly password: string;
}

type Headers = Readonly<Record<string, string>>;

export function loginHeaders({ id, password }: TestLogin): Record<string, string> {
  const utf8 = (value: string): string => Buffer.from(value, 'utf8').toString('latin1');
  return { 'x-nextcloud-username': utf8(id), 'x-nextcloud-password': utf8(password) };
}

export function rpcBody(method: string, params: Record<string, unknown> = {}): string {
  return JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
}

export const initializeBody = rpcBody('initialize', {
  protocolVersion: '2025-06-18',
  capabilities: {},
  clientInfo: { name: 'hostile', version: '1' },
});

/** A client from another address than the other clients of the tests, where the system has several (Linux). */
export class HostileClient {
  readonly #port: number;
  readonly #address: { readonly localAddress?: string };
  readonly #agent: Agent;
  readonly #open: Socket[] = [];

  /** @param host the last part of the address 127.0.0.x */
  constructor(port: number, host = 2) {
    this.#port = port;
    this.#address = process.platform === 'linux' ? { localAddress: `127.0.0.${host}` } : {};
    this.#agent = new Agent({ keepAlive: true });
  }

  /** The response without its body. */
  async open(method: string, path: string, headers: Headers = {}, body?: string): Promise<IncomingMessage> {
    const sent = request({
      host: '127.0.0.1',
      port: this.#port,
      path,
      method,
      agent: this.#agent,
      headers: { ...rpcHeaders, authorization: `Bearer ${TOKEN}`, ...headers },
      ...this.#address,
    });
    // The server may close the connection while the body is still sent.
    sent.on('error', () => undefined);
    // With a text as the body, Node.js would send the headers as UTF-8 too.
    sent.end(body === undefined ? undefined : Buffer.from(body));
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    response.on('error', () => undefined);
    return response;
  }

  async post(path: string, body: string, headers: Headers = {}): Promise<{ status: number; text: string }> {
    const response = await this.open('POST', path, headers, body);
    return { status: response.statusCode ?? 0, text: await text(response) };
  }

  /** A connection that has sent the beginning of a request and sends no more. */
  async stall(beginning: string): Promise<Socket> {
    const socket = connect({ port: this.#port, host: '127.0.0.1', ...this.#address });
    socket.on('error', () => undefined);
    socket.resume();
    this.#open.push(socket);
    await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
    if (!socket.destroyed) socket.write(beginning);
    return socket;
  }

  close(): void {
    this.#agent.destroy();
    for (const socket of this.#open.splice(0)) socket.destroy();
  }
}

export interface Work {
  readonly calls: number;
  /** Answers other than a result. */
  readonly failures: readonly string[];
  /** Statuses of `/healthz` other than 200. */
  readonly unhealthy: readonly number[];
}

/** Lets a signed-in person call tools, and a probe look, for as long as the attack takes. */
export async function workDuring(house: House, headers: Headers, attack: () => Promise<void>): Promise<Work> {
  const failures: string[] = [];
  const unhealthy: number[] = [];
  let calls = 0;
  let going = true;
  const repeat = async (step: () => Promise<void>): Promise<void> => {
    do await step();
    while (going && (await sleep(10, true)));
  };
  const working = repeat(async () => {
    calls++;
    try {
      const { status, text: answer } = await house.tool('list_files', { folder_path: '/' }, { ...headers });
      if (status !== 200 || answer.includes('"isError":true')) failures.push(`${status} ${answer}`);
    } catch (error) {
      failures.push(String(error));
    }
  });
  const probing = repeat(async () => {
    const { status } = await house.send('/healthz');
    if (status !== 200) unhealthy.push(status);
  });
  try {
    await attack();
  } finally {
    going = false;
    await Promise.all([working, probing]);
  }
  return { calls, failures, unhealthy };
}

/** Does something many times, some of it at once. */
export async function repeatAtOnce(
  times: number,
  atOnce: number,
  work: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (next < times) await work(next++);
    }),
  );
}

/** The value of a figure in `/metrics`. */
export async function figure(house: House, name: string): Promise<number> {
  const { text: metrics } = await house.send('/metrics', { headers: { authorization: `Bearer ${TOKEN}` } });
  const found = new RegExp(`^nextcloud_files_mcp_${name} (\\S+)$`, 'm').exec(metrics)?.[1];
  return Number(found ?? NaN);
}

/** Bytes of the heap that are still referenced. */
export function usedHeap(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}
