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

/** Uploads of new names that are under way; a second one gets 423. */
const arriving = new WeakMap<FolderNode, Set<string>>();

/** PUT (RFC 9110 section 9.3.4) as apps/dav/lib/Connector/Sabre/File.php does it. */
export async function servePut(exchange: HttpExchange, resource: DavResource): Promise<void> {
  if (exchange.header('content-range') !== undefined) {
    throw badRequest('Content-Range on PUT requests are forbidden.');
  }
  if (resource.mount.foreign) throw forbidden(`Permission denied to create file (filename ${resource.name})`);
  const existing = resource.node;
  if (existing?.type === 'directory') throw conflict('PUT is not allowed on non-files.');
  checkQuota(exchange, resource);
  const file = existing ? await replace(exchange, resource, existing) : await add(exchange, resource);
  // The content is in resource by now, even if the times turn out to be nonsense.
  acceptTimes(exchange, file);
  if (!existing) exchange.instance.tree.touch(file.parent);
  sendWritten(exchange, file, existing ? 204 : 201);
}

/** Headers of a written file; the etag is the one that PROPFIND shows next. */
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
  // The size of what is overwritten is not credited (apps/dav/lib/Connector/Sabre/QuotaPlugin.php).
  if (length > 0 && !account.hasRoomFor(length)) throw noRoom(`Insufficient space in ${resource.path}`);
  if (account.free === 0) throw payloadTooLarge('Insufficient space');
}

async function replace(exchange: HttpExchange, resource: DavResource, file: FileNode): Promise<FileNode> {
  if (file.busy) throw fileLocked(resource.path);
  file.busy = true;
  try {
    const body = await exchange.receive();
    const problem = shortfall(exchange, body);
    if (problem) {
      // The target was opened for writing and cut: the old bytes are gone, the file cache does not know yet.
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
  const names = arriving.get(parent) ?? new Set();
  arriving.set(parent, names);
  if (names.has(resource.name)) throw fileLocked(`${resource.path}.upload.part`);
  names.add(resource.name);
  try {
    const body = await exchange.receive();
    const problem = shortfall(exchange, body);
    if (problem) throw problem;
    // Before 30 the part file is called after the target, in up to 28 bytes more than a disk may allow.
    if (major < 30 && Buffer.byteLength(resource.name) > DISK_NAME_BYTES - PART_BYTES) {
      const { size } = body.content;
      throw phpError(
        'Sabre\\DAV\\Exception',
        `Error while copying file to target location (copied: -1 bytes, expected filesize: ${size} byte${size === 1 ? '' : 's'})`,
      );
    }
    hashContent(exchange, body.content);
    const checksum = exchange.header('oc-checksum');
    const now = resource.node;
    if (now?.type === 'file') {
      overwrite(exchange.instance.tree, now, body.content, { checksum });
      return now;
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
    exchange.header('x-nc-webdav-auto-mkcol') === '1' && !resource.mount.old && exchange.instance.major >= 31;
  if (makesParents) return makeFolders(exchange, parent);
  if (resource.mount.old) throw conflict('Files cannot be created in non-existent collections');
  if (node) throw notFound(`Node with name '${node.name}' could not be found`);
  // What a part file belongs to is looked for in the folder, and null is handed on.
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

/** A chunked body that breaks off passes for complete under mod_php; a declared length does not. */
function shortfall(exchange: HttpExchange, body: ReceivedBody): SabreError | undefined {
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

/** `X-Hash: all|md5|sha1|sha256` asks for the hash of the bytes that arrived. */
export function hashContent(exchange: HttpExchange, content: StoredContent): void {
  const wanted = exchange.header('x-hash');
  for (const algorithm of ['md5', 'sha1', 'sha256']) {
    if (wanted !== 'all' && wanted !== algorithm) continue;
    const digest = createHash(algorithm);
    for (const piece of pieces(content)) digest.update(piece);
    exchange.set(`X-Hash-${algorithm.toUpperCase()}`, digest.digest('hex'));
  }
}
