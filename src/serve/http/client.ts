import type { IncomingMessage } from 'node:http';
import { isLoopbackAddress } from '../../config/http.ts';

/** The address a request comes from; behind a proxy of ours the one that the proxy saw. */
export function addressOf({ headers, socket }: IncomingMessage, trustProxy: boolean): string {
  const forwarded = trustProxy ? headers['x-forwarded-for'] : undefined;
  const last = (Array.isArray(forwarded) ? forwarded.join(',') : forwarded)?.split(',').at(-1)?.trim();
  return last || (socket.remoteAddress ?? '');
}

/** Nobody on the way can read what it carries: it came over TLS, or never left this computer. */
export function isPrivate({ headers, socket }: IncomingMessage, trustProxy: boolean): boolean {
  const scheme = headers['x-forwarded-proto'];
  if (trustProxy && scheme !== undefined) return scheme === 'https';
  return isLoopbackAddress(socket.remoteAddress ?? '') && headers['x-forwarded-for'] === undefined;
}
