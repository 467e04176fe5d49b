import type { IncomingMessage, ServerResponse } from 'node:http';
import type { McpServer } from '@modelcontextprotocol/server';
import type { SSEServerTransport } from '@modelcontextprotocol/server-legacy/sse';
import type { JsonLimits } from '../../../text/json-measure.ts';
import { readJsonRequest } from '../body.ts';
import type { Caller } from '../caller.ts';
import { HttpError } from '../http-error.ts';

const KEEP_ALIVE_MS = 15_000;

interface Stream {
  readonly transport: SSEServerTransport;
  readonly server: McpServer;
  readonly caller: Caller;
}

/** The HTTP+SSE transport of protocol revision 2024-11-05: a stream at `/sse`, and messages to it at `/messages`. */
export class Sse {
  readonly #createServer: (caller: Caller) => McpServer;
  readonly #limits: JsonLimits;
  readonly #streams = new Map<string, Stream>();

  constructor(createServer: (caller: Caller) => McpServer, limits: JsonLimits) {
    this.#createServer = createServer;
    this.#limits = limits;
  }

  get size(): number {
    return this.#streams.size;
  }

  async open(response: ServerResponse, caller: Caller): Promise<void> {
    const { SSEServerTransport: Legacy } = await import('@modelcontextprotocol/server-legacy/sse');
    if (response.destroyed) return;
    const transport = new Legacy('/messages', response);
    const server = this.#createServer(caller);
    const { sessionId } = transport;
    const keepAlive = setInterval(() => response.write(': keep-alive\n\n'), KEEP_ALIVE_MS);
    this.#streams.set(sessionId, { transport, server, caller });
    response.once('close', () => {
      clearInterval(keepAlive);
      this.#streams.delete(sessionId);
    });
    await server.connect(transport);
  }

  /** @throws HttpError 404 for a stream that is unknown, closed or of another caller */
  async receive(request: IncomingMessage, response: ServerResponse, caller: Caller): Promise<void> {
    const id = URL.parse(request.url ?? '', 'http://localhost')?.searchParams.get('sessionId') ?? '';
    const stream = this.#streams.get(id);
    if (!stream?.caller.is(caller)) throw new HttpError(404, 'Session not found', {}, -32_001);
    const body = await readJsonRequest(request, this.#limits);
    // The transport would parse a string as JSON again.
    if (typeof body !== 'object' || body === null)
      throw new HttpError(400, 'The body is not a JSON-RPC message', {}, -32_600);
    await stream.transport.handlePostMessage(request, response, body);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#streams.values()].map(async ({ server }) => server.close()));
  }
}
