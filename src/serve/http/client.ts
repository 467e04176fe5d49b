import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';
import { isLoopbackAddress } from '../../config/http.ts';

const MAX_LENGTH = 64;

/**
 * The address of the client; behind a trusted proxy the address that the proxy reports. The addresses of an IPv6 /64
 * network count as one, because a single computer can use them all.
 */
export function clientAddress({ headers, socket }: IncomingMessage, trustProxy: boolean): string {
  const forwarded = trustProxy ? headers['x-forwarded-for'] : undefined;
  const last = (Array.isArray(forwarded) ? forwarded.join(',') : forwarded)?.split(',').at(-1)?.trim();
  return networkOf(last || (socket.remoteAddress ?? ''));
}

/** The IPv4 address, or the /64 network of an IPv6 address. */
export function networkOf(address: string): string {
  const plain = address.replace(/^\[([^\]]*)\](:\d+)?$/, '$1').replace(/%.*$/, '');
  const mapped = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(plain)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(plain)) return plain.replace(/^([\d.]+):\d+$/, '$1').slice(0, MAX_LENGTH);
  // The URL parser normalizes the different notations of an address.
  const canonical = new URL(`http://[${plain}]`).hostname.slice(1, -1);
  const [before = '', after] = canonical.split('::');
  const head = before === '' ? [] : before.split(':');
  const tail = after === undefined || after === '' ? [] : after.split(':');
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0');
  return `${[...head, ...zeros, ...tail].slice(0, 4).join(':')}::/64`;
}

/** Whether the request came over TLS or from this computer, so that nobody could read it in transit. */
export function isPrivate({ headers, socket }: IncomingMessage, trustProxy: boolean): boolean {
  const scheme = headers['x-forwarded-proto'];
  if (trustProxy && scheme !== undefined) return scheme === 'https';
  return isLoopbackAddress(socket.remoteAddress ?? '') && headers['x-forwarded-for'] === undefined;
}
