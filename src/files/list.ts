import { AppError, isAppError } from '../errors.ts';
import { propfind } from '../nextcloud/dav.ts';
import type { Found } from '../nextcloud/dav.ts';
import { some } from '../nextcloud/resource.ts';
import type { Resource } from '../nextcloud/resource.ts';
import { baseName } from '../path.ts';
import type { RemotePath } from '../path.ts';
import { sortKey } from './collation.ts';
import { toEntry } from './entry.ts';
import type { Entry } from './entry.ts';
import { fitting, readCursor, writeCursor } from './page.ts';
import { missing, notAFolder } from './service.ts';
import type { Call, Service } from './service.ts';

export interface ListOptions {
  readonly depth: 1 | 2 | 3 | 4 | 5;
  readonly type: 'all' | 'file' | 'directory';
  readonly sortBy: SortBy;
  readonly order: 'asc' | 'desc';
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export type SortBy = 'name' | 'modified' | 'size';

export interface Page {
  readonly folder_path: string;
  readonly entries: Entry[];
  readonly total: number;
  readonly complete: boolean;
  readonly next_cursor?: string;
  /** What the reader should know about the answer. */
  readonly notes?: string[];
}

/** A folder's contents, one page at a time. */
export async function list(
  service: Service,
  folder: RemotePath,
  options: ListOptions,
  call: Call,
): Promise<Page> {
  service.fence.allowListing(folder);
  const { resources, unnamed } = await contents(service, folder, options.depth, call);
  const [self, ...below] = resources;
  if (!self?.folder) throw notAFolder(folder);
  const wanted = below.filter(
    ({ path, folder: isFolder }) =>
      (options.type === 'all' || (options.type === 'directory') === isFolder) && service.fence.shows(path),
  );
  const sorted = sortResources(wanted, options.sortBy, options.order, options.depth > 1);
  const from = options.cursor === undefined ? undefined : readCursor(options.cursor);
  const offset = from?.offset ?? 0;
  const entries = fitting(
    sorted.slice(offset, offset + options.limit).map(toEntry),
    options.limit,
    service.maxChars - 500,
  );
  const end = offset + entries.length;
  const notes = [
    ...(from && from.of !== self.etag
      ? ['The folder has changed since the first page. Start again without a cursor to see it whole.']
      : []),
    ...(unnamed > 0
      ? [`${unnamed} entries are left out: their names hold control characters or a backslash.`]
      : []),
  ];
  return {
    folder_path: folder,
    entries,
    total: sorted.length,
    complete: end >= sorted.length,
    ...some(
      'next_cursor',
      end < sorted.length ? writeCursor({ offset: end, of: self.etag ?? '' }) : undefined,
    ),
    ...(notes.length > 0 ? { notes } : {}),
  };
}

/** What is in a folder: from memory within seconds, from memory when its etag is unchanged, else asked. */
async function contents(
  service: Service,
  folder: RemotePath,
  depth: ListOptions['depth'],
  call: Call,
): Promise<Found> {
  const { account, memory } = service;
  const kept = memory.listing(folder, depth);
  if (kept && memory.isFresh(kept)) return kept.found;
  const asOf = memory.changes;
  try {
    if (kept) {
      const { resources } = await propfind(account, folder, 0, call);
      if (resources[0]?.etag !== undefined && resources[0].etag === kept.found.resources[0]?.etag) {
        kept.provedAt = memory.now();
        return kept.found;
      }
    }
    const found = await propfind(account, folder, depth, call);
    memory.keepListing(folder, depth, found, asOf);
    return found;
  } catch (error) {
    if (isAppError(error, 'not_found')) throw missing(folder, error);
    throw error;
  }
}

interface Keyed {
  readonly resource: Resource;
  readonly key: string;
}

/** Folders first when by name; a tree stays a tree, each folder before what is in it. */
export function sortResources(
  resources: readonly Resource[],
  by: SortBy,
  order: 'asc' | 'desc',
  tree: boolean,
): Resource[] {
  const sign = order === 'asc' ? 1 : -1;
  const keyed = resources.map((resource): Keyed => {
    const { path } = resource;
    return { resource, key: sortKey(tree ? path : baseName(path)) };
  });
  const tie = (a: Keyed, b: Keyed): number =>
    a.key === b.key ? (a.resource.path < b.resource.path ? -1 : 1) : a.key < b.key ? -1 : 1;
  const number = by === 'name' ? undefined : by;
  keyed.sort((a, b) => {
    if (number) return sign * ((a.resource[number] ?? 0) - (b.resource[number] ?? 0)) || tie(a, b);
    const kind = tree ? 0 : Number(b.resource.folder) - Number(a.resource.folder);
    return kind || sign * tie(a, b);
  });
  return keyed.map(({ resource }) => resource);
}

export function asDepth(value: number): ListOptions['depth'] {
  if (value === 1 || value === 2 || value === 3 || value === 4 || value === 5) return value;
  throw new AppError('invalid_input', 'depth must be a whole number from 1 to 5');
}
