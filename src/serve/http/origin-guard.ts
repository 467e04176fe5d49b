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
// A host and a port and nothing else; as part of a URL there could be a login before it.
const HOST = /^([\w.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/i;
const PREFLIGHT_SECONDS = '600';

/** Looks at where a request says it comes from and goes to, so that no web page reaches a server by a trick. */
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
   * Lets a request pass, with the headers that a browser needs. True when it was a preflight, which is
   * answered here.
   *
   * @throws Refusal 403
   */
  admit(request: IncomingMessage, response: ServerResponse): boolean {
    const { host = [], origin: origins = [] } = request.headersDistinct;
    const [name = ''] = host;
    if (host.length !== 1 || !HOST.test(name) || !validateHostHeader(name, this.#hosts).ok)
      throw new HttpError(403, 'This server is not known under that host name. MCP_HOSTS names those it is.');
    const [origin] = origins;
    if (origin === undefined) return false;
    const listed = this.#origins.has(origin);
    const local = this.#loopback && validateOriginHeader(origin, localhostAllowedOrigins()).ok;
    if (origins.length !== 1 || !(listed || local))
      throw new HttpError(
        403,
        'Web pages of that origin may not call this server. MCP_CORS_ORIGINS names those that may.',
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
