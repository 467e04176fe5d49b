import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { headerOf, headText, lengthOf, sendOn, whole, WireReader } from './wire.ts';
import type { RawAnswer, RequestHead } from './wire.ts';

/** One request on its way, for a fault to spoil. */
export class Passage {
  readonly head: RequestHead;
  readonly client: Socket;
  readonly #cloud: URL;
  readonly #reader: WireReader;
  #body: Promise<Buffer> | undefined;
  /** Work that the cloud does after the client has stopped waiting for it. */
  late: (() => Promise<unknown>) | undefined;
  /** The connection cannot carry another request. */
  over = false;

  constructor(cloud: URL, head: RequestHead, client: Socket, reader: WireReader) {
    this.#cloud = cloud;
    this.head = head;
    this.client = client;
    this.#reader = reader;
  }

  body(): Promise<Buffer> {
    if (!this.#body && headerOf(this.head, 'expect')) this.client.write('HTTP/1.1 100 Continue\r\n\r\n');
    this.#body ??= this.#reader.take(lengthOf(this.head));
    return this.#body;
  }

  /** Lets the cloud do the work. */
  async forward(head = this.head, body?: Buffer): Promise<RawAnswer> {
    const own = await this.body();
    return sendOn(this.#cloud, head, body ?? own);
  }

  /** Asks the cloud something else, without a body. */
  async ask(target: string, lines: string[]): Promise<RawAnswer> {
    return sendOn(this.#cloud, { method: 'GET', target, lines }, Buffer.alloc(0));
  }

  /** Hands the cloud the beginning of the request and then leaves it. */
  async forwardCut(): Promise<void> {
    const body = await this.body();
    const socket = connect(Number(this.#cloud.port), this.#cloud.hostname);
    socket.on('error', () => undefined);
    const { method, target, lines } = this.head;
    socket.write([`${method} ${target} HTTP/1.1`, ...lines, '', ''].join('\r\n'));
    socket.write(body.subarray(0, body.length >> 1));
    await sleep(50);
    socket.destroy();
    await sleep(20);
  }

  write(data: Buffer | string): void {
    if (!this.client.destroyed) this.client.write(data);
  }

  async answer(answer: RawAnswer): Promise<void> {
    await this.body();
    this.write(whole(answer, this.head.method));
  }

  /** An answer that the cloud never gave. */
  async say(status: number, reason: string, headers: [string, string][] = [], body = ''): Promise<void> {
    await this.answer({ status, reason, headers, body: Buffer.from(body) });
  }

  /** Head with framing of one's own; what follows is up to the fault. */
  writeHead(answer: RawAnswer, ...more: string[]): void {
    this.write(Buffer.from(headText(answer, ...more), 'latin1'));
  }

  /** Ends the connection with RST. */
  reset(): void {
    this.over = true;
    this.client.resetAndDestroy();
  }

  end(): void {
    this.over = true;
    this.client.end();
  }

  /** Says nothing more until the client gives up. */
  async silence(): Promise<void> {
    this.over = true;
    if (this.client.destroyed) return;
    await new Promise((resolve) => this.client.once('close', resolve));
  }
}

/** What goes wrong with a request. */
export type Spoil = (passage: Passage) => Promise<void>;

/** A proxy that passes requests on to the embedded cloud, until it is armed with a fault. */
export class FaultProxy {
  readonly #cloud: URL;
  readonly #sockets = new Set<Socket>();
  readonly #late: Promise<unknown>[] = [];
  #server: Server;
  #port = 0;
  #spoil: Spoil | undefined;
  #applies: (head: RequestHead) => boolean = () => false;
  /** Requests that met the fault. */
  hits = 0;

  private constructor(cloud: URL) {
    this.#cloud = cloud;
    this.#server = this.#listener();
  }

  static async start(cloudUrl: string): Promise<FaultProxy> {
    const proxy = new FaultProxy(new URL(cloudUrl));
    await proxy.up();
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}${this.#cloud.pathname.replace(/\/$/, '')}`;
  }

  arm(spoil: Spoil, applies: (head: RequestHead) => boolean): void {
    this.#spoil = spoil;
    this.#applies = applies;
  }

  disarm(): void {
    this.#spoil = undefined;
  }

  /** Resolves when the faults have run their course, and the cloud has done what it does late. */
  async lateWork(): Promise<void> {
    await Promise.all(this.#late);
  }

  /** Nobody listens any more: connections are refused. */
  async down(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async up(): Promise<void> {
    this.#server = this.#listener();
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    if (this.#server.listening) await this.down();
  }

  #listener(): Server {
    return createServer((client) => {
      this.#sockets.add(client);
      client.on('error', () => undefined);
      client.on('close', () => this.#sockets.delete(client));
      this.#serve(client).catch(() => client.destroy());
    });
  }

  async #serve(client: Socket): Promise<void> {
    const reader = new WireReader(client);
    for (let head = await reader.head(); head; head = await reader.head()) {
      const passage = new Passage(this.#cloud, head, client, reader);
      if (this.#spoil && this.#applies(head)) {
        this.hits++;
        const spoilt = this.#spoil(passage);
        this.#late.push(spoilt.then(async () => passage.late?.()).catch(() => undefined));
        await spoilt;
      } else await passage.answer(await passage.forward());
      if (passage.over || client.destroyed) return;
    }
  }
}
