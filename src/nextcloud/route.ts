import type { PeerCertificate } from 'node:tls';
import { AppError, isAppError } from '../errors.ts';
import type { Connections, Network } from './transport/connections.ts';
import { networkError } from './transport/http-errors.ts';
import { readBeginning } from './transport/body.ts';
import { unconnected } from './transport/unconnected.ts';

/** What lies between here and a Nextcloud, looked at without a login. */
export interface ServerRoute {
  readonly url: URL;
  readonly network: Network;
  readonly connections: Connections;
  readonly signal: AbortSignal;
}

/** The proxy that requests go through, without the login in it; undefined where there is none. */
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

/** The addresses of the host. @throws AppError `unavailable` */
export async function resolveName({ url }: ServerRoute): Promise<readonly string[]> {
  const { lookup } = await import('node:dns/promises');
  try {
    const found = await lookup(url.hostname.replace(/^\[|\]$/g, ''), { all: true });
    return [...new Set(found.map(({ address }) => address))];
  } catch (cause) {
    throw networkError(cause, url.host, 0);
  }
}

export interface Certificate {
  readonly trusted: boolean;
  /** OpenSSL's name of what is wrong, such as `CERT_HAS_EXPIRED`. */
  readonly problem?: string;
  readonly protocol: string;
  readonly issuer: string;
  readonly validTo: Date;
  /** Certificates that the server sent, itself included. */
  readonly length: number;
}

/** The certificate as the server shows it, trusted or not. @throws AppError when none is shown */
export async function readCertificate({ url, network, signal }: ServerRoute): Promise<Certificate> {
  const { connect, rootCertificates } = await import('node:tls');
  const { isIP } = await import('node:net');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port: Number(url.port || 443),
      // Looked at here, and reported whatever it is. Nothing is sent over this connection.
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
      unconnected.add(cause);
      fail(cause);
    });
    socket.once('close', () => signal.removeEventListener('abort', abort));
    socket.once('secureConnect', () => {
      const shown = socket.getPeerCertificate(true);
      const problem = String(socket.authorizationError ?? '');
      resolve({
        trusted: socket.authorized,
        ...(problem === '' ? {} : { problem }),
        protocol: socket.getProtocol() ?? 'TLS',
        issuer: nameOf(shown.issuer),
        validTo: new Date(shown.valid_to),
        length: chainLength(shown),
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

/** Where the Nextcloud really is, with the addresses that were met on the way, oldest first. */
export interface FoundServer {
  readonly base: URL;
  readonly hops: readonly string[];
}

/**
 * Follows redirects from the address to a Nextcloud, without a login.
 *
 * @throws AppError what the last address answered
 */
export async function findNextcloud(route: ServerRoute): Promise<FoundServer> {
  const hops: string[] = [];
  for (let base = route.url; ;) {
    const next = await askStatus(route, base);
    if (next === undefined) return { base, hops };
    hops.push(shownUrl(next));
    if (hops.length > MAX_HOPS)
      throw new AppError('config', `The server sends requests round in a circle (${hops.join(', ')})`, {
        hint: 'Look at the redirects of the web server or proxy before the Nextcloud.',
      });
    base = next;
  }
}

const usual = ['/nextcloud', '/cloud', '/owncloud', ''] as const;

/** Where else on the host a Nextcloud answers, when there is none at the address. */
export async function searchHost(route: ServerRoute): Promise<URL | undefined> {
  for (const path of usual) {
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

/** @returns where the answer leads, or undefined when it is the status of a Nextcloud */
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
    hint: 'Set NEXTCLOUD_URL to the address that the browser shows when you are in your Nextcloud, without what follows its folder.',
  });
}

function baseOf(target: URL): URL {
  const base = new URL(target.origin);
  base.pathname = target.pathname
    .replace(/\/(status\.php|index\.php|login|apps)(\/.*)?$/, '')
    .replace(/\/+$/, '');
  return base;
}

/** Without a login in it and without a slash at its end. */
export function shownUrl(url: URL): string {
  return url.origin + url.pathname.replace(/\/+$/, '');
}
