import type { Exchange } from '../http/exchange.ts';
import { conflict, forbidden, noRoom, notAllowed, unsupportedMediaType } from '../http/fault.ts';
import type { Node } from '../store/node.ts';
import { checkName } from './file-name.ts';
import type { DavPlace } from './place.ts';
import { DAV, parseRoot } from './xml.ts';

/** A folder needs this much room under a quota (apps/dav/lib/Connector/Sabre/QuotaPlugin.php). */
const FOLDER_BYTES = 4096;

/** MKCOL (RFC 4918 section 9.3), extended MKCOL bodies included (RFC 5689). */
export async function serveMkcol(exchange: Exchange, place: DavPlace): Promise<void> {
  const body = await exchange.text();
  if (body !== '') checkExtended(exchange, body);
  if (place.mount.foreign) throw forbidden('Permission denied to create directory');
  if (!place.mount.account.hasRoomFor(FOLDER_BYTES)) {
    throw noRoom(`Insufficient space in ${place.parent.path}. Cannot create directory`);
  }
  const parent = place.isHome ? undefined : place.parentNode;
  if (!place.isHome && !parent) throw conflict('Parent node does not exist');
  if (parent?.type === 'file') throw conflict('Parent node is not a collection');
  if (place.isHome || !parent || place.node || place.phantom) {
    throw notAllowed('The resource you tried to create already exists');
  }
  checkName(exchange.instance.major, place.name, true);
  const folder = exchange.instance.tree.folder(place.name);
  exchange.instance.tree.attach(parent, folder);
  exchange.reply(201, '', { 'OC-FileId': exchange.instance.longId(folder.id) });
}

function checkExtended(exchange: Exchange, body: string): void {
  if (!/^(application|text)\/xml\b/.test(exchange.header('content-type') ?? '')) {
    throw unsupportedMediaType('The request body for the MKCOL request must have an xml Content-Type');
  }
  parseRoot(body, `{${DAV}}mkcol`);
}

/** DELETE is always recursive and goes to the trash, unless `X-NC-Skip-Trashbin: true` is sent. */
export function serveDelete(exchange: Exchange, place: DavPlace): void {
  if (place.mount.foreign) throw place.isHome ? forbidden('Permission denied to delete node') : place.missing;
  if (place.phantom) {
    exchange.reply(204);
    return;
  }
  const node = place.require();
  if (place.isHome) throw forbidden('Permission denied to delete home folder');
  discard(exchange, place, node);
  exchange.reply(204);
}

export function discard(exchange: Exchange, place: DavPlace, node: Node): void {
  const { tree, major } = exchange.instance;
  const skips = major >= 31 && exchange.header('x-nc-skip-trashbin') === 'true';
  if (skips || !exchange.instance.hasTrash) {
    tree.detach(node);
    tree.forget(node);
  } else place.mount.account.trash.put(node);
}
