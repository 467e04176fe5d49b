import { randomUUID } from 'node:crypto';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server';
import type { McpServer } from '@modelcontextprotocol/server';
import type { Log } from '../../../log.ts';
import type { Caller } from '../caller.ts';
import type { CapScope, FairShare, Holder } from '../fair-share.ts';
import { HttpError } from '../http-error.ts';
import type { HttpLimits } from '../limits.ts';

interface Open {
  readonly transport: WebStandardStreamableHTTPServerTransport;
  readonly server: McpServer;
  readonly caller: Caller;
  /** Gives back the session's part of the limits. */
  readonly release: () => void;
  usedAt: number;
}

export interface SessionsOptions {
  readonly createServer: (caller: Caller) => McpServer;
  readonly limits: HttpLimits;
  readonly share: FairShare;
  readonly log: Log;
}

const SWEEP_MS = 60_000;

/**
 * The sessions of protocol revisions before 2026-07-28, in which calls can be cancelled and the server can send
 * requests. When a caller has too many, their own oldest one is closed. When others have filled the table, a new one
 * is rejected.
 */
export class Sessions {
  readonly #options: SessionsOptions;
  /** The least recently used first. */
  readonly #open = new Map<string, Open>();
  readonly #sweep = setInterval(() => this.#endIdle(), SWEEP_MS).unref();

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Answers an `initialize`. @throws HttpError 429 or 503 when too many sessions are open */
  async begin(request: Request, caller: Caller, body: unknown): Promise<Response> {
    const { createServer, limits } = this.#options;
    const release = this.#takeRoom(caller.holder);
    const unhold = caller.hold();
    const releaseAll = (): void => {
      release();
      unhold();
    };
    let begun = false;
    try {
      const server = createServer(caller);
      const transport = new WebStandardStreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        maxRequestBodySize: limits.body.bytes,
        onsessioninitialized: (id) => {
          begun = true;
          this.#open.set(id, { transport, server, caller, release: releaseAll, usedAt: Date.now() });
        },
        onsessionclosed: (id) => this.#end(id),
      });
      await server.connect(transport);
      const response = await transport.handleRequest(request, { parsedBody: body });
      if (transport.sessionId === undefined) await server.close();
      return response;
    } finally {
      if (!begun) releaseAll();
    }
  }

  /** @throws HttpError 404 for a session that is unknown, closed or of another caller, so that they cannot be told apart */
  async serve(id: string, request: Request, caller: Caller, body: unknown): Promise<Response> {
    const open = this.#open.get(id);
    // With this status clients begin a new session.
    if (!open?.caller.is(caller)) throw new HttpError(404, 'Session not found', {}, -32_001);
    this.#use(id, open);
    return open.transport.handleRequest(request, body === undefined ? {} : { parsedBody: body });
  }

  close(): void {
    clearInterval(this.#sweep);
    for (const id of this.#open.keys()) this.#end(id);
  }

  #takeRoom(holder: Holder): () => void {
    const { share } = this.#options;
    for (;;) {
      const scope = share.full(holder);
      if (scope === undefined) return share.take(holder);
      const oldest = this.#oldestOf(holder, scope);
      if (oldest === undefined) throw share.refusal(scope);
      this.#end(oldest);
    }
  }

  #oldestOf({ principal, client }: Holder, scope: CapScope): string | undefined {
    for (const [id, { caller }] of this.#open)
      if (caller.holder.principal === principal && (scope !== 'client' || caller.holder.client === client))
        return id;
    return undefined;
  }

  #use(id: string, open: Open): void {
    open.usedAt = Date.now();
    this.#open.delete(id);
    this.#open.set(id, open);
  }

  #end(id: string): void {
    const open = this.#open.get(id);
    if (!open) return;
    this.#open.delete(id);
    open.release();
    open.server
      .close()
      .catch((error: unknown) => this.#options.log.debug({ err: error }, 'closing a session'));
  }

  #endIdle(): void {
    const before = Date.now() - this.#options.limits.sessionIdleMs;
    for (const [id, { usedAt }] of this.#open) if (usedAt < before) this.#end(id);
  }
}
