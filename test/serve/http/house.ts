import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { load } from '../../../src/config/config.ts';
import { startEmbeddedNextcloud } from '../../../src/embedded-nextcloud/index.ts';
import type { EmbeddedNextcloud, EmbeddedOptions } from '../../../src/embedded-nextcloud/index.ts';
import { createLog } from '../../../src/log.ts';
import { startHttp } from '../../../src/serve/http.ts';
import type { HttpServer, HttpServerOptions } from '../../../src/serve/http.ts';
import type { HttpLimits } from '../../../src/serve/http/limits.ts';
import { TOKEN } from '../../support/line.ts';

export interface HouseOptions {
  readonly cloud?: EmbeddedOptions;
  readonly limits?: Partial<HttpLimits>;
  readonly env?: Readonly<Record<string, string>>;
  /** Serves other tools. */
  readonly createServer?: HttpServerOptions['createServer'];
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** The HTTP server in this process with an embedded Nextcloud behind it, for requests that no client would send. */
export class House {
  readonly cloud: EmbeddedNextcloud;
  readonly server: HttpServer;
  readonly announced: readonly string[];

  private constructor(cloud: EmbeddedNextcloud, server: HttpServer, announced: readonly string[]) {
    this.cloud = cloud;
    this.server = server;
    this.announced = announced;
  }

  static async open({
    cloud: options,
    limits = {},
    env = {},
    createServer,
  }: HouseOptions = {}): Promise<House> {
    const cloud = await startEmbeddedNextcloud(options);
    const settings = {
      NEXTCLOUD_URL: cloud.url,
      NEXTCLOUD_USERNAME: 'demo',
      NEXTCLOUD_PASSWORD: 'demo-app-password',
      MCP_HTTP: '127.0.0.1:0',
      MCP_TOKEN: TOKEN,
      ...env,
    };
    const announced: string[] = [];
    const server = await startHttp(load({}, settings), createLog('silent'), {
      limits,
      ...(createServer ? { createServer } : {}),
      announce: (line) => announced.push(line),
    });
    return new House(cloud, server, announced);
  }

  get port(): number {
    return Number(new URL(this.server.url).port);
  }

  async close(): Promise<void> {
    await this.server.stop();
    await this.cloud.close();
  }

  async send(path: string, init: RequestInit = {}): Promise<Answered> {
    const response = await fetch(this.server.url + path, { redirect: 'manual', ...init });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  /** One JSON-RPC message to `/mcp`, as the older revisions send it, with the token. */
  async rpc(
    method: string,
    params: Record<string, unknown>,
    headers: Record<string, string> = {},
  ): Promise<Answered> {
    return this.send('/mcp', {
      method: 'POST',
      headers: { ...rpcHeaders, authorization: `Bearer ${TOKEN}`, ...headers },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    });
  }

  async tool(
    name: string,
    args: Record<string, unknown>,
    headers: Record<string, string> = {},
  ): Promise<Answered> {
    return this.rpc('tools/call', { name, arguments: args }, headers);
  }

  /** Begins a session of an older revision. */
  async initialize(headers: Record<string, string> = {}): Promise<Answered> {
    return this.rpc(
      'initialize',
      { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
      headers,
    );
  }

  socket(): Socket {
    const socket = connect(this.port, '127.0.0.1');
    socket.on('error', () => undefined);
    return socket;
  }

  /** All that comes back for these bytes until the server closes, or has been silent for a while. */
  async raw(text: string, silenceMs = 1000): Promise<string> {
    const socket = this.socket();
    socket.write(text, 'latin1');
    socket.setTimeout(silenceMs, () => socket.destroy());
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    await new Promise<void>((resolve) => {
      socket.once('close', () => resolve());
    });
    return Buffer.concat(chunks).toString('latin1');
  }
}

export const rpcHeaders = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
};
