import type { Exchange } from '../../http/exchange.ts';
import {
  badRequest,
  conflict,
  forbidden,
  noRoom,
  phpError,
  preconditionFailed,
  typeError,
  unsupportedMediaType,
} from '../../http/fault.ts';
import type { FolderNode, Node } from '../../store/node.ts';
import { discard } from '../collection.ts';
import { checkName } from '../file-name.ts';
import { assertWritable } from '../locks/locking.ts';
import type { DavPlace } from '../place.ts';

interface Move {
  source: Node;
  target: DavPlace;
  parent: FolderNode;
  replaced: Node | undefined;
}

/** `Overwrite` is T when it is missing (RFC 4918 section 10.6). */
export function overwrites(exchange: Exchange): boolean {
  const header = (exchange.header('overwrite') ?? 'T').toUpperCase();
  if (header !== 'T' && header !== 'F') {
    throw badRequest('The HTTP Overwrite header should be either T or F');
  }
  return header === 'T';
}

/** The checks of MOVE and COPY in Sabre's order (sabre/dav lib/DAV/Server.php, getCopyAndMoveInfo). */
function prepare(exchange: Exchange, place: DavPlace, target: DavPlace): Move {
  const reserved = target.reserved(exchange.instance.major);
  if (reserved) throw reserved;
  const overwrite = overwrites(exchange);
  if (target.mount.foreign) throw forbidden(`Permission denied to create file (filename ${target.name})`);
  const parent = target.isHome ? target.home : target.parentNode;
  if (!parent) throw conflict('The destination node is not found');
  if (parent.type === 'file') throw unsupportedMediaType('The destination node is not a collection');
  const replaced = target.node;
  if ((replaced ?? target.phantom) && !overwrite) {
    throw preconditionFailed(
      'The destination node already exists, and the overwrite header is set to false',
      'Overwrite',
    );
  }
  if (target.uri === place.uri) throw forbidden('Source and destination uri are identical.');
  if (target.uri.startsWith(`${place.uri}/`)) {
    throw conflict('The destination may not be part of the same subtree as the source path.');
  }
  return { source: place.require(), target, parent, replaced };
}

function checkRoom(target: DavPlace, source: Node): void {
  if (source.type === 'file' && !target.mount.account.hasRoomFor(source.size)) {
    throw noRoom(`Insufficient space in ${target.node ? target.path : target.parent.path}`);
  }
}

export function serveMove(exchange: Exchange, place: DavPlace, target: DavPlace): void {
  const { source, parent, replaced } = prepare(exchange, place, target);
  const { tree, major } = exchange.instance;
  // Before 30 nothing kept a child from replacing its own parent, and from going down with it.
  if (major >= 30 && place.uri.startsWith(`${target.uri}/`)) {
    throw forbidden(`${place.uri} cannot be moved to it's parent`);
  }
  if (source.type === 'file' && source.busy) {
    throw phpError('OCP\\Lock\\LockedException', `"${place.path}" is locked`);
  }
  assertWritable(exchange, source);
  if (replaced) assertWritable(exchange, replaced);
  checkRoom(target, source);
  checkName(exchange.instance.major, target.name);
  // What is in the way is deleted first, children and all; then the source takes its place as it is.
  if (replaced) discard(exchange, target, replaced);
  if (place.uri.startsWith(`${target.uri}/`)) throw place.missing;
  tree.move(source, parent, target.name);
  if (source.type === 'file') {
    const etag = `"${source.etag}"`;
    exchange.set('ETag', etag);
    exchange.set('OC-ETag', etag);
  }
  done(exchange, source, replaced);
}

export function serveCopy(exchange: Exchange, place: DavPlace, target: DavPlace): void {
  const { source, parent, replaced } = prepare(exchange, place, target);
  const { tree, major } = exchange.instance;
  if (replaced) assertWritable(exchange, replaced);
  checkRoom(target, source);
  checkName(exchange.instance.major, target.name);
  if (replaced) {
    discard(exchange, target, replaced);
    // A child copied onto its own parent has just been deleted along with it.
    if (place.uri.startsWith(`${target.uri}/`)) throw place.missing;
  }
  // The Depth header is not looked at: a folder is copied whole (sabre/dav lib/DAV/Tree.php, copy).
  const copied = tree.copy(source, target.name);
  if (major < 30) tree.freshen(copied);
  tree.attach(parent, copied);
  // Since 30 a copy touches the folders of its source too (lib/private/Files/Cache/Updater.php).
  if (major >= 30) tree.touch(source.parent);
  done(exchange, copied, replaced);
}

function done(exchange: Exchange, node: Node, replaced: Node | undefined): void {
  exchange.set('OC-FileId', exchange.instance.longId(node.id));
  exchange.reply(replaced ? 204 : 201);
}

/** The path of a `Destination` header; its scheme and host are ignored. */
export function destinationPath(exchange: Exchange, base: string): string {
  const header = exchange.header('destination');
  if (!header) {
    throw exchange.instance.major >= 30 ? typeError() : badRequest('The destination header was not supplied');
  }
  const absolute = /^[a-z][a-z0-9+.-]*:\/\/[^/]*(\/.*)?$/i.exec(header);
  // Resolved against the root, like a path: relative forms end outside the base.
  const path = (absolute ? (absolute[1] ?? '/') : `/${header}`).replaceAll(/\/{2,}/g, '/');
  if (path.startsWith(base)) return path.slice(base.length);
  if (`${path}/` === base) return '';
  throw forbidden(`Requested uri (${path}) is out of base uri (${base})`);
}
