import { createHash } from 'node:crypto';
import type { HttpExchange } from '../../http/http-exchange.ts';
import { encodeSegment } from '../../http/url-encoding.ts';
import {
  badRequest,
  conflict,
  forbidden,
  noRoom,
  fileNotFound,
  notAllowed,
  notImplemented,
  preconditionFailed,
  typeError,
} from '../protocol/sabre-error.ts';
import { wholeContent } from '../../store/content.ts';
import { nowSeconds } from '../../store/node.ts';
import type { StoredChunk } from '../../store/upload.ts';
import { UploadFolder } from '../../store/upload.ts';
import { create, overwrite } from '../../store/write.ts';
import { davBase, locate } from '../protocol/dav-paths.ts';
import { httpDate } from '../protocol/date.ts';
import { checkName } from '../protocol/file-name.ts';
import { interfaceNote, serveOptions } from '../protocol/dav-header.ts';
import { assertWritable } from '../locks/locking.ts';
import type { Getter } from '../protocol/multistatus.ts';
import type { DavResource } from '../protocol/dav-resource.ts';
import { preconditionsHold } from '../protocol/preconditions.ts';
import { depthOf, requestedProperties, sendMultistatus, writerFor } from '../protocol/propfind.ts';
import { acceptTimes, hashContent, sendWritten, shorterThan } from './put.ts';
import { destinationPath, overwrites } from '../protocol/destination.ts';
import { DAV, OC } from '../protocol/xml.ts';

const ASSEMBLED = '.file';

/**
 * Chunked upload v2, `uploads/UID/ID/CHUNK` (apps/dav/lib/Upload). The user id in the path is ignored: uploads always
 * belong to the signed-in user.
 */
export async function serveUploads(exchange: HttpExchange, segments: readonly string[]): Promise<void> {
  const [uid, id, name, ...more] = segments;
  if (exchange.method === 'OPTIONS') return serveOptions(exchange);
  if (uid === undefined || id === undefined) return serveTop(exchange, uid);
  const { uploads } = exchange.user;
  const upload = uploads.get(id);
  if (name === undefined) return serveFolder(exchange, id, upload);
  if (!upload) {
    if (exchange.method === 'MKCOL') throw conflict('Parent node does not exist');
    throw fileNotFound(`//${id}`);
  }
  if (exchange.method === 'MKCOL') throw forbidden(`Permission denied to create file (filename ${name})`);
  if (exchange.method === 'GET' && exchange.instance.major >= 30)
    throw notAllowed('Reading intermediate uploads is not allowed');
  if (more.length > 0) throw fileNotFound(`//${id}/${name}`);
  if (name === ASSEMBLED) return serveAssembled(exchange, upload);
  return serveChunk(exchange, upload, name);
}

async function serveTop(exchange: HttpExchange, uid: string | undefined): Promise<void> {
  if (exchange.method !== 'PROPFIND') throw forbidden();
  if (exchange.header('depth') !== '0') throw notAllowed('Listing members of this collection is disabled');
  const getters = new Map<string, Getter<null>>([
    [`{${DAV}}getlastmodified`, () => httpDate(nowSeconds())],
    [`{${DAV}}resourcetype`, () => '<d:collection/>'],
  ]);
  const writer = writerFor(exchange, await requestedProperties(exchange), getters);
  const href = `${davBase(exchange)}uploads/${uid === undefined ? '' : `${encodeSegment(uid)}/`}`;
  return sendMultistatus(exchange, [writer.write(href, null)]);
}

async function serveFolder(
  exchange: HttpExchange,
  id: string,
  upload: UploadFolder | undefined,
): Promise<void> {
  const { uploads } = exchange.user;
  if (exchange.method === 'MKCOL') {
    if (upload) throw notAllowed('The resource you tried to create already exists');
    if (id.endsWith('.part')) throw typeError();
    checkName(exchange.instance.major, id, true);
    uploads.set(id, new UploadFolder(id, exchange.instance.tree.nextId()));
    return exchange.reply(201);
  }
  if (!upload) throw fileNotFound(`//${id}`);
  switch (exchange.method) {
    case 'DELETE':
      uploads.delete(id);
      return exchange.reply(204);
    case 'PROPFIND':
      return list(exchange, upload);
    case 'GET':
    case 'HEAD':
      return exchange.reply(200, interfaceNote);
    default:
      throw notImplemented(exchange.method);
  }
}

async function serveChunk(exchange: HttpExchange, upload: UploadFolder, name: string): Promise<void> {
  const known = upload.chunks.get(name);
  if (exchange.method === 'PUT') return putChunk(exchange, upload, name, known);
  if (!known) throw fileNotFound(`//${upload.id}/${name}`);
  if (exchange.method === 'GET') return exchange.reply(200, wholeContent(known.content));
  if (exchange.method !== 'DELETE') throw notImplemented(exchange.method);
  upload.chunks.delete(name);
  return exchange.reply(204);
}

async function putChunk(
  exchange: HttpExchange,
  upload: UploadFolder,
  name: string,
  known: StoredChunk | undefined,
): Promise<void> {
  const total = exchange.header('oc-total-length');
  const destination = exchange.header('destination');
  // Version 28 checks the quota only at the end.
  const checksQuota = exchange.instance.major >= 29;
  if (
    checksQuota &&
    destination !== undefined &&
    total !== undefined &&
    !exchange.user.hasRoomFor(Number(total))
  ) {
    const resource = locate(exchange, destinationPath(exchange, davBase(exchange)));
    throw noRoom(`Insufficient space in ${resource.node ? resource.path : resource.parent.path}`);
  }
  const body = await exchange.receive();
  const length = exchange.header('content-length');
  const chunk = { content: body.content, at: nowSeconds(), id: known?.id ?? exchange.instance.tree.nextId() };
  const isShort = length !== undefined && Number(length) !== body.content.size;
  // An interrupted first PUT leaves nothing. One that overwrites a chunk leaves a truncated chunk.
  if (!isShort || known) upload.chunks.set(name, chunk);
  upload.at = nowSeconds();
  if (isShort) throw shorterThan(Number(length), body.content.size);
  hashContent(exchange, body.content);
  if (!known) return exchange.reply(201);
  const etag = `"${etagOf(chunk)}"`;
  return exchange.reply(204, '', { ETag: etag, 'OC-ETag': etag });
}

const etagOf = (chunk: StoredChunk): string =>
  createHash('md5').update(`${chunk.at}-${chunk.id}-${chunk.content.size}`).digest('hex');

async function serveAssembled(exchange: HttpExchange, upload: UploadFolder): Promise<void> {
  switch (exchange.method) {
    case 'DELETE':
      exchange.user.uploads.delete(upload.id);
      return exchange.reply(204);
    case 'GET':
      return exchange.reply(200, wholeContent(upload.assemble()));
    case 'MOVE':
      return assemble(exchange, upload);
    default:
      throw notImplemented(exchange.method);
  }
}

/** MOVE of `.file`. Preconditions apply to `.file`; only an `If` header with a URL applies to the target. */
function assemble(exchange: HttpExchange, upload: UploadFolder): void {
  const source = exchange.instance.tree.file(ASSEMBLED, upload.assemble());
  exchange.instance.tree.forget(source);
  const target = locate(exchange, destinationPath(exchange, davBase(exchange)));
  const held = preconditionsHold(exchange, {
    uri: `uploads/${exchange.user.id}/${upload.id}/${ASSEMBLED}`,
    find: () => source,
    at(url) {
      const path = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '').slice(davBase(exchange).length);
      const resource = locate(exchange, path);
      return { node: resource.require(), uri: resource.uri };
    },
  });
  if (!held) return;
  const { content } = source;
  check(exchange, target, content.size);
  const total = exchange.header('oc-total-length');
  // Compared as strings: "05" is not 5 (apps/dav/lib/Upload/ChunkingPlugin.php).
  if (total !== undefined && total !== String(content.size)) {
    throw badRequest(`Chunks on server do not sum up to ${total} but to ${content.size} bytes`);
  }
  finish(exchange, upload, target, content);
}

function check(exchange: HttpExchange, target: DavResource, size: number): void {
  if (target.mount.foreign) throw forbidden(`Permission denied to create file (filename ${target.name})`);
  const existing = target.node;
  const parent = target.parentNode;
  if (!parent || parent.type === 'file') throw conflict('The destination node is not found');
  if (existing?.type === 'directory') throw badRequest(`The given destination ${target.uri} is a directory.`);
  if (existing && !overwrites(exchange)) {
    throw preconditionFailed(
      'The destination node already exists, and the overwrite header is set to false',
      'Overwrite',
    );
  }
  assertWritable(exchange, existing);
  const reserved = target.reserved(exchange.instance.major);
  if (reserved) throw reserved;
  checkName(exchange.instance.major, target.name);
  if (!target.mount.account.hasRoomFor(size)) throw noRoom(`Insufficient space in ${target.parent.path}`);
}

function finish(
  exchange: HttpExchange,
  upload: UploadFolder,
  target: DavResource,
  content: StoredChunk['content'],
): void {
  const { tree } = exchange.instance;
  const { node: existing, parentNode: parent } = target;
  if (parent?.type !== 'directory') throw conflict('The destination node is not found');
  const checksum = exchange.header('oc-checksum');
  let file = existing;
  if (file?.type === 'file') overwrite(tree, file, content, { checksum });
  else file = create(tree, parent, { name: target.name, content, checksum });
  exchange.user.uploads.delete(upload.id);
  acceptTimes(exchange, file);
  sendWritten(exchange, file, existing ? 204 : 201, false);
}

interface Item {
  name: string;
  size: number | undefined;
  at: number;
  etag: string;
  id: number;
}

async function list(exchange: HttpExchange, upload: UploadFolder): Promise<void> {
  const getters = new Map<string, Getter<Item>>([
    [`{${DAV}}getlastmodified`, ({ at }) => httpDate(at)],
    [`{${DAV}}getcontentlength`, ({ size }) => (size === undefined ? undefined : String(size))],
    [`{${DAV}}resourcetype`, ({ size }) => (size === undefined ? '<d:collection/>' : null)],
    [`{${DAV}}getetag`, ({ size, etag }) => (size === undefined ? undefined : `&quot;${etag}&quot;`)],
    [`{${DAV}}getcontenttype`, ({ size }) => (size === undefined ? undefined : 'application/octet-stream')],
    [`{${OC}}size`, ({ size }) => (size === undefined ? undefined : String(size))],
  ]);
  const writer = writerFor(exchange, await requestedProperties(exchange), getters);
  const href = `${davBase(exchange)}uploads/${encodeSegment(exchange.user.id)}/${encodeSegment(upload.id)}/`;
  const folder = { name: '', size: undefined, at: upload.at, etag: '', id: upload.fileId };
  const items: Item[] = [folder];
  if (depthOf(exchange, 1) > 0) {
    const etag = upload.at.toString(16).padStart(13, '0');
    items.push({ name: ASSEMBLED, size: upload.assemble().size, at: upload.at, etag, id: upload.fileId });
    for (const [name, chunk] of upload.chunks) {
      items.push({ name, size: chunk.content.size, at: chunk.at, etag: etagOf(chunk), id: chunk.id });
    }
  }
  return sendMultistatus(
    exchange,
    items.map((item) => writer.write(href + encodeSegment(item.name), item)),
  );
}
