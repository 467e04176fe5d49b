import type { Exchange } from '../http/exchange.ts';
import { encodeSegment } from '../http/address.ts';
import { phpError } from '../http/fault.ts';
import type { Node } from '../store/node.ts';
import { defaultProperties, fileProperties } from './files/file-properties.ts';
import { multistatus, ResponseWriter, xmlType } from './multistatus.ts';
import type { Getter } from './multistatus.ts';
import { pageOf } from './search/paginate.ts';
import type { DavPlace } from './place.ts';
import { childElement, DAV, NC, parseRoot, propNames } from './xml.ts';

/** Header of every answer to PROPFIND and OPTIONS (RFC 4918 section 10.1), a test for features. */
export function davHeader({ instance: { major }, path }: Exchange): string {
  if (path.startsWith('/remote.php/webdav')) {
    return `1, 3, extended-mkcol, nextcloud-checksum-update${major >= 31 ? ', 2' : ''}`;
  }
  const paging = major >= 31 ? ' nc-paginate,' : '';
  return (
    `1, 3, extended-mkcol, access-control, calendarserver-principal-property-search,${paging}` +
    ' nextcloud-checksum-update, nc-calendar-search, nc-enable-birthday-calendar' +
    (major >= 31 ? ', 2' : '')
  );
}

/** No header or nonsense means 1, any number is obeyed (sabre/dav lib/DAV/CorePlugin.php). */
export function depthOf(exchange: Exchange, fallback: number): number {
  const header = exchange.header('depth')?.trim();
  if (header === undefined) return fallback;
  if (header === 'infinity') return Number.POSITIVE_INFINITY;
  return /^\d+$/.test(header) ? Number(header) : fallback;
}

/** The properties asked for by name; `undefined` when the body asks for everything. */
export async function requestedProperties(exchange: Exchange): Promise<string[] | undefined> {
  const body = await exchange.text();
  if (body === '') return undefined;
  const names = propNames(childElement(parseRoot(body, `{${DAV}}propfind`), `{${DAV}}prop`));
  return names.length > 0 ? names : undefined;
}

/** `allprop` gives what there is, and no 404 propstats. */
export function writerFor<T>(
  exchange: Exchange,
  names: readonly string[] | undefined,
  getters: ReadonlyMap<string, Getter<T>>,
): ResponseWriter<T> {
  const brief = exchange.header('prefer')?.includes('return=minimal') || exchange.header('brief') === 't';
  if (names) return new ResponseWriter(names, getters, brief);
  return new ResponseWriter(defaultProperties, getters, true);
}

const tagsOfNothing =
  'OCA\\DAV\\SystemTag\\SystemTagPlugin::getTagsForFile(): Argument #1 ($fileId) must be of type int, null given';

/** PROPFIND in a home (RFC 4918 section 9.1); the folder first, then its members in the order they were made. */
export async function servePropfind(exchange: Exchange, place: DavPlace): Promise<void> {
  const depth = depthOf(exchange, 1);
  const node = place.mount.foreign && place.isHome ? undefined : (place.phantom ?? place.require());
  const names = await requestedProperties(exchange);
  if (!node) {
    const closed = new Map<string, Getter<null>>([[`{${DAV}}resourcetype`, () => '<d:collection/>']]);
    const only = writerFor(exchange, names, closed).write(place.href, null);
    await sendMultistatus(exchange, [only]);
    return;
  }
  // Before 30 the tags of a phantom are asked for by its file id, which it has not.
  if (place.phantom && exchange.instance.major < 30 && names?.includes(`{${NC}}system-tags`))
    throw phpError('TypeError', tagsOfNothing);
  const { account } = place.mount;
  const writer = writerFor(
    exchange,
    names,
    withOwn(fileProperties(exchange.instance, account, place.mount.old), names),
  );
  await sendMultistatus(exchange, listing(writer, place.href, node, depth));
}

/** Custom properties (PROPPATCH of any name) come back as they were set. */
function withOwn(
  table: Map<string, Getter<Node>>,
  names: readonly string[] | undefined,
): Map<string, Getter<Node>> {
  for (const name of names ?? []) {
    if (!table.has(name)) table.set(name, (node) => node.properties.get(name));
  }
  return table;
}

function* listing(writer: ResponseWriter<Node>, href: string, node: Node, depth: number): Generator<string> {
  yield writer.write(href, node);
  if (depth === 0 || node.type === 'file') return;
  for (const each of node.children.values()) {
    const end = each.type === 'directory' ? '/' : '';
    yield* listing(writer, `${href}${encodeSegment(each.name)}${end}`, each, depth - 1);
  }
}

export async function sendMultistatus(exchange: Exchange, responses: Iterable<string>): Promise<void> {
  exchange.set('Vary', 'Brief,Prefer');
  exchange.set('DAV', davHeader(exchange));
  // Any mention of gzip compresses, even `gzip;q=0` (PropfindCompressionPlugin.php); PROPFIND only.
  const gzip = exchange.method === 'PROPFIND' && (exchange.header('accept-encoding') ?? '').includes('gzip');
  const page = pageOf(exchange, responses);
  await exchange.stream(207, { 'Content-Type': xmlType }, multistatus(page), gzip);
}
