import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isAppError } from '../../errors.ts';
import { requestScope } from '../../log.ts';
import type { Log } from '../../log.ts';
import { knownError } from '../../mcp/known-error.ts';
import { failureText } from '../../tools/render/remedies.ts';
import type { ConnectionTable } from './connections.ts';
import type { OriginGuard } from './origin-guard.ts';
import type { Metrics } from './metrics.ts';
import { HttpError, httpErrorOf, sendError } from './http-error.ts';

/** Answers one request. An error that it throws becomes the response. */
export type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;

/** The handlers of one path, by method. */
export type HttpRoute = Readonly<Partial<Record<string, Handle>>>;

const MAX_SHOWN = 200;

export interface HttpRouterOptions {
  readonly routes: Readonly<Record<string, HttpRoute>>;
  /** Paths that answer on connections above the limit too. */
  readonly probes: ReadonlySet<string>;
  readonly guard: OriginGuard;
  readonly connections: ConnectionTable;
  /** The maximum number of headers of a request. */
  readonly headerCount: number;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** Checks each request, passes it to its route, and logs it under an id that all log lines share. */
export class HttpRouter {
  readonly #options: HttpRouterOptions;
  readonly #routes: ReadonlyMap<string, HttpRoute>;
  #stopping = false;
  #running = 0;
  #begun = 0;

  constructor(options: HttpRouterOptions) {
    this.#options = options;
    this.#routes = new Map(Object.entries(options.routes));
  }

  /** Requests that are not answered yet, without open streams. */
  get running(): number {
    return this.#running;
  }

  /** Requests since the start, without streams, probes and metrics. */
  get begun(): number {
    return this.#begun;
  }

  /** From now on only the health endpoints answer. */
  stop(): void {
    this.#stopping = true;
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { guard, metrics, log } = this.#options;
    const id = idOf(request);
    const path = pathOf(request);
    const started = performance.now();
    const counted = request.method !== 'GET';
    if (counted) {
      this.#running++;
      this.#begun++;
    }
    response.setHeader('x-request-id', id);
    response.setHeader('cache-control', 'no-store');
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('x-accel-buffering', 'no');
    response.once('close', () => {
      if (counted) this.#running--;
      const { statusCode: status } = response;
      metrics.request(this.#routes.has(path) ? path : 'other', status);
      const ms = Math.round(performance.now() - started);
      const shown = path.slice(0, MAX_SHOWN);
      log.info({ request: id, method: request.method, path: shown, status, ms }, 'access');
    });
    await requestScope.run(id, async () => {
      try {
        this.#checkLimits(path, request);
        if (!guard.admit(request, response)) await this.#handle(path, request, response);
      } catch (error) {
        sendError(request, response, this.#asRefusal(error, request));
      }
    });
  }

  #checkLimits(path: string, { socket, rawHeaders }: IncomingMessage): void {
    const { probes, connections, headerCount, metrics } = this.#options;
    if (rawHeaders.length > 2 * headerCount)
      throw new HttpError(431, `A request can have at most ${headerCount} headers`, { connection: 'close' });
    if (probes.has(path) || connections.hasRoom(socket)) return;
    metrics.refused('connections', 'total');
    throw new HttpError(503, 'The server has reached its maximum number of connections. Try again later.', {
      connection: 'close',
      'retry-after': '5',
    });
  }

  async #handle(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const route = this.#routes.get(path);
    if (!route) throw new HttpError(404, 'Nothing is at this path. MCP clients connect to /mcp.');
    const handle = route[request.method ?? ''];
    if (!handle) throw new HttpError(405, 'Method not allowed', { allow: Object.keys(route).join(', ') });
    if (this.#stopping && request.method !== 'GET')
      throw new HttpError(503, 'The server is stopping', { connection: 'close', 'retry-after': '5' });
    await handle(request, response);
  }

  #asRefusal(error: unknown, request: IncomingMessage): HttpError {
    if (error instanceof HttpError) return error;
    if (isAppError(error)) return httpErrorOf(error);
    // The client disconnected or timed out: nobody reads the response.
    if (request.socket.destroyed) return new HttpError(400, 'Gone');
    return new HttpError(500, failureText(knownError(error, this.#options.log)), {}, -32_603);
  }
}

// People type a slash at the end, and some clients add one.
function pathOf({ url = '/' }: IncomingMessage): string {
  const [path = '/'] = url.split('?', 1);
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

// An id that a proxy set is kept, so that the logs of both can be compared.
function idOf({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID();
}
