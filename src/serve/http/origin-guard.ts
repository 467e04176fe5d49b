import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  validateHostHeader,
  validateOriginHeader,
} from '@modelcontextprotocol/server';
import { isLoopbackAddress } from '../../config/http.ts';
import type { HttpSettings } from '../../config/http.ts';
import { HttpError } from './http-error.ts';

const EXPOSED = 'mcp-session-id, mcp-protocol-version, x-request-id, www-authenticate';
// Only a host and a port: if the value were parsed as part of a URL, it could contain a login.
const HOST = /^([\w.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/i;
const PREFLIGHT_SECONDS = '600';

/** Checks the Host and Origin headers, so that web pages cannot reach the server by DNS rebinding or cross-site requests. */
export class OriginGuard {
  readonly #hosts: string[];
  readonly #loopback: boolean;
  readonly #origins: ReadonlySet<string>;

  constructor({ host, hosts, corsOrigins }: HttpSettings) {
    const own = host.includes(':') ? `[${host}]` : host;
    this.#hosts = [...localhostAllowedHostnames(), own, ...hosts];
    this.#loopback = isLoopbackAddress(host);
    this.#origins = new Set(corsOrigins);
  }

  /**
   * Accepts a request, and sets the headers that a browser needs. Answers preflight requests itself.
   *
   * @returns true if the request was a preflight request
   * @throws HttpError 403
   */
  admit(request: IncomingMessage, response: ServerResponse): boolean {
    const { host = [], origin: origins = [] } = request.headersDistinct;
    const [name = ''] = host;
    if (host.length !== 1 || !HOST.test(name) || !validateHostHeader(name, this.#hosts).ok)
      throw new HttpError(
        403,
        'This server does not accept that host name. MCP_HOSTS lists the accepted names.',
      );
    const [origin] = origins;
    if (origin === undefined) return false;
    const listed = this.#origins.has(origin);
    const local = this.#loopback && validateOriginHeader(origin, localhostAllowedOrigins()).ok;
    if (origins.length !== 1 || !(listed || local))
      throw new HttpError(
        403,
        'Web pages of that origin may not call this server. MCP_CORS_ORIGINS lists the allowed origins.',
      );
    if (!listed) return false;
    response.setHeader('access-control-allow-origin', origin);
    response.setHeader('vary', 'origin');
    response.setHeader('access-control-expose-headers', EXPOSED);
    if (request.method !== 'OPTIONS') return false;
    const wanted = request.headers['access-control-request-headers'];
    response.setHeader('access-control-allow-methods', 'GET, POST, DELETE');
    response.setHeader('access-control-max-age', PREFLIGHT_SECONDS);
    if (wanted !== undefined && /^[\w, -]{1,500}$/.test(wanted))
      response.setHeader('access-control-allow-headers', wanted);
    response.writeHead(204).end();
    return true;
  }
}
