import type { HttpExchange } from '../../http/http-exchange.ts';
import { preconditionFailed } from './sabre-error.ts';
import type { Node } from '../../store/node.ts';
import { httpDate, parseHttpDate } from './date.ts';

export interface Resolver {
  /** The path in Sabre's messages: `files/UID/a`. */
  readonly uri: string;
  find(): Node | undefined;
  /** The node at a tagged URL of the `If` header. @throws {SabreError} when there is none. */
  at(url: string): { node: Node | undefined; uri: string };
}

const etagOf = (node: Node | undefined): string | undefined =>
  node?.type === 'file' ? `"${node.etag}"` : undefined;

const etagList = (header: string): string[] =>
  header.split(',').map((each) => each.replaceAll(/^ +| +$/g, ''));

/**
 * Checks the conditions of RFC 9110 section 13 and the `If` header of RFC 4918 section 10.4, with Sabre's deviations:
 * ETags of folders never match, and only GET is answered with 304 (sabre/dav lib/DAV/Server.php, checkPreconditions).
 * Returns false when 304 has been sent.
 */
export function preconditionsHold(exchange: HttpExchange, target: Resolver): boolean {
  checkMatch(exchange, target);
  const noneMatch = exchange.header('if-none-match');
  if (noneMatch) {
    if (!checkNoneMatch(exchange, target, noneMatch)) return false;
  } else {
    const since = parseHttpDate(exchange.header('if-modified-since') ?? '');
    const node = since === undefined ? undefined : target.find();
    if (since !== undefined && node && node.mtime <= since) {
      exchange.reply(304, '', { 'Last-Modified': httpDate(node.mtime) });
      return false;
    }
  }
  const unmodified = parseHttpDate(exchange.header('if-unmodified-since') ?? '');
  const node = unmodified === undefined ? undefined : target.find();
  if (unmodified !== undefined && node && node.mtime > unmodified) {
    throw preconditionFailed(
      'An If-Unmodified-Since header was specified, but the entity has been changed since the specified date.',
      'If-Unmodified-Since',
    );
  }
  checkIf(exchange.header('if'), target);
  return true;
}

function checkMatch(exchange: HttpExchange, target: Resolver): void {
  const header = exchange.header('if-match');
  if (!header) return;
  const node = target.find();
  if (!node) {
    throw preconditionFailed('An If-Match header was specified and the resource did not exist', 'If-Match');
  }
  const etag = etagOf(node);
  if (header === '*' || (etag !== undefined && etagList(header).includes(etag))) return;
  throw preconditionFailed(
    'An If-Match header was specified, but none of the specified ETags matched.',
    'If-Match',
    etag === undefined ? {} : { ETag: etag },
  );
}

function checkNoneMatch(exchange: HttpExchange, target: Resolver, header: string): boolean {
  const node = target.find();
  if (!node) return true;
  const etag = etagOf(node);
  if (header !== '*' && !(etag !== undefined && etagList(header).includes(etag))) return true;
  const headers: Record<string, string> = etag === undefined || header === '*' ? {} : { ETag: etag };
  if (exchange.method === 'GET') {
    exchange.reply(304, '', headers);
    return false;
  }
  throw preconditionFailed(
    'An If-None-Match header was specified, but the ETag matched (or * was specified).',
    'If-None-Match',
    headers,
  );
}

interface Condition {
  url: string | undefined;
  lists: { not: boolean; token: string; etag: string }[];
}

/** The lock tokens in an `If` header, for any resource. */
export function submittedTokens(header: string | undefined): string[] {
  return parseIf(header).flatMap(({ lists }) =>
    lists.map(({ token }) => token.replace(/^opaquelocktoken:/, '')),
  );
}

function parseIf(header: string | undefined): Condition[] {
  if (!header) return [];
  const pattern = /(?:<([^>]*)>\s)?\s*\((not)?\s*(?:<([^>]*)>)?(?:\s?)(?:\[([^\]]*)\])?\)/gi;
  const out: Condition[] = [];
  for (const [, url, not, token, etag] of header.matchAll(pattern)) {
    const list = { not: not !== undefined, token: token ?? '', etag: etag ?? '' };
    const last = out.at(-1);
    if (url === undefined && last) last.lists.push(list);
    else out.push({ url, lists: [list] });
  }
  return out;
}

function checkIf(header: string | undefined, target: Resolver): void {
  for (const { url, lists } of parseIf(header)) {
    const { node, uri } = url === undefined ? { node: undefined, uri: target.uri } : target.at(url);
    const subject = url === undefined ? target.find() : node;
    const holds = lists.some(({ not, token, etag }) => {
      const tokenHolds = token === '' || subject?.lock?.token === token.replace(/^opaquelocktoken:/, '');
      const etagHolds = etag === '' || etagOf(subject) === etag;
      return (tokenHolds && etagHolds) !== not;
    });
    if (!holds) {
      throw preconditionFailed(`Failed to find a valid token/etag combination for ${uri}`, 'If');
    }
  }
}
