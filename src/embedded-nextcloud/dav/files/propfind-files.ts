import type { HttpExchange } from '../../http/http-exchange.ts';
import { encodeSegment } from '../../http/url-encoding.ts';
import type { Node } from '../../store/node.ts';
import type { DavResource } from '../protocol/dav-resource.ts';
import type { Getter, ResponseWriter } from '../protocol/multistatus.ts';
import { depthOf, requestedProperties, sendMultistatus, writerFor } from '../protocol/propfind.ts';
import { phpError } from '../protocol/sabre-error.ts';
import { DAV, NC } from '../protocol/xml.ts';
import { fileProperties } from './file-properties.ts';

const tagsWithoutFileId =
  'OCA\\DAV\\SystemTag\\SystemTagPlugin::getTagsForFile(): Argument #1 ($fileId) must be of type int, null given';

/** PROPFIND in a home folder (RFC 4918 section 9.1): the folder itself, then its members in the order of creation. */
export async function servePropfind(exchange: HttpExchange, resource: DavResource): Promise<void> {
  const depth = depthOf(exchange, 1);
  const node =
    resource.mount.foreign && resource.isHome ? undefined : (resource.phantom ?? resource.require());
  const names = await requestedProperties(exchange);
  if (!node) {
    const closed = new Map<string, Getter<null>>([[`{${DAV}}resourcetype`, () => '<d:collection/>']]);
    const only = writerFor(exchange, names, closed).write(resource.href, null);
    await sendMultistatus(exchange, [only]);
    return;
  }
  // Before version 30 a new storage is scanned when it is listed itself.
  if (node.type === 'directory' && node.storage === 'unscanned' && exchange.instance.major < 30)
    node.storage = 'ready';
  // Before version 30 the tags of a phantom are queried by its file id, which is null.
  if (resource.phantom && exchange.instance.major < 30 && names?.includes(`{${NC}}system-tags`))
    throw phpError('TypeError', tagsWithoutFileId);
  const { account } = resource.mount;
  const writer = writerFor(
    exchange,
    names,
    withCustomProperties(fileProperties(exchange.instance, account, resource.mount.legacy), names),
  );
  await sendMultistatus(exchange, listing(writer, resource.href, node, depth));
}

/** Adds getters for custom properties, which PROPPATCH can set under any name. */
function withCustomProperties(
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
  for (const each of node.listed) {
    const end = each.type === 'directory' ? '/' : '';
    yield* listing(writer, `${href}${encodeSegment(each.name)}${end}`, each, depth - 1);
  }
}
