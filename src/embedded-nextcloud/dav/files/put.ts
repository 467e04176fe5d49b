import { createHash } from 'node:crypto';
import type { Exchange, ReceivedBody } from '../../http/exchange.ts';
import type { Fault } from '../../http/fault.ts';
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
} from '../../http/fault.ts';
import { pieces } from '../../store/content.ts';
import type { StoredContent } from '../../store/content.ts';
import type { FileNode, FolderNode } from '../../store/node.ts';
import { create, overwrite } from '../../store/write.ts';
import { permissions } from './file-properties.ts';
import { checkName } from '../file-name.ts';
import type { DavPlace } from '../place.ts';
import { parseTime } from '../time-header.ts';

/** Uploads of new names that are under way; a second one gets 423. */
const arriving = new WeakMap<FolderNode, Set<string>>();

/** PUT (RFC 9110 section 9.3.4) as apps/dav/lib/Connector/Sabre/File.php does it. */
export async function servePut(exchange: Exchange, place: DavPlace): Promise<void> {
  if (exchange.header('content-range') !== undefined) {
    throw badRequest('Content-Range on PUT requests are forbidden.');
  }
  if (place.mount.foreign) throw forbidden(`Permission denied to create file (filename ${place.name})`);
  const existing = place.node;
  if (existing?.type === 'directory') throw conflict('PUT is not allowed on non-files.');
  checkQuota(exchange, place);
  const file = existing ? await replace(exchange, place, existing) : await add(exchange, place);
  // The content is in place by now, even if the times turn out to be nonsense.
  acceptTimes(exchange, file);
  if (!existing) exchange.instance.tree.touch(file.parent);
  sendWritten(exchange, file, existing ? 204 : 201);
}

/** Headers of a written file; the etag is the one that PROPFIND shows next. */
export function sendWritten(exchange: Exchange, file: FileNode, status: number, byPut = true): void {
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

export function acceptTimes(exchange: Exchange, file: FileNode): void {
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

function checkQuota(exchange: Exchange, place: DavPlace): void {
  const { account } = place.mount;
  const length = Math.max(
    Number(exchange.header('content-length') ?? 0),
    Number(exchange.header('oc-total-length') ?? 0),
  );
  // The size of what is overwritten is not credited (apps/dav/lib/Connector/Sabre/QuotaPlugin.php).
  if (length > 0 && !account.hasRoomFor(length)) throw noRoom(`Insufficient space in ${place.path}`);
  if (account.free === 0) throw payloadTooLarge('Insufficient space');
}

async function replace(exchange: Exchange, place: DavPlace, file: FileNode): Promise<FileNode> {
  if (file.busy) throw fileLocked(place.path);
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

async function add(exchange: Exchange, place: DavPlace): Promise<FileNode> {
  const parent = parentFor(exchange, place);
  const { major } = exchange.instance;
  if (major < 30 && place.name.endsWith('.part')) throw fileLocked(place.path.slice(1));
  checkName(major, place.name);
  const names = arriving.get(parent) ?? new Set();
  arriving.set(parent, names);
  if (names.has(place.name)) throw fileLocked(`${place.path}.upload.part`);
  names.add(place.name);
  try {
    const body = await exchange.receive();
    const problem = shortfall(exchange, body);
    if (problem) throw problem;
    // Before 30 the part file is called after the target, in up to 28 bytes more than a disk may allow.
    if (major < 30 && Buffer.byteLength(place.name) > DISK_NAME_BYTES - PART_BYTES) {
      const { size } = body.content;
      throw phpError(
        'Sabre\\DAV\\Exception',
        `Error while copying file to target location (copied: -1 bytes, expected filesize: ${size} byte${size === 1 ? '' : 's'})`,
      );
    }
    hashContent(exchange, body.content);
    const checksum = exchange.header('oc-checksum');
    const now = place.node;
    if (now?.type === 'file') {
      overwrite(exchange.instance.tree, now, body.content, { checksum });
      return now;
    }
    return create(exchange.instance.tree, parent, place.name, body.content, { checksum });
  } finally {
    names.delete(place.name);
  }
}

function parentFor(exchange: Exchange, place: DavPlace): FolderNode {
  const { parent } = place;
  const node = parent.node;
  if (node?.type === 'directory') return node;
  const makesParents =
    exchange.header('x-nc-webdav-auto-mkcol') === '1' && !place.mount.old && exchange.instance.major >= 31;
  if (makesParents) return makeFolders(exchange, parent);
  if (place.mount.old) throw conflict('Files cannot be created in non-existent collections');
  if (node) throw notFound(`Node with name '${node.name}' could not be found`);
  // What a part file belongs to is looked for in the folder, and null is handed on.
  throw place.name.endsWith('.part') && exchange.instance.major >= 30 ? typeError() : parent.missing;
}

function makeFolders(exchange: Exchange, place: DavPlace): FolderNode {
  let at = place.home;
  for (const name of place.names) {
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
function shortfall(exchange: Exchange, body: ReceivedBody): Fault | undefined {
  const length = exchange.header('content-length');
  if (length === undefined || Number(length) === body.content.size) return undefined;
  return shorterThan(Number(length), body.content.size);
}

export function shorterThan(expected: number, got: number): Fault {
  const amount = (n: number): string => (n === 1 ? '1 byte' : `${n} bytes`);
  return badRequest(
    `Expected filesize of ${amount(expected)} but read (from Nextcloud client) and wrote (to Nextcloud storage) ` +
      `${amount(got)}. Could either be a network problem on the sending side or a problem writing to the ` +
      'storage on the server side.',
  );
}

/** `X-Hash: all|md5|sha1|sha256` asks for the hash of the bytes that arrived. */
export function hashContent(exchange: Exchange, content: StoredContent): void {
  const wanted = exchange.header('x-hash');
  for (const algorithm of ['md5', 'sha1', 'sha256']) {
    if (wanted !== 'all' && wanted !== algorithm) continue;
    const digest = createHash(algorithm);
    for (const piece of pieces(content)) digest.update(piece);
    exchange.set(`X-Hash-${algorithm.toUpperCase()}`, digest.digest('hex'));
  }
}
