import { createGunzip } from 'node:zlib';
import type { Readable } from 'node:stream';
import type { Headers } from 'undici';
import { AppError, isAppError } from '../../errors.ts';
import { ROOT, within } from '../../path.ts';
import type { RemotePath } from '../../path.ts';
import type { Account } from '../account.ts';
import type { HttpReply } from '../transport/http.ts';
import { defaultMultistatusLimits, readMultistatus } from './multistatus.ts';
import type { MultistatusLimits } from './multistatus.ts';
import { detailProperties, listingProperties, toResource } from './resource.ts';
import type { PropertyName, Resource } from './resource.ts';

const PART = /\.part(\/|$)/;

export const XML = /^(application|text)\/xml/;
export const NAMESPACES =
  'xmlns:d="DAV:" xmlns:oc="http://owncloud.org/ns" xmlns:nc="http://nextcloud.org/ns"';

export type Depth = 0 | 1 | 2 | 3 | 4 | 5 | 'infinity';

export interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface FoundResources {
  readonly resources: readonly Resource[];
  /** Entries left out because their names hold what no path may: control characters or a backslash. */
  readonly unnamed: number;
}

/**
 * PROPFIND (RFC 4918 section 9.1). The first resource is `path` itself.
 *
 * @throws AppError `not_found` and others
 */
export async function propfind(
  account: Account,
  path: RemotePath,
  depth: Depth,
  look: RequestOptions & { readonly properties?: readonly PropertyName[] },
): Promise<FoundResources> {
  const { properties = depth === 0 ? detailProperties : listingProperties } = look;
  const detailed = properties.some((name) => !isListed(name));
  const asked = account.run((userId) =>
    account.exchange(
      {
        method: 'PROPFIND',
        path: account.address.file(userId, path),
        headers: {
          depth: String(depth),
          'content-type': 'application/xml; charset=utf-8',
          prefer: 'return=minimal', // leaves out what a resource does not have: a quarter of the answer
          ...(depth === 0 || isLoopbackHost(account.origin) ? {} : { 'accept-encoding': 'gzip' }),
        },
        body: `<?xml version="1.0"?><d:propfind ${NAMESPACES}><d:prop>${elements(properties)}</d:prop></d:propfind>`,
        signal: look.signal,
        expect: [207],
        type: XML,
        wanted: 'a folder listing',
      },
      (reply) => collectResources(account, userId, reply, detailed, depth === 0 ? oneResponse : undefined),
    ),
  );
  const found = await asked.catch((error: unknown) => {
    // Nextcloud invents files of such names, and 28 and 29 fail to describe them (observed).
    throw isAppError(error) && error.status === 500 && PART.test(path) ? notFound(error) : error;
  });
  const deepest =
    path.split('/').length + (depth === 'infinity' ? Infinity : depth) - (path === ROOT ? 1 : 0);
  const belongs = (one: RemotePath): boolean =>
    one === path || (within(one, path) && one.split('/').length <= deepest);
  if (found.resources[0]?.path !== path || !found.resources.every((resource) => belongs(resource.path)))
    throw new AppError('invalid_response', 'The server listed another folder than it was asked for', {
      hint: 'A proxy may have mixed up its answers. Try again.',
    });
  return found;
}

function isListed(name: string): boolean {
  return (listingProperties as readonly string[]).includes(name);
}

/** SEARCH (RFC 5323) with a ready body; `path` of each hit is below this account's files. */
export async function davSearch(
  account: Account,
  body: (userId: string) => string,
  look: RequestOptions,
): Promise<FoundResources> {
  return account.run((userId) =>
    account.exchange(
      {
        method: 'SEARCH',
        path: `${account.address.root}/remote.php/dav/`,
        headers: { 'content-type': 'text/xml; charset=utf-8' },
        body: body(userId),
        signal: look.signal,
        expect: [207],
        type: XML,
        wanted: 'search results',
      },
      (reply) => collectResources(account, userId, reply, false),
    ),
  );
}

/** Depth 0 is one resource, though one with all its properties. */
const oneResponse: MultistatusLimits = { ...defaultMultistatusLimits, bytes: 8 * 1024 * 1024, responses: 1 };

export async function collectResources(
  account: Account,
  userId: string,
  reply: HttpReply,
  detailed: boolean,
  limits?: MultistatusLimits,
): Promise<FoundResources> {
  const found = new Map<RemotePath, Resource>();
  let unnamed = 0;
  const gzip = reply.headers.get('content-encoding') === 'gzip';
  const body = gzip ? reply.body.pipe(createGunzip()) : reply.body;
  if (gzip) reply.body.on('error', (error) => body.destroy(error));
  await readMultistatus(
    body,
    (response) => {
      if (response.status !== undefined && response.status >= 400) return;
      const path = account.address.pathOf(response.href, userId);
      if (path === undefined) {
        unnamed++;
        return;
      }
      // Another user's folder is answered as an empty one without an etag, a `.part` name with an empty one.
      const resource = toResource(path, response.properties, detailed);
      if (!resource.etag) throw notFound();
      found.set(path, resource);
    },
    limits,
  );
  return { resources: [...found.values()], unnamed };
}

export interface ByteSpan {
  readonly start: number;
  /** Last byte, included; absent for the rest. */
  readonly end?: number;
}

export interface FetchOptions extends RequestOptions {
  readonly range?: ByteSpan;
  /** Only while the file still has this etag (RFC 9110 section 13.1.5). */
  readonly ifRange?: string;
  /** The consumer goes on by itself when the body breaks. */
  readonly once?: boolean;
}

/** What a GET said about the file beside its bytes. */
export interface FileHead {
  readonly etag: string;
  /** Bytes of the whole file, where the answer says. */
  readonly size: number | undefined;
  /** Offset of the first byte of the body. */
  readonly start: number;
  /** Bytes of the body, where the answer says. */
  readonly length: number | undefined;
  /** Milliseconds since 1970. */
  readonly modified: number | undefined;
  /** The answer was a part, which says the size of the file beside the length of the body. */
  readonly partial: boolean;
}

/**
 * GET of a file or a part of it. A 200 in answer to a Range is told apart by `start` and `length`.
 *
 * @throws AppError `invalid_response` when what answers is not Nextcloud's file
 */
export async function fetchFile<T>(
  account: Account,
  path: RemotePath,
  options: FetchOptions,
  consume: (head: FileHead, body: Readable) => Promise<T>,
): Promise<T> {
  const { range, ifRange, signal, once = false } = options;
  return account.run((userId) =>
    account.exchange(
      {
        method: 'GET',
        path: account.address.file(userId, path),
        headers: {
          ...(range ? { range: `bytes=${range.start}-${range.end ?? ''}` } : {}),
          ...(range && ifRange ? { 'if-range': `"${ifRange}"` } : {}),
        },
        signal,
        once,
        transfer: true,
        expect: range ? [200, 206] : [200],
        wanted: 'the contents of a file',
      },
      (reply) => consume(fileHead(reply, range), reply.body),
    ),
  );
}

function fileHead(reply: HttpReply, range: ByteSpan | undefined): FileHead {
  const { headers, status } = reply;
  // Only Nextcloud's own answer has OC-ETag; a login page or a folder's page has none.
  const etag = (headers.get('oc-etag') ?? '').replace(/^"|"$/g, '');
  if (etag === '') {
    const what = /html/.test(headers.get('content-type') ?? '') ? 'a web page' : 'something else';
    throw new AppError(
      'invalid_response',
      `The server answered with ${what} instead of the contents of a file`,
      {
        hint: 'A login page or a proxy stands before the Nextcloud. Check it with test_connection.',
      },
    );
  }
  if (!/^(identity)?$/i.test(headers.get('content-encoding') ?? ''))
    throw new AppError('invalid_response', 'The server sent the file compressed, which was not asked for', {
      hint: 'A proxy before the Nextcloud changes its answers: let it pass them as they are.',
    });
  const date = Date.parse(headers.get('last-modified') ?? '');
  const modified = Number.isNaN(date) ? undefined : date;
  if (status === 200) {
    const size = wholeNumber(headers, 'content-length');
    return { etag, size, start: 0, length: size, modified, partial: false };
  }
  const found = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(headers.get('content-range') ?? '');
  const [start, end, size] = (found ?? []).slice(1).map(Number);
  if (
    start === undefined ||
    end === undefined ||
    size === undefined ||
    start !== range?.start ||
    end < start ||
    end >= size
  )
    throw otherPart();
  return { etag, size, start, length: end - start + 1, modified, partial: true };
}

/** Not the bytes that were asked for. */
export function otherPart(): AppError {
  return new AppError('invalid_response', 'The server sent another part of the file than it was asked for', {
    hint: 'A proxy may have changed the answer. Try again.',
  });
}

function wholeNumber(headers: Headers, name: string): number | undefined {
  const text = headers.get(name);
  return text !== null && /^\d+$/.test(text) ? Number(text) : undefined;
}

function notFound(cause?: unknown): AppError {
  return new AppError('not_found', 'There is no such file or folder', { cause });
}

export function elements(names: readonly PropertyName[]): string {
  return names.map((name) => `<${name}/>`).join('');
}

export function isLoopbackHost(origin: string): boolean {
  return /^https?:\/\/(localhost|127\.|\[::1\])/.test(origin);
}
