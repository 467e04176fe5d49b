import type { HttpExchange } from '../http/http-exchange.ts';
import type { Authentication } from '../http/authentication.ts';
import { OcsError, sendOcs } from './envelope.ts';
import type { OcsData } from './envelope.ts';

/** The parameters of the query and of a form or JSON body in one map, as PHP's controllers get them. */
export type Parameters = ReadonlyMap<string, string>;

export interface OcsRequest {
  readonly exchange: HttpExchange;
  readonly parameters: Parameters;
  /** The captured groups of the route's pattern. */
  readonly path: readonly string[];
}

export type Handler = (call: OcsRequest) => OcsData;

interface Route {
  method: string;
  pattern: RegExp;
  handle: Handler;
  isPublic: boolean;
}

/** The endpoint below `ocs/v1.php` and `ocs/v2.php`. */
export class OcsEndpoint {
  readonly #authentication: Authentication;
  readonly #routes: Route[] = [];

  constructor(authentication: Authentication) {
    this.#authentication = authentication;
  }

  add(method: string, pattern: RegExp, handle: Handler, isPublic = false): void {
    this.#routes.push({ method, pattern, handle, isPublic });
  }

  async serve(exchange: HttpExchange): Promise<void> {
    exchange.set('Cache-Control', 'no-cache, no-store, must-revalidate');
    try {
      await this.#serve(exchange);
    } catch (error) {
      if (!(error instanceof OcsError)) throw error;
      sendOcs(exchange, [], error);
    }
  }

  async #serve(exchange: HttpExchange): Promise<void> {
    if (exchange.instance.maintenance) {
      exchange.set('X-Nextcloud-Maintenance-Mode', '1');
      throw new OcsError(503, 'System in maintenance mode');
    }
    const result = this.#authentication.authenticate(exchange);
    if (result === 'throttled') throw new OcsError(429, 'Reached maximum delay');
    if (result === 'wrong-basic' || result === 'wrong-bearer' || result === 'disabled') {
      exchange.set('WWW-Authenticate', 'Basic realm="Authorisation Required"');
      throw new OcsError(997, 'Unauthorised', 401);
    }
    const path = exchange.path.replace(/^\/ocs\/v[12]\.php/, '').replace(/\/$/, '');
    for (const { method, pattern, handle, isPublic } of this.#routes) {
      const match = pattern.exec(path);
      if (method !== exchange.method || !match) continue;
      if (!isPublic && !exchange.account) throw new OcsError(997, 'Current user is not logged in', 401);
      if (!isPublic && exchange.header('ocs-apirequest') === undefined && !hasBearer(exchange)) {
        exchange.json(412, { message: 'CSRF check failed' });
        return;
      }
      const parameters = await readParameters(exchange);
      sendOcs(exchange, handle({ exchange, parameters, path: match.slice(1) }));
      return;
    }
    throw new OcsError(998, unknownRoute, 404);
  }
}

const unknownRoute =
  'Invalid query, please check the syntax. API specifications are here: ' +
  'http://www.freedesktop.org/wiki/Specifications/open-collaboration-services.\n';

const hasBearer = (exchange: HttpExchange): boolean =>
  /^Bearer /i.test(exchange.header('authorization') ?? '');

async function readParameters(exchange: HttpExchange): Promise<Parameters> {
  const out = new Map<string, string>(exchange.query);
  const type = exchange.header('content-type') ?? '';
  const body = await exchange.text();
  if (type.includes('application/x-www-form-urlencoded')) {
    for (const [key, value] of new URLSearchParams(body)) out.set(key, value);
  } else if (type.includes('application/json') && body !== '') {
    for (const [key, value] of Object.entries(parseObject(body))) {
      out.set(key, typeof value === 'object' ? JSON.stringify(value) : String(value));
    }
  }
  return out;
}

function parseObject(body: string): object {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
