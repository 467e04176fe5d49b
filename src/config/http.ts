import type { Secret } from '../log.ts';
import type { Values } from './values.ts';

/** How clients reach the server over HTTP, and whose files it serves. */
export interface HttpSettings {
  /** An IPv6 address has no brackets. */
  readonly host: string;
  /** 0 selects a free port. */
  readonly port: number;
  /** Absent when the token is generated, or when none is required. */
  readonly token?: Secret;
  /** The flag or variable that the token comes from. */
  readonly tokenFrom?: string;
  readonly auth: boolean;
  readonly accounts: 'configured' | 'header';
  readonly sse: boolean;
  /** Accepted host names besides localhost and the listening address. In lower case. */
  readonly hosts: readonly string[];
  /** Scheme, host and port, as in the Origin header. */
  readonly corsOrigins: readonly string[];
  readonly trustProxy: boolean;
  /** Folder for the hash of a generated token. */
  readonly stateFolder: string;
}

const MIN_TOKEN_LENGTH = 16;

/** The settings for HTTP; undefined when the server runs over standard input and output. */
export function readHttp(values: Values, stateFolder: string): HttpSettings | undefined {
  const text = values.text('http');
  if (text === undefined) return undefined;
  const given = readAddress(text);
  if (!given) values.wrong('http', 'it is not a host and a port');
  const address = given ?? { host: LOOPBACK, port: DEFAULT_PORT };
  const token = values.secret('token');
  const auth = !values.flag('noAuth');
  if (!auth && !isLoopbackAddress(address.host))
    values.wrong('noAuth', 'a token is required unless the address is a loopback address');
  if (token && !/^[\x21-\x7e]+$/.test(token.reveal()))
    values.wrong('token', 'it must consist of printable ASCII characters without spaces');
  if (token && token.reveal().length < MIN_TOKEN_LENGTH)
    values.wrong('token', `it must have at least ${MIN_TOKEN_LENGTH} characters`);
  return {
    ...address,
    ...(token ? { token, tokenFrom: values.nameOf('token') ?? '' } : {}),
    auth,
    accounts: values.choice('accounts') === 'header' ? 'header' : 'configured',
    sse: values.flag('sse'),
    hosts: values.list('hosts').map((host) => {
      if (!/^([a-z0-9_.-]+|\[[0-9a-f:.]+\])$/i.test(host))
        values.wrong('hosts', `${JSON.stringify(host)} is not a host name without a port`);
      return host.toLowerCase();
    }),
    corsOrigins: values.list('corsOrigins').flatMap((item) => {
      const origin = URL.parse(item)?.origin;
      if (origin !== undefined && origin !== 'null') return [origin];
      values.wrong('corsOrigins', `${JSON.stringify(item)} is not the origin of a web page`);
      return [];
    }),
    trustProxy: values.flag('trustProxy'),
    stateFolder,
  };
}

/** `host:port`, `[::1]:port`, a host alone or a port alone. */
function readAddress(text: string): { host: string; port: number } | undefined {
  const found = /^(?:\[([0-9a-f:.]+)\]|([^:[\]\s/]+))?(?::(\d{1,5}))?$/i.exec(text.trim());
  if (!found) return undefined;
  const [, ipv6, name, portText] = found;
  if (ipv6 === undefined && portText === undefined && /^\d{1,5}$/.test(name ?? ''))
    return checked(LOOPBACK, Number(name));
  return checked(ipv6 ?? name ?? LOOPBACK, portText === undefined ? DEFAULT_PORT : Number(portText));
}

const LOOPBACK = '127.0.0.1';
const DEFAULT_PORT = 8787;

function checked(host: string, port: number): { host: string; port: number } | undefined {
  return port <= 65_535 ? { host, port } : undefined;
}

/** Whether only this computer can reach the address. */
export function isLoopbackAddress(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|::1|::ffff:127(\.\d{1,3}){3})$/i.test(host);
}
