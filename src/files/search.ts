import { createHash } from 'node:crypto';
import { AppError, isAppError } from '../errors.ts';
import { search as ask } from '../nextcloud/dav.ts';
import type { Found } from '../nextcloud/dav.ts';
import { searchBody } from '../nextcloud/search-query.ts';
import type { Query } from '../nextcloud/search-query.ts';
import { some } from '../nextcloud/resource.ts';
import type { Resource } from '../nextcloud/resource.ts';
import { taggedFiles } from '../nextcloud/tags.ts';
import { within } from '../path.ts';
import type { RemotePath } from '../path.ts';
import { toEntry } from './entry.ts';
import { nameFilter } from './glob.ts';
import { sortResources } from './list.ts';
import type { Page, SortBy } from './list.ts';
import { fitting, readCursor, writeCursor } from './page.ts';
import { missing } from './service.ts';
import type { Call, Service } from './service.ts';

export interface SearchOptions {
  readonly query: string;
  readonly folder: RemotePath;
  readonly type: 'all' | 'file' | 'directory';
  readonly mime?: string | undefined;
  readonly minSize?: number | undefined;
  readonly maxSize?: number | undefined;
  /** Milliseconds since 1970. */
  readonly after?: number | undefined;
  readonly before?: number | undefined;
  readonly favorite: boolean;
  readonly tag?: string | undefined;
  readonly sortBy: SortBy;
  readonly order: 'asc' | 'desc';
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface SearchPage extends Omit<Page, 'total'> {
  /** Hits in all, when they were all seen. */
  readonly total?: number;
}

/** Requests that one call may make to fill a page of hits that the server cannot filter by itself. */
const MAX_ROUNDS = 20;
const ROUND = 500;

/** Finds files by name and by what the server knows of them. */
export async function search(service: Service, options: SearchOptions, call: Call): Promise<SearchPage> {
  service.fence.allowListing(options.folder);
  const key = fingerprint(options);
  const from = options.cursor === undefined ? undefined : readCursor(options.cursor);
  if (from && from.of !== key)
    throw new AppError('invalid_input', 'The cursor belongs to another search', {
      hint: 'Repeat the search with the same parameters, or leave the cursor out.',
    });
  const names = nameFilter(options.query, options.folder);
  const keep = ({ path }: Resource): boolean =>
    within(path, options.folder) && service.fence.shows(path) && names.matches(path);
  if (options.tag !== undefined) return byTag(service, options, from?.offset ?? 0, key, keep, call);
  const exact = names.exact && !service.fence.hidesInside;
  const base: Omit<Query, 'limit' | 'offset'> = {
    folder: options.folder,
    names: names.likes,
    ...(options.type === 'all' ? {} : { type: options.type }),
    ...some('mime', options.mime),
    ...some('minSize', options.minSize),
    ...some('maxSize', options.maxSize),
    ...some('after', options.after),
    ...some('before', options.before),
    favorite: options.favorite,
    sortBy: options.sortBy,
    order: options.order,
  };
  // Two more than wanted: one to know that there is more, one for the folder itself, which the server counts.
  const limit = exact ? options.limit + 2 : Math.max(ROUND, options.limit + 2);
  const hits: { resource: Resource; at: number }[] = [];
  let offset = from?.offset ?? 0;
  let more = true;
  for (let round = 0; round < MAX_ROUNDS && more && hits.length <= options.limit; round++) {
    const { resources } = await page(service, { ...base, limit, offset }, call);
    for (const [index, resource] of resources.entries())
      if (keep(resource) && resource.path !== from?.last) hits.push({ resource, at: offset + index + 1 });
    more = resources.length >= limit - 1;
    offset += resources.length;
  }
  const shown = fitting(
    hits.map(({ resource }) => toEntry(resource)),
    options.limit,
    service.maxChars - 500,
  );
  const last = hits[shown.length - 1];
  const complete = !more && shown.length === hits.length;
  return {
    folder_path: options.folder,
    entries: shown,
    ...some('total', complete && !from ? shown.length : undefined),
    complete,
    ...some(
      'next_cursor',
      complete
        ? undefined
        : writeCursor({ offset: last?.at ?? offset, of: key, ...some('last', last?.resource.path) }),
    ),
  };
}

async function page(service: Service, query: Query, call: Call): Promise<Found> {
  const { account, memory } = service;
  const key = JSON.stringify(query);
  const kept = memory.search(key);
  if (kept) return kept;
  const asOf = memory.changes;
  try {
    const found = await ask(account, (userId) => searchBody(query, userId), call);
    memory.keepSearch(key, found, asOf);
    return found;
  } catch (error) {
    throw explain(error, query);
  }
}

function explain(error: unknown, { folder, mime }: Query): unknown {
  if (!isAppError(error)) return error;
  if (error.code === 'not_found') return missing(folder, error);
  if (error.status === 500 && /only supported on directories/i.test(error.message))
    return new AppError('invalid_input', `${folder} is not a folder to search in`, {
      hint: 'Pass a folder as folder_path.',
      cause: error,
    });
  if (error.status === 500 && mime !== undefined)
    return error.restate(
      error.message,
      'mime_type takes a full type such as application/pdf, or a family such as image/*.',
    );
  return error;
}

// Nextcloud cannot combine tags with the rest: all files with the tag are asked for and filtered here.
async function byTag(
  service: Service,
  options: SearchOptions,
  offset: number,
  key: string,
  keep: (resource: Resource) => boolean,
  call: Call,
): Promise<SearchPage> {
  const { resources } = await taggedFiles(service.account, options.tag ?? '', call);
  const { folder, type, mime, minSize = 0, maxSize = Infinity, after = 0, before = Infinity } = options;
  const family = mime?.endsWith('/*') ? mime.slice(0, -1) : undefined;
  const wanted = resources.filter((resource) => {
    const { path, size = 0, modified = 0 } = resource;
    const mimeFits =
      mime === undefined || (family ? (resource.mime?.startsWith(family) ?? false) : resource.mime === mime);
    const typeFits = type === 'all' || (type === 'directory') === resource.folder;
    return (
      within(path, folder) &&
      path !== folder &&
      typeFits &&
      mimeFits &&
      keep(resource) &&
      size >= minSize &&
      size <= maxSize &&
      modified >= after &&
      modified < before
    );
  });
  const sorted = sortResources(wanted, options.sortBy, options.order, false);
  const entries = fitting(sorted.slice(offset).map(toEntry), options.limit, service.maxChars - 500);
  const end = offset + entries.length;
  return {
    folder_path: folder,
    entries,
    total: sorted.length,
    complete: end >= sorted.length,
    ...some('next_cursor', end < sorted.length ? writeCursor({ offset: end, of: key }) : undefined),
    ...(options.favorite
      ? { notes: ['favorite was not applied: Nextcloud cannot combine it with a tag.'] }
      : {}),
  };
}

function fingerprint(options: SearchOptions): string {
  const text = JSON.stringify({ ...options, cursor: undefined, limit: undefined });
  return createHash('sha256').update(text).digest('base64url').slice(0, 12);
}
