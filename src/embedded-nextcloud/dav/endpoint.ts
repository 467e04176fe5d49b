import type { HttpExchange } from '../http/http-exchange.ts';
import { decodeSegment } from '../http/url-encoding.ts';
import {
  SabreError,
  maintenance,
  notAllowed,
  notFound,
  throttled,
  unavailable,
} from './protocol/sabre-error.ts';
import type { AuthenticationResult, Authentication } from '../http/authentication.ts';
import { davBase, locate, mountOf, resourceAt } from './protocol/dav-paths.ts';
import { interfaceNote, serveOptions } from './protocol/dav-header.ts';
import { serveHome } from './files/home-methods.ts';
import type { Mount, DavResource } from './protocol/dav-resource.ts';
import { davHeader } from './protocol/dav-header.ts';
import { propfindUnlistable, propfindRoot } from './root.ts';
import { serveSearch } from './search/search.ts';

export type Collection = (exchange: HttpExchange, segments: readonly string[]) => Promise<void>;

/** The endpoint below `remote.php/dav` and `remote.php/webdav`. */
export class DavEndpoint {
  readonly #authentication: Authentication;
  readonly #collections = new Map<string, Collection>();

  constructor(authentication: Authentication) {
    this.#authentication = authentication;
  }

  add(name: string, collection: Collection): void {
    this.#collections.set(name, collection);
  }

  async serve(exchange: HttpExchange, base: '/remote.php/dav' | '/remote.php/webdav'): Promise<void> {
    exchange.set('Content-Security-Policy', "default-src 'none';");
    try {
      // Maintenance mode is checked before authentication.
      if (exchange.instance.maintenance) throw maintenance();
      requireGranted(exchange, this.#authentication.authenticate(exchange));
      const rest = exchange.path.slice(base.length);
      if (base === '/remote.php/webdav') await this.#serveLegacy(exchange, rest);
      else await this.#serveTree(exchange, rest);
    } catch (error) {
      if (!(error instanceof SabreError)) throw error;
      if (exchange.method === 'PROPFIND' && ![400, 401, 412, 503].includes(error.status)) {
        exchange.set('Vary', 'Brief,Prefer');
        exchange.set('DAV', davHeader(exchange));
      }
      exchange.reply(error.status, error.xml, {
        'Content-Type': 'application/xml; charset=utf-8',
        ...error.headers,
        ...(error.headers['Allow'] && exchange.instance.major < 31 ? { Allow: methodsWithoutLock } : {}),
      });
    }
  }

  async #serveLegacy(exchange: HttpExchange, rest: string): Promise<void> {
    const base = `${exchange.instance.basePath}/remote.php/webdav`;
    const mount: Mount = {
      account: exchange.user,
      href: base,
      uri: '',
      legacy: true,
      foreign: false,
      major: exchange.instance.major,
    };
    const at = (path: string): DavResource => resourceAt(mount, path);
    await serveHome(exchange, at(rest), `${base}/`, at);
  }

  async #serveTree(exchange: HttpExchange, rest: string): Promise<void> {
    const [root, ...more] = rest.split('/').filter((part) => part !== '');
    if (root === undefined) return serveRoot(exchange);
    if (root === 'files') {
      const [uid] = more;
      if (uid === undefined) {
        if (exchange.method === 'OPTIONS') return serveOptions(exchange);
        if (exchange.header('depth') === '0') return propfindUnlistable(exchange, 'files/');
        throw notAllowed('Listing members of this collection is disabled');
      }
      return serveHome(exchange, locate(exchange, rest), davBase(exchange), (path) => locate(exchange, path));
    }
    const collection = this.#collections.get(root);
    if (!collection) throw notFound(`File not found: ${decodeSegment(root)} in 'root'`);
    return collection(exchange, more.map(decodeSegment));
  }
}

function requireGranted(exchange: HttpExchange, result: AuthenticationResult): void {
  if (result === 'granted') return;
  if (result === 'throttled') throw throttled();
  if (result === 'disabled') throw unavailable('OC\\User\\DisabledUserException: Account disabled');
  const ajax = (exchange.header('x-requested-with') ?? '').split(',').includes('XMLHttpRequest');
  if (ajax) {
    throw new SabreError(401, notAuthenticated, 'Cannot authenticate over ajax calls', {
      headers: { 'WWW-Authenticate': 'DummyBasic realm="Nextcloud"' },
    });
  }
  throw new SabreError(401, notAuthenticated, authenticationErrors(result), {
    headers: { 'WWW-Authenticate': 'Basic realm="Nextcloud", charset="UTF-8"' },
  });
}

const methodsWithoutLock = 'OPTIONS, GET, HEAD, DELETE, PROPFIND, PUT, PROPPATCH, COPY, MOVE, REPORT';

const notAuthenticated = 'Sabre\\DAV\\Exception\\NotAuthenticated';
const noBasic =
  "No 'Authorization: Basic' header found. Either the client didn't send one, or the server is misconfigured";
const noBearer =
  "No 'Authorization: Bearer' header found. Either the client didn't send one, or the server is mis-configured";

/** The message contains the errors of all authentication backends. */
function authenticationErrors(result: AuthenticationResult): string {
  const basic = result === 'wrong-basic' ? 'Username or password was incorrect' : noBasic;
  const bearer = result === 'wrong-bearer' ? 'Bearer token was incorrect' : noBearer;
  return [
    'No public access to this resource.',
    'AppAPIAuth has not passed',
    'This request is not for a federated calendar',
    basic,
    bearer,
    basic,
  ].join(', ');
}

async function serveRoot(exchange: HttpExchange): Promise<void> {
  switch (exchange.method) {
    case 'SEARCH':
      return serveSearch(exchange, (uid) => mountOf(exchange, uid));
    case 'PROPFIND':
      return propfindRoot(exchange);
    case 'OPTIONS':
      return serveOptions(exchange, true);
    default:
      return exchange.reply(200, interfaceNote);
  }
}
