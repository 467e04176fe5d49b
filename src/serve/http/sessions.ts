import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { NodeStreamableHTTPServerTransport } from '@modelcontextprotocol/node';
import type { McpServer } from '@modelcontextprotocol/server';
import { LRUCache } from 'lru-cache';
import type { Log } from '../../log.ts';
import type { Caller } from './caller.ts';
import type { HttpLimits } from './limits.ts';
import { HttpError } from './http-error.ts';

interface Open {
  readonly transport: NodeStreamableHTTPServerTransport;
  readonly server: McpServer;
  readonly caller: Caller;
}

/** The sessions of protocol revisions before 2026-07-28, in which calls can be cancelled and the server can send requests. */
export class Sessions {
  readonly #createServer: (caller: Caller) => McpServer;
  readonly #log: Log;
  readonly #limits: HttpLimits;
  readonly #open: LRUCache<string, Open>;

  constructor(createServer: (caller: Caller) => McpServer, limits: HttpLimits, log: Log) {
    this.#createServer = createServer;
    this.#limits = limits;
    this.#log = log;
    this.#open = new LRUCache({
      max: limits.sessions,
      ttl: limits.sessionIdleMs,
      updateAgeOnGet: true,
      dispose: ({ server }) => {
        server.close().catch((error: unknown) => this.#log.debug({ err: error }, 'closing a session'));
      },
    });
  }

  get size(): number {
    return this.#open.size;
  }

  /** Answers an `initialize`. */
  async begin(
    request: IncomingMessage,
    response: ServerResponse,
    caller: Caller,
    body: unknown,
  ): Promise<void> {
    this.#open.purgeStale();
    const server = this.#createServer(caller);
    const transport = new NodeStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      maxRequestBodySize: this.#limits.bodyBytes,
      onsessioninitialized: (id) => {
        this.#open.set(id, { transport, server, caller });
      },
      onsessionclosed: (id) => {
        this.#open.delete(id);
      },
    });
    await server.connect(transport);
    await transport.handleRequest(request, response, body);
    if (transport.sessionId === undefined) await server.close();
  }

  /** @throws HttpError 404 for a session that is unknown, closed or of another caller, so that they cannot be told apart */
  async serve(id: string, request: IncomingMessage, response: ServerResponse, caller: Caller): Promise<void> {
    const open = this.#open.peek(id);
    if (!open?.caller.is(caller)) throw new HttpError(404, 'Session not found', {}, -32_001);
    this.#open.get(id);
    await open.transport.handleRequest(request, response);
  }

  close(): void {
    this.#open.clear();
  }
}
