import type { Exchange } from '../../http/exchange.ts';
import { allowedMethods, notImplemented, unavailable } from '../../http/fault.ts';
import { serveMkcol, serveDelete } from '../collection.ts';
import { serveDownload } from './download.ts';
import { serveLock, serveUnlock } from '../locks/lock.ts';
import { assertWritable } from '../locks/locking.ts';
import type { DavPlace } from '../place.ts';
import { preconditionsHold } from './preconditions.ts';
import { davHeader, servePropfind } from '../propfind.ts';
import { serveProppatch } from '../proppatch.ts';
import { servePut } from './put.ts';
import { recalculate } from '../recalculate.ts';
import { serveReport } from '../report.ts';
import { serveFolderArchive, wantsArchive } from './zip-download.ts';
import { serveCopy, destinationPath, serveMove } from './transfer.ts';

export const interfaceNote =
  'This is the WebDAV interface. It can only be accessed by WebDAV clients such as the Nextcloud desktop sync client.';

/** Where the addresses of `Destination` and `If` lead, below the base of the endpoint. */
export type Locate = (path: string) => DavPlace;

/** One request for a file or folder of a home. */
export async function serveHome(
  exchange: Exchange,
  place: DavPlace,
  base: string,
  locate: Locate,
): Promise<void> {
  const { method } = exchange;
  if (method === 'OPTIONS') {
    serveOptions(exchange);
    return;
  }
  const reserved = place.reserved(exchange.instance.major);
  if (reserved && (method !== 'MKCOL' || exchange.instance.major < 30)) {
    // So early that the answer does not say who asked.
    if (method === 'PUT') exchange.response.removeHeader('X-User-Id');
    throw reserved;
  }
  const conditions = {
    uri: place.uri,
    find: () => place.node ?? place.phantom,
    at(url: string) {
      const at = locate(relative(url, base));
      return { node: at.require(), uri: at.uri };
    },
  };
  if (!preconditionsHold(exchange, conditions)) return;
  if (writes.has(method)) assertWritable(exchange, place.node);
  switch (method) {
    case 'PROPFIND':
      return servePropfind(exchange, place);
    case 'GET':
    case 'HEAD':
      return get(exchange, place);
    case 'PUT':
      return servePut(exchange, place);
    case 'MKCOL':
      return serveMkcol(exchange, place);
    case 'DELETE':
      serveDelete(exchange, place);
      return undefined;
    case 'MOVE':
      serveMove(exchange, place, locate(destinationPath(exchange, base)));
      return undefined;
    case 'COPY':
      serveCopy(exchange, place, locate(destinationPath(exchange, base)));
      return undefined;
    case 'PROPPATCH':
      return serveProppatch(exchange, place);
    case 'LOCK':
    case 'UNLOCK':
      if (exchange.instance.major < 31) throw notImplemented(method);
      return method === 'LOCK' ? serveLock(exchange, place) : serveUnlock(exchange, place);
    case 'PATCH':
      recalculate(exchange, place);
      return undefined;
    case 'REPORT':
      return serveReport(exchange, place);
    default:
      throw notImplemented(method);
  }
}

const noSuchContent = (path: string): string =>
  `Could not open file: ${path} (-1), file doesn't seem to exist`;

const writes = new Set(['PUT', 'DELETE', 'PROPPATCH']);

async function get(exchange: Exchange, place: DavPlace): Promise<void> {
  const { phantom } = place;
  if (phantom && exchange.method === 'GET') throw unavailable(noSuchContent(place.path.slice(1)));
  const node = place.mount.foreign && place.isHome ? undefined : (phantom ?? place.node);
  if (node?.type === 'file') return serveDownload(exchange, node, place.path);
  if (!node && !(place.mount.foreign && place.isHome)) throw place.missing;
  if (node?.type === 'directory' && wantsArchive(exchange)) return serveFolderArchive(exchange, place, node);
  if (exchange.method === 'GET') exchange.set('Vary', 'Accept-Encoding');
  exchange.reply(200, interfaceNote);
  return undefined;
}

export function serveOptions(exchange: Exchange, isRoot = false): void {
  exchange.reply(200, '', {
    DAV: davHeader(exchange),
    Allow: isRoot ? allowedMethods.replace('REPORT', 'REPORT, SEARCH') : allowedMethods,
    'MS-Author-Via': 'DAV',
    'Accept-Ranges': 'bytes',
  });
}

function relative(url: string, base: string): string {
  const path = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '');
  return path.startsWith(base) ? path.slice(base.length) : path;
}
