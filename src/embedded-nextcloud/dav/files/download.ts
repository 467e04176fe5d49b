import { createGzip } from 'node:zlib';
import type { HttpExchange } from '../../http/http-exchange.ts';
import { rawUrlEncode } from '../../http/url-encoding.ts';
import { badRange, fileLocked } from '../protocol/sabre-error.ts';
import { pieces } from '../../store/content.ts';
import { downloadMime } from '../../store/mime.ts';
import type { FileNode } from '../../store/node.ts';
import type { FileTree } from '../../store/tree.ts';
import { httpDate, parseHttpDate } from '../protocol/date.ts';

interface Span {
  start: number;
  end: number;
}

/**
 * The requested range, as Sabre reads it (sabre/dav lib/DAV/CorePlugin.php, httpGet). An end of 0 is taken for a missing
 * one, so `bytes=0-0` is the whole file. Multiple ranges and other units are ignored.
 */
function rangeOf(exchange: HttpExchange, size: number, headers: Record<string, string>): Span | undefined {
  const match = /^bytes=(\d*)-(\d*)$/i.exec(exchange.header('range') ?? '');
  if (!match || size === 0) return undefined;
  const [, from = '', to = ''] = match;
  if (from === '' && to === '') return undefined;
  if (from === '') return { start: Math.max(0, size - Number(to)), end: size - 1 };
  const start = Number(from);
  const end = Number(to) || size - 1;
  if (start >= size) {
    throw badRange(`The start offset (${start}) exceeded the size of the entity (${size})`, headers);
  }
  if (end < start) {
    throw badRange(`The end offset (${to}) is lower than the start offset (${start})`, headers);
  }
  return { start, end: Math.min(end, size - 1) };
}

function ifRangeHolds(exchange: HttpExchange, etag: string, mtime: number): boolean {
  const condition = exchange.header('if-range');
  if (condition === undefined) return true;
  const date = parseHttpDate(condition);
  return date === undefined || condition.includes('"') ? condition === etag : mtime <= date;
}

/** Reading a file after an interrupted upload corrects its file cache entry (lib/private/Files/Cache/Scanner.php). */
export function repairEtag(tree: FileTree, file: FileNode): void {
  if (!file.torn) return;
  file.torn = false;
  tree.setSize(file, file.content.size);
  tree.touch(file.parent, false);
}

/** Sends a file. `bare` is for direct links, which have no quotes around the ETag and no Content-Disposition. */
export async function serveDownload(
  exchange: HttpExchange,
  file: FileNode,
  path: string,
  bare = false,
): Promise<void> {
  const { instance } = exchange;
  if (file.busy && exchange.method === 'GET') throw fileLocked(path);
  if (exchange.method === 'GET') repairEtag(instance.tree, file);
  const etag = bare ? file.etag : `"${file.etag}"`;
  const mime = downloadMime(file.mime);
  const described = { 'Last-Modified': httpDate(file.mtime), ETag: etag };
  const requested = ifRangeHolds(exchange, etag, file.mtime)
    ? rangeOf(exchange, file.size, described)
    : undefined;
  const span = requested ?? { start: 0, end: file.size - 1 };
  const length = Math.max(0, span.end - span.start + 1);
  const name = rawUrlEncode(file.name);
  const headers: Record<string, string> = {
    ...described,
    'Content-Type': mime.startsWith('text/') ? `${mime};charset=UTF-8` : mime,
    'OC-ETag': etag,
    'Content-Disposition': `attachment; filename*=UTF-8''${name}; filename="${name}"`,
    'X-Accel-Buffering': 'no',
  };
  if (bare) delete headers['Content-Disposition'];
  if (file.checksum !== undefined) headers['OC-Checksum'] = file.checksum;
  if (requested) headers['Content-Range'] = `bytes ${span.start}-${span.end}/${file.size}`;
  if (!requested && exchange.method === 'GET' && compresses(exchange, mime)) {
    sendDeflated(exchange, file, { ...headers, ETag: `"${file.etag}-gzip"` });
    return;
  }
  // PHP sends no Content-Length for HEAD on an empty file.
  if (length > 0 || exchange.method === 'GET') headers['Content-Length'] = String(length);
  const status = requested ? 206 : 200;
  await exchange.stream(status, headers, pieces(file.content, span.start, span.start + length));
}

/** Whether mod_deflate compresses the file; only if the option `gzipEtags` is set. */
function compresses(exchange: HttpExchange, mime: string): boolean {
  const { gzipEtags } = exchange.instance;
  return gzipEtags && mime.startsWith('text/') && /\bgzip\b/.test(exchange.header('accept-encoding') ?? '');
}

function sendDeflated(exchange: HttpExchange, file: FileNode, headers: Record<string, string>): void {
  for (const [name, value] of Object.entries(headers)) exchange.set(name, value);
  exchange.set('Content-Encoding', 'gzip');
  exchange.set('Vary', 'Accept-Encoding');
  const gzip = createGzip();
  gzip.pipe(exchange.response);
  for (const piece of pieces(file.content)) gzip.write(piece);
  gzip.end();
}
