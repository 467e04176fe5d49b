import type { HttpExchange } from '../../http/http-exchange.ts';
import { conflict, forbidden, noRoom, notAllowed, unsupportedMediaType } from '../protocol/sabre-error.ts';
import { receivedRoot } from '../../store/node.ts';
import type { Node } from '../../store/node.ts';
import { checkName } from '../protocol/file-name.ts';
import type { DavResource } from '../protocol/dav-resource.ts';
import { DAV, parseRoot } from '../protocol/xml.ts';

/** The free space that a new folder requires under a quota (apps/dav/lib/Connector/Sabre/QuotaPlugin.php). */
const FOLDER_BYTES = 4096;

/** MKCOL (RFC 4918 section 9.3), with extended MKCOL bodies (RFC 5689). */
export async function serveMkcol(exchange: HttpExchange, resource: DavResource): Promise<void> {
  const body = await exchange.text();
  if (body !== '') checkExtended(exchange, body);
  if (resource.mount.foreign) throw forbidden('Permission denied to create directory');
  if (!resource.mount.account.hasRoomFor(FOLDER_BYTES)) {
    throw noRoom(`Insufficient space in ${resource.parent.path}. Cannot create directory`);
  }
  const parent = resource.isHome ? undefined : resource.parentNode;
  if (!resource.isHome && !parent) throw conflict('Parent node does not exist');
  if (parent?.type === 'file') throw conflict('Parent node is not a collection');
  if (resource.isHome || !parent || resource.node || resource.phantom) {
    throw notAllowed('The resource you tried to create already exists');
  }
  checkName(exchange.instance.major, resource.name, true);
  const folder = exchange.instance.tree.folder(resource.name);
  exchange.instance.tree.attach(parent, folder);
  exchange.reply(201, '', { 'OC-FileId': exchange.instance.longId(folder.id) });
}

function checkExtended(exchange: HttpExchange, body: string): void {
  if (!/^(application|text)\/xml\b/.test(exchange.header('content-type') ?? '')) {
    throw unsupportedMediaType('The request body for the MKCOL request must have an xml Content-Type');
  }
  parseRoot(body, `{${DAV}}mkcol`);
}

/** DELETE. It is always recursive and moves to the trash, unless `X-NC-Skip-Trashbin: true` is sent. */
export function serveDelete(exchange: HttpExchange, resource: DavResource): void {
  if (resource.mount.foreign)
    throw resource.isHome ? forbidden('Permission denied to delete node') : resource.missing;
  if (resource.phantom) {
    exchange.reply(204);
    return;
  }
  const node = resource.require();
  if (resource.isHome) throw forbidden('Permission denied to delete home folder');
  discard(exchange, resource, node);
  exchange.reply(204);
}

/** Deletes a node, or moves it to the trash. */
export function discard(exchange: HttpExchange, resource: DavResource, node: Node): void {
  const { tree, major } = exchange.instance;
  const skips = major >= 31 && exchange.header('x-nc-skip-trashbin') === 'true';
  const root = receivedRoot(node);
  const mount = node === root || (node.type === 'directory' && node.storage !== undefined);
  // Deleting a share or a storage ends the connection to it; what is in a share comes into the trash as a copy.
  const gone = root && !mount ? replacedByCopy(exchange, node) : node;
  if (skips || mount || !exchange.instance.hasTrash) {
    tree.detach(gone);
    tree.forget(gone);
  } else resource.mount.account.trash.put(gone);
}

function replacedByCopy(exchange: HttpExchange, node: Node): Node {
  const { tree } = exchange.instance;
  const { parent } = node;
  const copy = tree.copy(node, node.name);
  tree.detach(node);
  if (parent) tree.attach(parent, copy);
  return copy;
}
