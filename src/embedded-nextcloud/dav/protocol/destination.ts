import type { HttpExchange } from '../../http/http-exchange.ts';
import { badRequest, forbidden, typeError } from './sabre-error.ts';

/** The Overwrite header, T by default (RFC 4918 section 10.6). */
export function overwrites(exchange: HttpExchange): boolean {
  const header = (exchange.header('overwrite') ?? 'T').toUpperCase();
  if (header !== 'T' && header !== 'F') {
    throw badRequest('The HTTP Overwrite header should be either T or F');
  }
  return header === 'T';
}

/** The path of the Destination header, relative to the base. Its scheme and host are ignored. */
export function destinationPath(exchange: HttpExchange, base: string): string {
  const header = exchange.header('destination');
  if (!header) {
    throw exchange.instance.major >= 30 ? typeError() : badRequest('The destination header was not supplied');
  }
  const absolute = /^[a-z][a-z0-9+.-]*:\/\/[^/]*(\/.*)?$/i.exec(header);
  // A relative path is resolved against the root, and so is outside of the base.
  const path = (absolute ? (absolute[1] ?? '/') : `/${header}`).replaceAll(/\/{2,}/g, '/');
  if (path.startsWith(base)) return path.slice(base.length);
  if (`${path}/` === base) return '';
  throw forbidden(`Requested uri (${path}) is out of base uri (${base})`);
}
