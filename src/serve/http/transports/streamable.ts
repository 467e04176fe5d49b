import type { IncomingMessage, ServerResponse } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, isInitializeRequest } from '@modelcontextprotocol/server';
import type { McpHttpHandler } from '@modelcontextprotocol/server';
import { readJsonRequest } from '../body.ts';
import { Caller } from '../caller.ts';
import type { HttpLimits } from '../limits.ts';
import { Sessions } from './sessions.ts';
import type { SessionsOptions } from './sessions.ts';

/**
 * `/mcp`: Streamable HTTP. Protocol revision 2026-07-28 and single requests of older revisions need no session;
 * an older client that begins with `initialize` gets one.
 */
export class Streamable {
  readonly sessions: Sessions;
  readonly #limits: HttpLimits;
  readonly #handler: McpHttpHandler;
  readonly #stateless: ReturnType<typeof toNodeHandler>;

  constructor(options: SessionsOptions) {
    const { createServer, limits, log } = options;
    const onerror = (error: Error): void => log.debug({ err: error }, 'protocol error');
    const maxRequestBodySize = limits.body.bytes;
    const { total: maxSubscriptions } = limits.streams;
    this.#limits = limits;
    this.sessions = new Sessions(options);
    this.#handler = createMcpHandler(({ authInfo }) => createServer(Caller.of(authInfo)), {
      onerror,
      maxRequestBodySize,
      maxSubscriptions,
    });
    this.#stateless = toNodeHandler(this.#handler, { onerror, maxRequestBodySize });
  }

  async serve(request: IncomingMessage, response: ServerResponse, caller: Caller): Promise<void> {
    const { headers, method = '', url = '' } = request;
    const id = headers['mcp-session-id'];
    if (typeof id === 'string') return this.sessions.serve(id, request, response, caller);
    const named = Object.assign(request, { auth: caller.asAuth(), method, url });
    if (method !== 'POST') return this.#stateless(named, response);
    const body = await readJsonRequest(request, this.#limits.body);
    // Some clients name the method in a header at every revision. Where it is another one, the body is not looked at.
    if ((headers['mcp-method'] ?? 'initialize') === 'initialize' && isInitializeRequest(body))
      return this.sessions.begin(request, response, caller, body);
    return this.#stateless(named, response, body);
  }

  /** Closes open sessions. */
  async close(): Promise<void> {
    this.sessions.close();
    await this.#handler.close();
  }
}
