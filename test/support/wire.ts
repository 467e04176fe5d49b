import { request as httpRequest } from 'node:http';
import type { Socket } from 'node:net';

/** A request as it came over the wire. */
export interface RequestHead {
  readonly method: string;
  readonly target: string;
  /** As written, `Name: value`. */
  readonly lines: readonly string[];
}

/** An answer of the cloud, whole, to be sent on or spoilt. */
export interface RawAnswer {
  status: number;
  reason: string;
  /** Without those that frame the body. */
  headers: [name: string, value: string][];
  body: Buffer;
}

/** Reads requests from a socket byte by byte as they come. */
export class WireReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #buffer = Buffer.alloc(0);

  constructor(socket: Socket) {
    this.#chunks = socket[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  /** The next head, or undefined at the end of the connection. */
  async head(): Promise<RequestHead | undefined> {
    let end = this.#buffer.indexOf('\r\n\r\n');
    while (end < 0) {
      if (!(await this.#more())) return undefined;
      end = this.#buffer.indexOf('\r\n\r\n');
    }
    const [first = '', ...lines] = this.#buffer.subarray(0, end).toString('latin1').split('\r\n');
    this.#buffer = this.#buffer.subarray(end + 4);
    const [method = '', target = ''] = first.split(' ');
    return { method, target, lines };
  }

  /** `length` bytes, or fewer when the connection ends before. */
  async take(length: number): Promise<Buffer> {
    while (this.#buffer.length < length && (await this.#more()));
    const taken = this.#buffer.subarray(0, length);
    this.#buffer = this.#buffer.subarray(length);
    return taken;
  }

  async #more(): Promise<boolean> {
    try {
      const next = await this.#chunks.next();
      if (next.done) return false;
      this.#buffer = Buffer.concat([this.#buffer, next.value]);
      return true;
    } catch {
      return false;
    }
  }
}

export function headerOf(head: RequestHead, name: string): string | undefined {
  const line = head.lines.find((one) => one.toLowerCase().startsWith(`${name}:`));
  return line?.slice(name.length + 1).trim();
}

export function lengthOf(head: RequestHead): number {
  return Number(headerOf(head, 'content-length') ?? 0);
}

const framing = new Set(['content-length', 'transfer-encoding', 'connection', 'keep-alive']);

/** Sends a request on to the cloud and takes its whole answer. */
export function sendOn(cloud: URL, head: RequestHead, body: Buffer): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const headers = head.lines.flatMap((line) => {
      const colon = line.indexOf(':');
      const name = line.slice(0, colon);
      return /^(connection|host)$/i.test(name) ? [] : [name, line.slice(colon + 1).trim()];
    });
    const outgoing = httpRequest(
      {
        host: cloud.hostname,
        port: cloud.port,
        method: head.method,
        path: head.target,
        agent: false,
        headers: ['Host', cloud.host, ...headers],
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const raw = incoming.rawHeaders;
          const pairs = raw.flatMap((name, index): [string, string][] =>
            index % 2 === 0 && !framing.has(name.toLowerCase()) ? [[name, raw[index + 1] ?? '']] : [],
          );
          resolve({
            status: incoming.statusCode ?? 0,
            reason: incoming.statusMessage ?? '',
            headers: pairs,
            body: Buffer.concat(chunks),
          });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

export function headText({ status, reason, headers }: RawAnswer, ...more: string[]): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${reason}`, ...lines, ...more, '', ''].join('\r\n');
}

/** An answer as a correct server writes it. */
export function whole(answer: RawAnswer, method: string): Buffer {
  const bodyless = answer.status === 204 || answer.status === 304;
  const head = headText(answer, ...(bodyless ? [] : [`Content-Length: ${answer.body.length}`]));
  return Buffer.concat([Buffer.from(head, 'latin1'), method === 'HEAD' ? Buffer.alloc(0) : answer.body]);
}

export function chunked(body: Buffer, last = true): Buffer {
  const size = body.length === 0 ? '' : `${body.length.toString(16)}\r\n`;
  const end = body.length === 0 ? '' : '\r\n';
  return Buffer.concat([Buffer.from(size), body, Buffer.from(end + (last ? '0\r\n\r\n' : ''))]);
}
