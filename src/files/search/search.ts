import { createHash } from 'node:crypto';
import { some } from '../../nextcloud/dav/resource.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import { findTaggedFiles } from '../../nextcloud/apps/tags.ts';
import { baseName } from '../../path.ts';
import { SearchFilter } from './search-filter.ts';
import type { SearchWish } from './search-filter.ts';
import { toRow } from '../entry/entry.ts';
import type { EntryRow } from '../entry/entry.ts';
import { collectSearchHits } from './search-pager.ts';
import { placeOf } from '../list/list.ts';
import type { ListPage, ListParts } from '../list/list.ts';
import type { Direction, SortBy } from '../entry/order.ts';
import { fitting, readCursor, room, writeCursor } from '../entry/cursor.ts';
import type { Cursor } from '../entry/cursor.ts';
import type { Call } from '../context/call.ts';

export interface SearchOptions extends SearchWish {
  readonly sortBy: SortBy;
  readonly order: Direction;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface SearchPage extends Omit<ListPage, 'total'> {
  /** Hits in all, when they were all seen. */
  readonly total?: number;
}

/** Hits asked for at once where only some of them will do: they cost a tenth of a request each hundred. */
const ROUND = 2000;

/** Finds files by name and by what the server knows of them. */
export async function searchFiles(parts: ListParts, options: SearchOptions, call: Call): Promise<SearchPage> {
  const { policy } = parts;
  policy.assertListable(options.folder);
  const key = fingerprint(options);
  const from = options.cursor === undefined ? undefined : readCursor(options.cursor, key);
  const filter = new SearchFilter(
    options.owner === 'me' ? { ...options, owner: await parts.account.confirm(call.signal) } : options,
  );
  if (options.tag !== undefined) return searchByTag(parts, options, { filter, key, from }, call);
  const { sortBy, order, limit } = options;
  const scope = policy.narrow(options.folder);
  const unchecked = filter.unchecked;
  const exact = unchecked.length === 0 && policy.isWhollyVisible(scope);
  const { hits, first, looked, next, changed, stuck } = await collectSearchHits(
    parts,
    { ...filter.conditions, folder: scope, sortBy, order },
    {
      from,
      count: limit,
      round: exact ? 0 : ROUND,
      accepts: (resource) => tells(parts, options, resource) && filter.accepts(resource),
    },
    call,
  );
  const entries = fit(
    parts,
    options.folder,
    hits.map(({ resource }) => resource),
    limit,
  );
  const last = hits[entries.length - 1];
  const offset = entries.length < hits.length ? (last?.at ?? 0) : next;
  // How many there were with those that are out of bounds is not told.
  const [hitsSeen, candidates] = policy.isWhollyVisible(scope)
    ? [`first ${looked} hits`, `in ${looked} candidates`]
    : ['first hits', 'one by one'];
  const notes = [
    ...(changed ? [changedSince] : []),
    ...(stuck ? [`The server hands out no more than the ${hitsSeen}. Narrow the search.`] : []),
    ...(unchecked.length > 0
      ? [`Nextcloud cannot search for ${unchecked.join(' and ')}: that was checked here, ${candidates}.`]
      : []),
  ];
  return {
    folder_path: options.folder,
    entries,
    ...some('total', offset === undefined && !stuck && !from ? entries.length : undefined),
    complete: offset === undefined && !stuck,
    ...some(
      'next_cursor',
      offset === undefined
        ? undefined
        : writeCursor({
            offset,
            of: key,
            ...some('first', first),
            ...some('last', last && placeOf(last.resource)),
          }),
    ),
    ...(notes.length > 0 ? { notes } : {}),
  };
}

/** What is out of bounds is no hit, nor does a folder's size tell of it by being a condition. */
function tells({ policy }: ListParts, wanted: SearchOptions, { path, folder }: Resource): boolean {
  const bySize = wanted.sortBy === 'size' || wanted.minSize !== undefined || wanted.maxSize !== undefined;
  return policy.isVisible(path) && !(folder && bySize && !policy.isWhollyVisible(path));
}

const changedSince =
  'The hits have changed since the page before: one may be missing or shown again. Start anew without a cursor to be sure.';

interface SearchStart {
  readonly filter: SearchFilter;
  /** What a cursor of this search belongs to. */
  readonly key: string;
  readonly from: Cursor | undefined;
}

// Nextcloud combines tags with nothing but favorites: all with the tag are asked for and filtered here.
async function searchByTag(
  parts: ListParts,
  options: SearchOptions,
  { filter, key, from }: SearchStart,
  call: Call,
): Promise<SearchPage> {
  const { folder, tag = '', favorite, sortBy, order, limit } = options;
  const { resources } = await findTaggedFiles(parts.account, tag, favorite, call);
  const wanted = resources.filter(
    (resource) => tells(parts, options, resource) && filter.acceptsAll(resource),
  );
  const sorted = wanted.toSorted(comparison(sortBy, order));
  const place = from ? sorted.findIndex(({ path }) => path === from.last?.path) : -1;
  const start = place === -1 ? (from?.offset ?? 0) : place + 1;
  const entries = fit(parts, folder, sorted.slice(start), limit);
  const end = start + entries.length;
  const last = sorted[end - 1];
  return {
    folder_path: folder,
    entries,
    total: sorted.length,
    complete: end >= sorted.length,
    ...some(
      'next_cursor',
      end < sorted.length && last ? writeCursor({ offset: end, of: key, last: placeOf(last) }) : undefined,
    ),
    ...(from && start !== from.offset ? { notes: [changedSince] } : {}),
  };
}

// As the server orders hits: names by their bytes.
function comparison(by: SortBy, order: Direction): (a: Resource, b: Resource) => number {
  const sign = order === 'asc' ? 1 : -1;
  const text = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
  const tie = (a: Resource, b: Resource): number =>
    text(baseName(a.path), baseName(b.path)) || text(a.path, b.path);
  if (by === 'name') return (a, b) => sign * tie(a, b);
  return (a, b) => sign * ((a[by] ?? 0) - (b[by] ?? 0)) || tie(a, b);
}

function fit(parts: ListParts, folder: string, resources: readonly Resource[], limit: number): EntryRow[] {
  const told = resources.slice(0, limit + 1).map((resource) => parts.policy.redact(resource));
  return fitting(told.map(toRow), limit, room(parts.maxChars, folder));
}

function fingerprint(options: SearchOptions): string {
  const text = JSON.stringify({ ...options, cursor: undefined, limit: undefined });
  return createHash('sha256').update(text).digest('base64url').slice(0, 12);
}
