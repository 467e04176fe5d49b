import type { PeerCertificate } from 'node:tls';
import { AppError, isAppError } from '../../errors.ts';
import type { Connections, Network } from './connections.ts';
import { readBeginning } from './body.ts';
import { connectErrors, networkError } from './network-errors.ts';

/** What is needed to examine the network between here and a Nextcloud, without a login. */
export interface ServerRoute {
  readonly url: URL;
  readonly network: Network;
  readonly connections: Connections;
  readonly signal: AbortSignal;
}

/** Origin of the proxy that requests go through, without its login; undefined when there is no proxy. */
export function proxyOf({ url, network }: Pick<ServerRoute, 'url' | 'network'>): string | undefined {
  const { http, https, none = '' } = network.proxy;
  const used = url.protocol === 'https:' ? https : http;
  const host = url.hostname.toLowerCase();
  const direct = none
    .toLowerCase()
    .split(/[\s,]+/)
    .map((item) => item.replace(/^\*?\.|:\d+$/g, ''))
    .some((item) => item === '*' || (item !== '' && (host === item || host.endsWith(`.${item}`))));
  const proxy = used === undefined || direct ? null : URL.parse(used);
  return proxy ? proxy.origin : undefined;
}

/** The IP addresses of the host. @throws AppError `unavailable` */
export async function resolveName({ url }: ServerRoute): Promise<readonly string[]> {
  const { lookup } = await import('node:dns/promises');
  try {
    const found = await lookup(url.hostname.replace(/^\[|\]$/g, ''), { all: true });
    return [...new Set(found.map(({ address }) => address))];
  } catch (cause) {
    throw networkError(cause, url.host, 0);
  }
}

/** Opens a connection and closes it again. @throws AppError `unavailable` when nothing listens there */
export async function openConnection({ url, network, signal }: ServerRoute): Promise<string> {
  const { connect } = await import('node:net');
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  return new Promise((resolve, reject) => {
    const socket = connect({ host: url.hostname.replace(/^\[|\]$/g, ''), port });
    const fail = (cause: unknown): void => {
      socket.destroy();
      if (cause instanceof Error) connectErrors.add(cause);
      reject(networkError(cause, url.host, network.timeoutSeconds));
    };
    const abort = (): void => fail(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    socket.setTimeout(network.timeoutSeconds * 1000, () =>
      fail(Object.assign(new Error('silent'), { code: 'ETIMEDOUT' })),
    );
    socket.once('error', fail);
    socket.once('close', () => signal.removeEventListener('abort', abort));
    socket.once('connect', () => {
      socket.destroy();
      resolve(`port ${port} answers`);
    });
  });
}

export interface Certificate {
  readonly trusted: boolean;
  /** OpenSSL's name for what is wrong, such as `CERT_HAS_EXPIRED`. */
  readonly problem?: string;
  readonly protocol: string;
  readonly issuer: string;
  readonly validTo: Date;
  /** How many certificates the server sent, including its own. */
  readonly chainLength: number;
}

/** The certificate that the server presents, trusted or not. @throws AppError when there is none */
export async function readCertificate({ url, network, signal }: ServerRoute): Promise<Certificate> {
  const { connect, rootCertificates } = await import('node:tls');
  const { isIP } = await import('node:net');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port: Number(url.port || 443),
      // The certificate is reported whatever it is, and nothing is sent over this connection.
      rejectUnauthorized: false,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(network.ca === undefined ? {} : { ca: [...rootCertificates, network.ca] }),
    });
    const fail = (cause: unknown): void => {
      socket.destroy();
      reject(networkError(cause, url.host, network.timeoutSeconds));
    };
    const abort = (): void => fail(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    socket.setTimeout(network.timeoutSeconds * 1000, () =>
      fail(Object.assign(new Error('silent'), { code: 'ETIMEDOUT' })),
    );
    socket.once('error', (cause) => {
      connectErrors.add(cause);
      fail(cause);
    });
    socket.once('close', () => signal.removeEventListener('abort', abort));
    socket.once('secureConnect', () => {
      const certificate = socket.getPeerCertificate(true);
      const problem = String(socket.authorizationError ?? '');
      resolve({
        trusted: socket.authorized,
        ...(problem === '' ? {} : { problem }),
        protocol: socket.getProtocol() ?? 'TLS',
        issuer: nameOf(certificate.issuer),
        validTo: new Date(certificate.valid_to),
        chainLength: chainLength(certificate),
      });
      socket.destroy();
    });
  });
}

function nameOf(issuer: PeerCertificate['issuer']): string {
  const name = issuer.O ?? issuer.CN;
  return (Array.isArray(name) ? name[0] : name) ?? 'an unnamed authority';
}

function chainLength(first: ReturnType<import('node:tls').TLSSocket['getPeerCertificate']>): number {
  const seen = new Set<string>();
  let current: { fingerprint256: string; issuerCertificate?: typeof current } | undefined = first;
  while (current && !seen.has(current.fingerprint256)) {
    seen.add(current.fingerprint256);
    current = current.issuerCertificate;
  }
  return seen.size;
}

const MAX_HOPS = 5;
const MAX_BYTES = 64 * 1024;

/** The address of a Nextcloud, with the addresses that redirected to it, oldest first. */
export interface FoundServer {
  readonly base: URL;
  readonly hops: readonly string[];
}

/**
 * Follows redirects to a Nextcloud, without a login.
 *
 * @throws AppError for the answer of the last address
 */
export async function findNextcloud(route: ServerRoute): Promise<FoundServer> {
  const hops: string[] = [];
  for (let base = route.url; ;) {
    const next = await askStatus(route, base);
    if (next === undefined) return { base, hops };
    hops.push(shownUrl(next));
    if (hops.length > MAX_HOPS)
      throw new AppError('config', `The server redirects in a circle (${hops.join(', ')})`, {
        hint: 'Check the redirects of the web server or proxy in front of the Nextcloud.',
      });
    base = next;
  }
}

const usualPaths = ['/nextcloud', '/cloud', '/owncloud'] as const;
/** Of the folders above a path, so many are looked at. */
const MAX_ABOVE = 6;

/** Another address on the host where a Nextcloud answers; undefined when there is none. */
export async function searchHost(route: ServerRoute): Promise<URL | undefined> {
  const above = pathsAbove(route.url.pathname);
  for (const path of new Set([...above.slice(0, MAX_ABOVE), ...usualPaths, ''])) {
    const base = new URL(route.url);
    base.pathname = path;
    if (shownUrl(base) === shownUrl(route.url)) continue;
    try {
      if ((await askStatus(route, base)) === undefined) return base;
    } catch (error) {
      if (!isAppError(error)) throw error;
    }
  }
  return undefined;
}

/** `/a` and an empty text for `/a/b`: an address with too much at its end is the most frequent mistake. */
function pathsAbove(path: string): string[] {
  const names = path.split('/').filter((name) => name !== '');
  return names.map((_name, at) =>
    names
      .slice(0, names.length - 1 - at)
      .map((name) => `/${name}`)
      .join(''),
  );
}

/** @returns the target of a redirect, or undefined when the answer is the status of a Nextcloud */
async function askStatus({ network, connections, signal }: ServerRoute, base: URL): Promise<URL | undefined> {
  const path = `${base.pathname.replace(/\/+$/, '')}/status.php`;
  const answer = await connections
    .request({ origin: base.origin, path, method: 'GET', headers: { accept: 'application/json' }, signal })
    .catch((cause: unknown) => {
      throw networkError(cause, base.host, network.timeoutSeconds);
    });
  answer.body.on('error', () => undefined);
  const text = await readBeginning(answer.body);
  answer.body.destroy();
  const location = [answer.headers['location']].flat()[0];
  if (answer.statusCode >= 300 && answer.statusCode < 400 && location !== undefined) {
    const target = URL.parse(location, base.origin + path);
    if (target) return baseOf(target);
  }
  if (answer.statusCode === 200 && text.length < MAX_BYTES && text.includes('"versionstring"'))
    return undefined;
  throw new AppError('invalid_response', `There is no Nextcloud at ${shownUrl(base)}`, {
    status: answer.statusCode,
    hint: 'Set NEXTCLOUD_URL to the address that the browser shows when you are in your Nextcloud, without the part after its folder.',
  });
}

function baseOf(target: URL): URL {
  const base = new URL(target.origin);
  base.pathname = target.pathname
    .replace(/\/(status\.php|index\.php|login|apps)(\/.*)?$/, '')
    .replace(/\/+$/, '');
  return base;
}

/** A URL for messages: without a login and without a slash at its end. */
export function shownUrl(url: URL): string {
  return url.origin + url.pathname.replace(/\/+$/, '');
}
