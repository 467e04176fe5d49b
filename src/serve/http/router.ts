import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { requestScope } from '../../log.ts';
import type { Log } from '../../log.ts';
import { unexpected } from '../../mcp/server.ts';
import { failureText } from '../../tools/render/remedies.ts';
import type { OriginGuard } from './origin-guard.ts';
import type { Metrics } from './metrics.ts';
import { HttpError, sendError } from './http-error.ts';

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;

/** The handlers of one path, by method. */
export type HttpRoute = Readonly<Partial<Record<string, Handle>>>;

const MAX_SHOWN = 200;

/** Checks each request, passes it to its route, and logs it under an id that all log lines share. */
export class HttpRouter {
  readonly #routes: ReadonlyMap<string, HttpRoute>;
  readonly #gate: OriginGuard;
  readonly #metrics: Metrics;
  readonly #log: Log;
  #stopping = false;
  #running = 0;

  constructor(routes: Readonly<Record<string, HttpRoute>>, gate: OriginGuard, metrics: Metrics, log: Log) {
    this.#routes = new Map(Object.entries(routes));
    this.#gate = gate;
    this.#metrics = metrics;
    this.#log = log;
  }

  /** Requests that are not answered yet, without open streams. */
  get running(): number {
    return this.#running;
  }

  /** From now on only the health endpoints answer. */
  stop(): void {
    this.#stopping = true;
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const id = idOf(request);
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    const started = performance.now();
    const counted = request.method !== 'GET';
    if (counted) this.#running++;
    response.setHeader('x-request-id', id);
    response.setHeader('cache-control', 'no-store');
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('x-accel-buffering', 'no');
    response.once('close', () => {
      if (counted) this.#running--;
      const { statusCode: status } = response;
      this.#metrics.request(this.#routes.has(path) ? path : 'other', status);
      const ms = Math.round(performance.now() - started);
      const shown = path.slice(0, MAX_SHOWN);
      this.#log.info({ request: id, method: request.method, path: shown, status, ms }, 'access');
    });
    await requestScope.run(id, async () => {
      try {
        if (!this.#gate.admit(request, response)) await this.#handle(path, request, response);
      } catch (error) {
        sendError(request, response, this.#asRefusal(error, request));
      }
    });
  }

  async #handle(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const route = this.#routes.get(path);
    if (!route) throw new HttpError(404, 'Not found');
    const handle = route[request.method ?? ''];
    if (!handle) throw new HttpError(405, 'Method not allowed', { allow: Object.keys(route).join(', ') });
    if (this.#stopping && request.method !== 'GET')
      throw new HttpError(503, 'The server is stopping', { connection: 'close', 'retry-after': '5' });
    await handle(request, response);
  }

  #asRefusal(error: unknown, request: IncomingMessage): HttpError {
    if (error instanceof HttpError) return error;
    // The client disconnected or timed out: nobody reads the response.
    if (request.socket.destroyed) return new HttpError(400, 'Gone');
    return new HttpError(500, failureText(unexpected(error, this.#log)), {}, -32_603);
  }
}

// An id that a proxy set is kept, so that the logs of both can be compared.
function idOf({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID();
}
