import { createHash, getHashes } from 'node:crypto';
import { phpJson } from '../../http/http-exchange.ts';
import type { HttpExchange } from '../../http/http-exchange.ts';
import { badRequest, SabreError, notImplemented, typeError } from '../protocol/sabre-error.ts';
import { contentBytes, wholeContent } from '../../store/content.ts';
import { create, overwrite } from '../../store/write.ts';
import { mountOf } from '../protocol/dav-paths.ts';
import { checkName } from '../protocol/file-name.ts';
import { permissions } from './file-properties.ts';
import { DavResource } from '../protocol/dav-resource.ts';
import { parseTime } from '../protocol/time-header.ts';

type Outcome =
  { error: false; etag: string; fileid: string; permissions: string } | { error: true; message: string };

interface Part {
  headers: Map<string, string>;
  body: Buffer;
}

const SEPARATOR = Buffer.from('\r\n\r\n');

/** POST `bulk`: many small files in one request (apps/dav/lib/BulkUpload). It stops at the first invalid part. */
export async function serveBulk(exchange: HttpExchange): Promise<void> {
  if (exchange.method !== 'POST') throw notImplemented(exchange.method);
  const boundary = boundaryOf(exchange.header('content-type'), exchange.instance.major);
  const data = wholeContent((await exchange.receive()).content);
  const outcomes: Record<string, Outcome> = {};
  let status = 200;
  for (const part of parts(data, boundary)) {
    if (!part || !isIntact(part)) {
      status = 400;
      break;
    }
    const path = part.headers.get('x-file-path');
    if (path === undefined) throw typeError();
    outcomes[path] = store(exchange, part, path);
  }
  const body = Object.keys(outcomes).length === 0 ? '[]' : phpJson(outcomes);
  return exchange.reply(status, body);
}

function boundaryOf(type: string | undefined, major: number): Buffer {
  if (type === undefined) throw badRequest('Content-Type can not be null');
  const lacks = !/boundary=/i.test(type);
  if (lacks && major >= 30) throw badRequest('Error while parsing boundary in Content-Type header.');
  const [kind = '', parameter = ''] = type.split(';').map((each) => each.trim());
  if (kind !== 'multipart/related') throw badRequest('Content-Type must be multipart/related');
  const boundary = /^boundary="?([^"]+)"?$/i.exec(parameter)?.[1];
  if (lacks || boundary === undefined) throw badRequest('Boundary is invalid');
  return Buffer.from(`--${boundary}`);
}

/** Iterates over the parts; `undefined` for a part that cannot be read. */
function* parts(data: Buffer, boundary: Buffer): Generator<Part | undefined> {
  const last = Buffer.concat([boundary, Buffer.from('--\r\n')]);
  for (let at = 0; ;) {
    if (data.subarray(at, at + last.length).equals(last)) return;
    const head = at + boundary.length + 2;
    const end = data.indexOf(SEPARATOR, head);
    if (!data.subarray(at, at + boundary.length).equals(boundary) || end < 0) {
      yield undefined;
      return;
    }
    const headers = new Map<string, string>();
    for (const line of data.subarray(head, end).toString().split('\r\n')) {
      const colon = line.indexOf(':');
      if (colon > 0) headers.set(trim(line.slice(0, colon)).toLowerCase(), trim(line.slice(colon + 1)));
    }
    const length = Number(headers.get('content-length') ?? Number.NaN);
    const start = end + SEPARATOR.length;
    if (Number.isNaN(length) || start + length + 2 > data.length) {
      yield undefined;
      return;
    }
    yield { headers, body: data.subarray(start, start + length) };
    at = start + length + 2;
  }
}

/** Trims as PHP does: ASCII white space only. */
function trim(text: string): string {
  return text.replace(/^[ \t\n\r\0\v]+|[ \t\n\r\0\v]+$/g, '');
}

/** Checks the hash of a part. Unlike with PUT, it is required and verified. */
function isIntact({ headers, body }: Part): boolean {
  const md5 = headers.get('x-file-md5');
  const [algorithm = '', expected = ''] =
    md5 === undefined ? split(headers.get('oc-checksum')) : ['md5', md5];
  if (!getHashes().includes(algorithm)) return false;
  return createHash(algorithm).update(body).digest('hex') === expected.toLowerCase();
}

function split(checksum: string | undefined): string[] {
  const [algorithm = '', value = ''] = (checksum ?? '').split(':');
  return [algorithm.toLowerCase(), value];
}

function store(exchange: HttpExchange, part: Part, path: string): Outcome {
  const { instance, user } = exchange;
  const resource = new DavResource(
    mountOf(exchange, user.id),
    path.split(/[/\\]/).filter((each) => each !== '' && each !== '.'),
  );
  const parent = resource.parentNode;
  const existing = resource.node;
  const fits = resource.mount.account.hasRoomFor(part.body.length);
  if (parent?.type !== 'directory' || existing?.type === 'directory' || !fits) {
    return { error: true, message: `Could not create path "/${user.id}/files${resource.path}"` };
  }
  try {
    checkName(instance.major, resource.name);
    const given = part.headers.get('x-oc-mtime');
    const mtime = given === undefined ? undefined : parseTime(given, instance.major);
    const content = contentBytes(Buffer.from(part.body));
    const file = existing ?? create(instance.tree, parent, { name: resource.name, content, mtime });
    if (existing) overwrite(instance.tree, existing, content, { mtime });
    file.uploadTime = 0;
    const fileid = instance.longId(file.id);
    return { error: false, etag: file.etag, fileid, permissions: permissions(file) };
  } catch (error) {
    if (!(error instanceof SabreError)) throw error;
    return { error: true, message: error.status === 400 ? '' : error.message };
  }
}
