import type { Secret } from '../log.ts';
import type { Values } from './values.ts';

/** How the process is reached over HTTP, and whose files it works with. */
export interface HttpSettings {
  /** Without brackets for IPv6. */
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Absent when one is to be made, or none is asked for. */
  readonly token?: Secret;
  readonly auth: boolean;
  readonly accounts: 'configured' | 'header';
  readonly sse: boolean;
  /** Host names beside loopback and the address itself. */
  readonly hosts: readonly string[];
  /** Scheme, host and port, as browsers send them. */
  readonly corsOrigins: readonly string[];
  readonly trustProxy: boolean;
  /** Where the hash of a token that was made is kept. */
  readonly stateFolder: string;
}

const SHORTEST_TOKEN = 16;

/** The settings for HTTP, or undefined when the process is to serve standard input and output. */
export function readHttp(values: Values, stateFolder: string): HttpSettings | undefined {
  const text = values.text('http');
  if (text === undefined) return undefined;
  const given = readAddress(text);
  if (!given) values.wrong('http', 'it is not a host and a port');
  const address = given ?? { host: LOOPBACK, port: DEFAULT_PORT };
  const token = values.secret('token');
  const auth = !values.flag('noAuth');
  if (!auth && !isLoopbackAddress(address.host))
    values.wrong('noAuth', 'without a token only a loopback address can be served');
  if (token && !/^[\x21-\x7e]+$/.test(token.reveal()))
    values.wrong('token', 'it may have no spaces and no other letters than ASCII');
  if (token && token.reveal().length < SHORTEST_TOKEN)
    values.wrong('token', `it must have at least ${SHORTEST_TOKEN} characters`);
  return {
    ...address,
    ...(token ? { token } : {}),
    auth,
    accounts: values.choice('accounts') === 'header' ? 'header' : 'configured',
    sse: values.flag('sse'),
    hosts: values.list('hosts').map((host) => host.toLowerCase()),
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
  const [, six, name, given] = found;
  if (six === undefined && given === undefined && /^\d{1,5}$/.test(name ?? ''))
    return valid(LOOPBACK, Number(name));
  return valid(six ?? name ?? LOOPBACK, given === undefined ? DEFAULT_PORT : Number(given));
}

const LOOPBACK = '127.0.0.1';
const DEFAULT_PORT = 8787;

function valid(host: string, port: number): { host: string; port: number } | undefined {
  return port <= 65_535 ? { host, port } : undefined;
}

/** Only this computer can reach it. */
export function isLoopbackAddress(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|::1|::ffff:127(\.\d{1,3}){3})$/i.test(host);
}
