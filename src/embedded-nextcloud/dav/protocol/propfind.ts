import type { HttpExchange } from '../../http/http-exchange.ts';
import { davHeader } from './dav-header.ts';
import { multistatus, ResponseWriter, xmlType } from './multistatus.ts';
import type { Getter } from './multistatus.ts';
import { paginate } from './paginate.ts';
import { childElement, DAV, parseRoot, propNames } from './xml.ts';

/** The Depth header; the fallback when it is missing or invalid (sabre/dav lib/DAV/CorePlugin.php). */
export function depthOf(exchange: HttpExchange, fallback: number): number {
  const header = exchange.header('depth')?.trim();
  if (header === undefined) return fallback;
  if (header === 'infinity') return Number.POSITIVE_INFINITY;
  return /^\d+$/.test(header) ? Number(header) : fallback;
}

/** The requested properties; `undefined` when the body requests all. */
export async function requestedProperties(exchange: HttpExchange): Promise<string[] | undefined> {
  const body = await exchange.text();
  if (body === '') return undefined;
  const names = propNames(childElement(parseRoot(body, `{${DAV}}propfind`), `{${DAV}}prop`));
  return names.length > 0 ? names : undefined;
}

/** A writer for the requested properties. Without names it writes the default ones, and no propstat with 404. */
export function writerFor<T>(
  exchange: HttpExchange,
  names: readonly string[] | undefined,
  getters: ReadonlyMap<string, Getter<T>>,
): ResponseWriter<T> {
  const brief = exchange.header('prefer')?.includes('return=minimal') || exchange.header('brief') === 't';
  if (names) return new ResponseWriter(names, getters, brief);
  return new ResponseWriter(defaultProperties, getters, true);
}

/** The properties for `allprop`, `propname` and an empty request (sabre/dav lib/DAV/Server.php). */
export const defaultProperties = [
  'getlastmodified',
  'getcontentlength',
  'resourcetype',
  'quota-used-bytes',
  'quota-available-bytes',
  'getetag',
  'getcontenttype',
].map((name) => `{${DAV}}${name}`);

export async function sendMultistatus(exchange: HttpExchange, responses: Iterable<string>): Promise<void> {
  exchange.set('Vary', 'Brief,Prefer');
  exchange.set('DAV', davHeader(exchange));
  // Any occurrence of gzip in the header enables compression, even `gzip;q=0` (PropfindCompressionPlugin.php).
  const gzip = exchange.method === 'PROPFIND' && (exchange.header('accept-encoding') ?? '').includes('gzip');
  const page = paginate(exchange, responses);
  await exchange.stream(207, { 'Content-Type': xmlType }, multistatus(page), gzip);
}
