import type { HttpExchange } from '../../http/http-exchange.ts';
import { descend } from '../../store/node.ts';
import { conflict, fileNotFound, notImplemented, unavailable } from '../protocol/sabre-error.ts';
import { serveMkcol, serveDelete } from './mkcol-delete.ts';
import { serveDownload } from './download.ts';
import { serveLock, serveUnlock } from '../locks/lock.ts';
import { assertWritable } from '../locks/locking.ts';
import type { DavResource } from '../protocol/dav-resource.ts';
import { preconditionsHold } from '../protocol/preconditions.ts';
import { servePropfind } from './propfind-files.ts';
import { interfaceNote, serveOptions } from '../protocol/dav-header.ts';
import { serveProppatch } from './proppatch.ts';
import { servePut } from './put.ts';
import { storeChecksum } from './checksum-patch.ts';
import { serveReport } from './report.ts';
import { serveFolderArchive, wantsArchive } from './zip-download.ts';
import { serveCopy, serveMove } from './move-copy.ts';
import { destinationPath } from '../protocol/destination.ts';

/** Finds the resource of a path in `Destination` or `If`, relative to the base of the endpoint. */
export type Locate = (path: string) => DavResource;

/** Serves a request for a file or folder in a home folder. */
export async function serveHome(
  exchange: HttpExchange,
  resource: DavResource,
  base: string,
  locate: Locate,
): Promise<void> {
  const { method } = exchange;
  if (method === 'OPTIONS') {
    serveOptions(exchange);
    return;
  }
  if (serveOffline(exchange, resource)) return;
  const reserved = resource.reserved(exchange.instance.major);
  if (reserved && (method !== 'MKCOL' || exchange.instance.major < 30)) {
    // Nextcloud fails so early that the response has no X-User-Id.
    if (method === 'PUT') exchange.response.removeHeader('X-User-Id');
    throw reserved;
  }
  const conditions = {
    uri: resource.uri,
    find: () => resource.node ?? resource.phantom,
    at(url: string) {
      const at = locate(relative(url, base));
      return { node: at.require(), uri: at.uri };
    },
  };
  if (!preconditionsHold(exchange, conditions)) return;
  if (writes.has(method)) assertWritable(exchange, resource.node);
  switch (method) {
    case 'PROPFIND':
      return servePropfind(exchange, resource);
    case 'GET':
    case 'HEAD':
      return get(exchange, resource);
    case 'PUT':
      return servePut(exchange, resource);
    case 'MKCOL':
      return serveMkcol(exchange, resource);
    case 'DELETE':
      serveDelete(exchange, resource);
      return undefined;
    case 'MOVE':
    case 'COPY': {
      const target = locate(destinationPath(exchange, base));
      // Refused with 503 (observed on 29 and 34); what becomes of the root of the storage was not observed.
      if (target.names.length > 1 && serveOffline(exchange, target)) return undefined;
      if (method === 'MOVE') serveMove(exchange, resource, target);
      else serveCopy(exchange, resource, target);
      return undefined;
    }
    case 'PROPPATCH':
      return serveProppatch(exchange, resource);
    case 'LOCK':
    case 'UNLOCK':
      if (exchange.instance.major < 31) throw notImplemented(method);
      return method === 'LOCK' ? serveLock(exchange, resource) : serveUnlock(exchange, resource);
    case 'PATCH':
      storeChecksum(exchange, resource);
      return undefined;
    case 'REPORT':
      return serveReport(exchange, resource);
    default:
      throw notImplemented(method);
  }
}

/**
 * A storage that cannot be reached is not among the mounts that Nextcloud keeps, so that a request for its root goes
 * to the home folder below it: it is not found, and made there (observed on 34). What is in it is answered with 503,
 * and with the cookie of a session as if it were not there (observed on 29 and 34).
 */
function serveOffline(exchange: HttpExchange, resource: DavResource): boolean {
  const { names, mount } = resource;
  const at = names.findIndex((_, index) => {
    const node = mount.foreign ? undefined : descend(mount.account.home, names.slice(0, index + 1));
    return node?.type === 'directory' && node.storage === 'offline';
  });
  if (at === -1) return false;
  const root = descend(mount.account.home, names.slice(0, at + 1));
  if (root?.type !== 'directory') return false;
  if (exchange.method === 'MKCOL' && at === names.length - 1) {
    root.hidden = exchange.instance.tree.folder(root.name);
    exchange.reply(201, '', { 'OC-FileId': exchange.instance.longId(root.hidden.id) });
    return true;
  }
  if (at < names.length - 1 && exchange.method === 'MKCOL' && !root.hidden)
    throw conflict('Parent node does not exist');
  const hasSession = exchange.header('cookie') !== undefined;
  if (hasSession && exchange.method === 'MKCOL') throw conflict('Parent node does not exist');
  if (hasSession || at === names.length - 1) throw fileNotFound(resource.path);
  throw unavailable('Storage with mount id 1 is not available');
}

const noSuchContent = (path: string): string =>
  `Could not open file: ${path} (-1), file doesn't seem to exist`;

const writes = new Set(['PUT', 'DELETE', 'PROPPATCH']);

async function get(exchange: HttpExchange, resource: DavResource): Promise<void> {
  const { phantom } = resource;
  if (phantom && exchange.method === 'GET') throw unavailable(noSuchContent(resource.path.slice(1)));
  const node = resource.mount.foreign && resource.isHome ? undefined : (phantom ?? resource.node);
  if (node?.type === 'file') return serveDownload(exchange, node, resource.path);
  if (!node && !(resource.mount.foreign && resource.isHome)) throw resource.missing;
  if (node?.type === 'directory' && wantsArchive(exchange))
    return serveFolderArchive(exchange, resource, node);
  if (exchange.method === 'GET') exchange.set('Vary', 'Accept-Encoding');
  exchange.reply(200, interfaceNote);
  return undefined;
}

function relative(url: string, base: string): string {
  const path = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '');
  return path.startsWith(base) ? path.slice(base.length) : path;
}
