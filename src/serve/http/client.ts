import type { IncomingMessage } from 'node:http';
import { isLoopbackAddress } from '../../config/http.ts';

/** The address of the client; behind a trusted proxy the address that the proxy reports. */
export function addressOf({ headers, socket }: IncomingMessage, trustProxy: boolean): string {
  const forwarded = trustProxy ? headers['x-forwarded-for'] : undefined;
  const last = (Array.isArray(forwarded) ? forwarded.join(',') : forwarded)?.split(',').at(-1)?.trim();
  return last || (socket.remoteAddress ?? '');
}

/** Whether the request came over TLS or from this computer, so that nobody could read it in transit. */
export function isPrivate({ headers, socket }: IncomingMessage, trustProxy: boolean): boolean {
  const scheme = headers['x-forwarded-proto'];
  if (trustProxy && scheme !== undefined) return scheme === 'https';
  return isLoopbackAddress(socket.remoteAddress ?? '') && headers['x-forwarded-for'] === undefined;
}
