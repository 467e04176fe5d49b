import { createHash } from 'node:crypto';
import type { HttpExchange, ReceivedBody } from '../../http/http-exchange.ts';
import type { SabreError } from '../protocol/sabre-error.ts';
import {
  badRequest,
  conflict,
  fileLocked,
  forbidden,
  noRoom,
  notFound,
  phpError,
  payloadTooLarge,
  typeError,
} from '../protocol/sabre-error.ts';
import { pieces } from '../../store/content.ts';
import type { StoredContent } from '../../store/content.ts';
import type { FileNode, FolderNode } from '../../store/node.ts';
import { create, overwrite } from '../../store/write.ts';
import { permissions } from './file-properties.ts';
import { checkName } from '../protocol/file-name.ts';
import type { DavResource } from '../protocol/dav-resource.ts';
import { parseTime } from '../protocol/time-header.ts';

/** New names that are being uploaded. A second upload of the same name gets 423. */
const namesInUpload = new WeakMap<FolderNode, Set<string>>();

/** PUT (RFC 9110 section 9.3.4), as in apps/dav/lib/Connector/Sabre/File.php. */
export async function servePut(exchange: HttpExchange, resource: DavResource): Promise<void> {
  if (exchange.header('content-range') !== undefined) {
    throw badRequest('Content-Range on PUT requests are forbidden.');
  }
  if (resource.mount.foreign) throw forbidden(`Permission denied to create file (filename ${resource.name})`);
  const existing = resource.node;
  if (existing?.type === 'directory') throw conflict('PUT is not allowed on non-files.');
  checkQuota(exchange, resource);
  const file = existing ? await replace(exchange, resource, existing) : await add(exchange, resource);
  // The times are validated only after the content has been stored.
  acceptTimes(exchange, file);
  if (!existing) exchange.instance.tree.touch(file.parent);
  sendWritten(exchange, file, existing ? 204 : 201);
}

/** Sends the response for a written file. The ETag is the one that PROPFIND returns next. */
export function sendWritten(exchange: HttpExchange, file: FileNode, status: number, byPut = true): void {
  const { instance } = exchange;
  const etag = `"${file.etag}"`;
  exchange.set('OC-FileId', instance.longId(file.id));
  exchange.set('ETag', etag);
  exchange.set('OC-ETag', etag);
  if (byPut && instance.major >= 31) {
    exchange.set('X-NC-OwnerId', exchange.user.id);
    exchange.set('X-NC-Permissions', permissions(file));
  }
  exchange.reply(status);
}

export function acceptTimes(exchange: HttpExchange, file: FileNode): void {
  const mtime = exchange.header('x-oc-mtime');
  if (mtime !== undefined) {
    file.mtime = parseTime(mtime, exchange.instance.major);
    file.forgetEtag();
    exchange.set('X-OC-MTime', 'accepted');
  }
  const ctime = exchange.header('x-oc-ctime');
  if (ctime !== undefined) {
    file.creationTime = parseTime(ctime, exchange.instance.major);
    exchange.set('X-OC-CTime', 'accepted');
  }
}

function checkQuota(exchange: HttpExchange, resource: DavResource): void {
  const { account } = resource.mount;
  const length = Math.max(
    Number(exchange.header('content-length') ?? 0),
    Number(exchange.header('oc-total-length') ?? 0),
  );
  // The size of the overwritten file is not subtracted (apps/dav/lib/Connector/Sabre/QuotaPlugin.php).
  if (length > 0 && !account.hasRoomFor(length)) throw noRoom(`Insufficient space in ${resource.path}`);
  if (account.free === 0) throw payloadTooLarge('Insufficient space');
}

async function replace(exchange: HttpExchange, resource: DavResource, file: FileNode): Promise<FileNode> {
  if (file.busy) throw fileLocked(resource.path);
  file.busy = true;
  try {
    const body = await exchange.receive();
    const problem = lengthError(exchange, body);
    if (problem) {
      // The target had been truncated for writing, so the old content is lost. The file cache is not updated yet.
      file.content = body.content;
      file.torn = true;
      throw problem;
    }
    hashContent(exchange, body.content);
    const checksum = exchange.header('oc-checksum');
    overwrite(exchange.instance.tree, file, body.content, { checksum });
    return file;
  } finally {
    file.busy = false;
  }
}

const DISK_NAME_BYTES = 255;
const PART_BYTES = '.ocTransferId1234567890.part'.length;

async function add(exchange: HttpExchange, resource: DavResource): Promise<FileNode> {
  const parent = parentFor(exchange, resource);
  const { major } = exchange.instance;
  if (major < 30 && resource.name.endsWith('.part')) throw fileLocked(resource.path.slice(1));
  checkName(major, resource.name);
  const names = namesInUpload.get(parent) ?? new Set();
  namesInUpload.set(parent, names);
  if (names.has(resource.name)) throw fileLocked(`${resource.path}.upload.part`);
  names.add(resource.name);
  try {
    const body = await exchange.receive();
    const problem = lengthError(exchange, body);
    if (problem) throw problem;
    // Before version 30 the name of the part file is up to 28 bytes longer than that of the target.
    if (major < 30 && Buffer.byteLength(resource.name) > DISK_NAME_BYTES - PART_BYTES) {
      const { size } = body.content;
      throw phpError(
        'Sabre\\DAV\\Exception',
        `Error while copying file to target location (copied: -1 bytes, expected filesize: ${size} byte${size === 1 ? '' : 's'})`,
      );
    }
    hashContent(exchange, body.content);
    const checksum = exchange.header('oc-checksum');
    const current = resource.node;
    if (current?.type === 'file') {
      overwrite(exchange.instance.tree, current, body.content, { checksum });
      return current;
    }
    return create(exchange.instance.tree, parent, {
      name: resource.name,
      content: body.content,
      checksum,
    });
  } finally {
    names.delete(resource.name);
  }
}

function parentFor(exchange: HttpExchange, resource: DavResource): FolderNode {
  const { parent } = resource;
  const node = parent.node;
  if (node?.type === 'directory') return node;
  const makesParents =
    exchange.header('x-nc-webdav-auto-mkcol') === '1' &&
    !resource.mount.legacy &&
    exchange.instance.major >= 31;
  if (makesParents) return makeFolders(exchange, parent);
  if (resource.mount.legacy) throw conflict('Files cannot be created in non-existent collections');
  if (node) throw notFound(`Node with name '${node.name}' could not be found`);
  // Nextcloud looks up the target of a part file in the missing folder and passes null on.
  throw resource.name.endsWith('.part') && exchange.instance.major >= 30 ? typeError() : parent.missing;
}

function makeFolders(exchange: HttpExchange, resource: DavResource): FolderNode {
  let at = resource.home;
  for (const name of resource.names) {
    const next = at.children.get(name);
    if (next?.type === 'file') {
      throw phpError('Error', 'Call to undefined method OCA\\DAV\\Connector\\Sabre\\File::childExists()');
    }
    if (next) {
      at = next;
      continue;
    }
    checkName(exchange.instance.major, name, true);
    const made = exchange.instance.tree.folder(name);
    exchange.instance.tree.attach(at, made);
    at = made;
  }
  return at;
}

/** The error for a body shorter than declared. An interrupted body without a declared length passes, as with mod_php. */
function lengthError(exchange: HttpExchange, body: ReceivedBody): SabreError | undefined {
  const length = exchange.header('content-length');
  if (length === undefined || Number(length) === body.content.size) return undefined;
  return shorterThan(Number(length), body.content.size);
}

export function shorterThan(expected: number, got: number): SabreError {
  const amount = (n: number): string => (n === 1 ? '1 byte' : `${n} bytes`);
  return badRequest(
    `Expected filesize of ${amount(expected)} but read (from Nextcloud client) and wrote (to Nextcloud storage) ` +
      `${amount(got)}. Could either be a network problem on the sending side or a problem writing to the ` +
      'storage on the server side.',
  );
}

/** Sets the hash of the received content that `X-Hash: all|md5|sha1|sha256` requests. */
export function hashContent(exchange: HttpExchange, content: StoredContent): void {
  const wanted = exchange.header('x-hash');
  for (const algorithm of ['md5', 'sha1', 'sha256']) {
    if (wanted !== 'all' && wanted !== algorithm) continue;
    const digest = createHash(algorithm);
    for (const piece of pieces(content)) digest.update(piece);
    exchange.set(`X-Hash-${algorithm.toUpperCase()}`, digest.digest('hex'));
  }
}
