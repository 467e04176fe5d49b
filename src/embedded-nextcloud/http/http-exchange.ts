import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { UserAccount } from '../store/account.ts';
import type { StoredContent } from '../store/content.ts';
import { joined, received } from '../store/content.ts';
import type { Instance } from '../store/instance.ts';
import { normalizePath } from './url-encoding.ts';

export interface ReceivedBody {
  content: StoredContent;
  /** False when the client disconnected before the end. */
  complete: boolean;
}

/** Reason phrases in which PHP differs from Node. */
const phrases: Record<number, string> = { 412: 'Precondition failed' };

/** JSON as PHP's json_encode writes it, with escaped slashes. */
export function phpJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('/', String.raw`\/`);
}

/** An HTTP request and its response. */
export class HttpExchange {
  readonly instance: Instance;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly method: string;
  /** The path below the installation, normalized and still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  account: UserAccount | undefined;
  bytesIn = 0;
  bytesOut = 0;
  /** The client waits for `100 Continue`. Errors are sent without it. */
  #awaitsContinue: boolean;

  constructor(
    instance: Instance,
    request: IncomingMessage,
    response: ServerResponse,
    awaitsContinue: boolean,
  ) {
    this.instance = instance;
    this.request = request;
    this.response = response;
    this.#awaitsContinue = awaitsContinue;
    this.method = request.method ?? 'GET';
    const target = request.url ?? '/';
    const cut = target.indexOf('?');
    const path = normalizePath(cut < 0 ? target : target.slice(0, cut));
    this.path = path.startsWith(`${instance.basePath}/`) ? path.slice(instance.basePath.length) : '';
    this.query = new URLSearchParams(cut < 0 ? '' : target.slice(cut + 1));
  }

  header(name: string): string | undefined {
    const value = this.request.headers[name.toLowerCase()];
    return Array.isArray(value) ? value.join(', ') : value;
  }

  set(name: string, value: string): void {
    this.response.setHeader(name, value);
  }

  /** The signed-in user. Only for routes that require authentication. */
  get user(): UserAccount {
    if (!this.account) throw new Error('route served without a user');
    return this.account;
  }

  reply(status: number, body: string | Buffer = '', headers: Record<string, string> = {}): void {
    const { response } = this;
    if (response.headersSent) {
      response.end();
      return;
    }
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const data = typeof body === 'string' ? Buffer.from(body) : body;
    const bodiless = status === 204 || status === 304;
    if (!bodiless && !response.hasHeader('Content-Type')) {
      response.setHeader('Content-Type', 'text/html; charset=UTF-8');
    }
    if (!bodiless && !response.hasHeader('Content-Length') && this.method !== 'HEAD') {
      response.setHeader('Content-Length', data.length);
    }
    // When the body of a request was not read, the connection cannot be used for another request.
    if (!this.request.complete && (this.header('content-length') ?? '0') !== '0') {
      response.setHeader('Connection', 'close');
    }
    response.statusCode = status;
    const phrase = phrases[status];
    if (phrase) response.statusMessage = phrase;
    if (this.method === 'HEAD' || bodiless) response.end();
    else {
      this.bytesOut += data.length;
      response.end(data);
    }
  }

  json(status: number, value: unknown, headers: Record<string, string> = {}): void {
    this.reply(status, phpJson(value), {
      'Content-Type': 'application/json; charset=utf-8',
      ...headers,
    });
  }

  /** Sends a large response in pieces, as fast as the client reads them, without blocking other requests. */
  async stream(
    status: number,
    headers: Record<string, string>,
    parts: Iterable<string | Buffer>,
    gzip = false,
  ): Promise<void> {
    const { response } = this;
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (gzip) response.setHeader('Content-Encoding', 'gzip');
    response.statusCode = status;
    if (this.method === 'HEAD') {
      response.end();
      return;
    }
    const source = Readable.from(this.#counted(parts), { objectMode: true });
    try {
      await (gzip ? pipeline(source, createGzip(), response) : pipeline(source, response));
    } catch {
      // The client has disconnected.
    }
  }

  *#counted(parts: Iterable<string | Buffer>): Generator<Buffer> {
    for (const part of parts) {
      const data = typeof part === 'string' ? Buffer.from(part) : part;
      this.bytesOut += data.length;
      // An empty piece would end the stream.
      if (data.length > 0) yield data;
    }
  }

  /** Reads the request body and keeps it in the pieces in which it arrived. */
  async receive(): Promise<ReceivedBody> {
    this.#continue();
    const parts: StoredContent[] = [];
    let complete = true;
    try {
      for await (const piece of this.request as AsyncIterable<Buffer>) {
        this.bytesIn += piece.length;
        parts.push(received(piece));
      }
    } catch {
      complete = false;
    }
    return { content: joined(parts), complete: complete && this.request.complete };
  }

  async text(limit = 4 * 1024 * 1024): Promise<string> {
    this.#continue();
    const parts: Buffer[] = [];
    for await (const piece of this.request as AsyncIterable<Buffer>) {
      this.bytesIn += piece.length;
      if (this.bytesIn <= limit) parts.push(piece);
    }
    return Buffer.concat(parts).toString();
  }

  #continue(): void {
    if (!this.#awaitsContinue) return;
    this.#awaitsContinue = false;
    this.response.writeContinue();
  }
}
