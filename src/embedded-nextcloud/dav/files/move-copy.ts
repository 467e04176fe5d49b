import type { HttpExchange } from '../../http/http-exchange.ts';
import {
  conflict,
  forbidden,
  noRoom,
  phpError,
  preconditionFailed,
  unsupportedMediaType,
} from '../protocol/sabre-error.ts';
import type { FolderNode, Node } from '../../store/node.ts';
import { overwrites } from '../protocol/destination.ts';
import { discard } from './mkcol-delete.ts';
import { checkName } from '../protocol/file-name.ts';
import { assertWritable } from '../locks/locking.ts';
import type { DavResource } from '../protocol/dav-resource.ts';

interface Move {
  source: Node;
  target: DavResource;
  parent: FolderNode;
  replaced: Node | undefined;
}

/** Makes the checks of MOVE and COPY in Sabre's order (sabre/dav lib/DAV/Server.php, getCopyAndMoveInfo). */
function prepare(exchange: HttpExchange, resource: DavResource, target: DavResource): Move {
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
  if (target.uri === resource.uri) throw forbidden('Source and destination uri are identical.');
  if (target.uri.startsWith(`${resource.uri}/`)) {
    throw conflict('The destination may not be part of the same subtree as the source path.');
  }
  return { source: resource.require(), target, parent, replaced };
}

function checkRoom(target: DavResource, source: Node): void {
  if (source.type === 'file' && !target.mount.account.hasRoomFor(source.size)) {
    throw noRoom(`Insufficient space in ${target.node ? target.path : target.parent.path}`);
  }
}

export function serveMove(exchange: HttpExchange, resource: DavResource, target: DavResource): void {
  const { source, parent, replaced } = prepare(exchange, resource, target);
  const { tree, major } = exchange.instance;
  // Before version 30 a child could replace its own parent, and was then deleted with it.
  if (major >= 30 && resource.uri.startsWith(`${target.uri}/`)) {
    throw forbidden(`${resource.uri} cannot be moved to it's parent`);
  }
  if (source.type === 'file' && source.busy) {
    throw phpError('OCP\\Lock\\LockedException', `"${resource.path}" is locked`);
  }
  assertWritable(exchange, source);
  if (replaced) assertWritable(exchange, replaced);
  checkRoom(target, source);
  checkName(exchange.instance.major, target.name);
  // An existing target is deleted first, with its children; then the source is moved.
  if (replaced) discard(exchange, target, replaced);
  if (resource.uri.startsWith(`${target.uri}/`)) throw resource.missing;
  tree.move(source, parent, target.name);
  if (source.type === 'file') {
    const etag = `"${source.etag}"`;
    exchange.set('ETag', etag);
    exchange.set('OC-ETag', etag);
  }
  sendResult(exchange, source, replaced);
}

export function serveCopy(exchange: HttpExchange, resource: DavResource, target: DavResource): void {
  const { source, parent, replaced } = prepare(exchange, resource, target);
  const { tree, major } = exchange.instance;
  if (replaced) assertWritable(exchange, replaced);
  checkRoom(target, source);
  checkName(exchange.instance.major, target.name);
  if (replaced) {
    discard(exchange, target, replaced);
    // A child that is copied onto its own parent has just been deleted with it.
    if (resource.uri.startsWith(`${target.uri}/`)) throw resource.missing;
  }
  // The Depth header is ignored: a folder is copied with its contents (sabre/dav lib/DAV/Tree.php, copy).
  const copied = tree.copy(source, target.name);
  if (major < 30) tree.renewTimes(copied);
  tree.attach(parent, copied);
  // Since version 30 a copy also touches the folders of its source (lib/private/Files/Cache/Updater.php).
  if (major >= 30) tree.touch(source.parent);
  sendResult(exchange, copied, replaced);
}

function sendResult(exchange: HttpExchange, node: Node, replaced: Node | undefined): void {
  exchange.set('OC-FileId', exchange.instance.longId(node.id));
  exchange.reply(replaced ? 204 : 201);
}
