import { filterInSlices, sortInSlices } from '../../time-slices.ts';
import { some } from '../../nextcloud/dav/resource.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import { findTaggedFiles } from '../../nextcloud/apps/tags.ts';
import { baseName } from '../../path.ts';
import type { RemotePath } from '../../path.ts';
import { mayLookAlike } from './name-filter.ts';
import { SearchFilter } from './search-filter.ts';
import type { SearchWish } from './search-filter.ts';
import { toRow } from '../entry/entry.ts';
import type { EntryRow } from '../entry/entry.ts';
import { collectSearchHits } from './search-pager.ts';
import { readCursor } from '../list/list.ts';
import type { ListPage, ListParts } from '../list/list.ts';
import { byValue } from '../entry/order.ts';
import type { Direction, SortBy } from '../entry/order.ts';
import { fitting, room } from '../entry/cursor.ts';
import type { CursorScope } from '../entry/cursor.ts';
import type { Cursor, CursorPlace } from '../entry/cursor-bytes.ts';
import type { Call } from '../context/call.ts';
import { isUnready, oddNameNotes, unreadyNotes } from '../context/left-out.ts';

export interface SearchOptions extends SearchWish {
  readonly sortBy: SortBy;
  readonly order: Direction;
  /** The most hits of one page; 0 counts only. */
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface SearchPage extends Omit<ListPage, 'total'> {
  /** The number of all hits, if all of them were seen. */
  readonly total?: number;
}

/** Hits to request at once if only some of them will be accepted. A hundred cost a tenth of a request. */
const ROUND = 2000;

/**
 * Finds files by name and by their properties. Where nothing has the name, what only looks like it is found: a name
 * may have another space, quote or dash than the one on a keyboard.
 */
export async function searchFiles(parts: ListParts, options: SearchOptions, call: Call): Promise<SearchPage> {
  const page = await searchPage(parts, options, false, call);
  const isFound = page.entries.length > 0 || (page.total ?? 0) > 0;
  if (isFound || options.cursor !== undefined || !mayLookAlike(options.query)) return page;
  const { next_cursor: next, notes = [], ...alike } = await searchPage(parts, options, true, call);
  if (alike.entries.length === 0 && (alike.total ?? 0) === 0) return page;
  return {
    ...alike,
    complete: alike.complete && next === undefined,
    notes: ['These names only look like the query: they have other spaces, quotes or dashes.', ...notes],
  };
}

async function searchPage(
  parts: ListParts,
  options: SearchOptions,
  byLook: boolean,
  call: Call,
): Promise<SearchPage> {
  const { policy } = parts;
  policy.assertListable(options.folder);
  const query = ['search', { ...options, cursor: undefined, limit: undefined }];
  const scope = { folder: options.folder, query };
  const from = readCursor(parts, options, scope);
  const filter = new SearchFilter(
    options.owner === 'me' ? { ...options, owner: await parts.account.confirm(call.signal) } : options,
    byLook,
  );
  if (options.tag !== undefined) return searchByTag(parts, options, { filter, scope, from }, call);
  const { sortBy, order, limit } = options;
  const searchRoot = policy.narrow(options.folder);
  const unchecked = filter.unchecked;
  const exact = unchecked.length === 0 && policy.isWhollyVisible(searchRoot);
  const { hits, first, returned, next, changed, stuck, odd } = await collectSearchHits(
    parts,
    { ...filter.conditions, folder: searchRoot, sortBy, order },
    {
      from,
      // To count them, all are asked for, as far as one call goes.
      count: limit === 0 ? Infinity : limit,
      round: exact && limit > 0 ? 0 : ROUND,
      accepts: (resource) => isHit(parts, options, resource) && filter.accepts(resource),
    },
    call,
  );
  const entries = toPage(
    parts,
    options.folder,
    hits.map(({ resource }) => resource),
    limit,
  );
  const leftOut = [
    ...unreadyNotes(knownUnready(parts, options.folder)),
    ...oddNameNotes(odd.filter(({ folder }) => policy.isWhollyVisible(folder))),
  ];
  const last = hits[entries.length - 1];
  const isPart = limit > 0 && entries.length < hits.length;
  const offset = isPart ? (last?.at ?? 0) : next;
  // A count that includes hidden files is not shown.
  const [hitsSeen, candidates] = policy.isWhollyVisible(searchRoot)
    ? [`first ${returned} hits`, `in ${returned} candidates`]
    : ['first hits', 'one by one'];
  const notes = [
    ...(changed ? [changedSince] : []),
    ...leftOut,
    ...(limit === 0 && offset !== undefined ? [`At least ${hits.length} were counted, not all.`] : []),
    ...(stuck ? [`The server hands out no more than the ${hitsSeen}. Narrow the search.`] : []),
    ...(unchecked.length > 0
      ? [`Nextcloud cannot search for ${unchecked.join(' and ')}: this was checked here, ${candidates}.`]
      : []),
  ];
  return {
    folder_path: options.folder,
    entries,
    ...some('total', offset === undefined && !stuck && !from ? hits.length : undefined),
    complete: offset === undefined && !stuck && leftOut.length === 0,
    ...some(
      'next_cursor',
      offset === undefined || limit === 0
        ? undefined
        : parts.cursors.write({ offset, mark: first, last: last && placeOf(last.resource) }, scope),
    ),
    ...(notes.length > 0 ? { notes } : {}),
  };
}

/** What the policy hides is not a hit, and a condition on the size of a folder must not reveal hidden contents. */
function isHit({ policy }: ListParts, wanted: SearchOptions, { path, folder }: Resource): boolean {
  const bySize = wanted.sortBy === 'size' || wanted.minSize !== undefined || wanted.maxSize !== undefined;
  return policy.isVisible(path) && !(folder && bySize && !policy.isWhollyVisible(path));
}

/** Storages in the folder that a listing has shown to be missing from every search. */
function knownUnready({ metadata, policy }: ListParts, folder: RemotePath): Resource[] {
  const level = metadata.level(folder);
  const known = level ? [level.self, ...level.children] : [];
  return known.filter((each) => isUnready(each) && policy.isVisible(each.path));
}

const changedSince =
  'The hits have changed since the previous page: one may be missing or shown again. Start again without a cursor to be sure.';

interface SearchStart {
  readonly filter: SearchFilter;
  readonly scope: CursorScope;
  readonly from: Cursor | undefined;
}

// Nextcloud combines tags only with favorites, so all files with the tag are requested and filtered here.
async function searchByTag(
  parts: ListParts,
  options: SearchOptions,
  { filter, scope, from }: SearchStart,
  call: Call,
): Promise<SearchPage> {
  const { folder, tag = '', favorite, sortBy, order, limit } = options;
  const { resources } = await findTaggedFiles(parts.account, tag, favorite, call);
  const wanted = await filterInSlices(
    resources,
    (resource) => isHit(parts, options, resource) && filter.acceptsAll(resource),
    call.signal,
  );
  const sorted = await sortInSlices(wanted, comparison(sortBy, order), call.signal);
  const place = from ? sorted.findIndex(({ path }) => path === from.last?.path) : -1;
  const start = place === -1 ? (from?.offset ?? 0) : place + 1;
  const entries = toPage(parts, folder, sorted.slice(start), limit);
  const end = start + entries.length;
  const last = sorted[end - 1];
  return {
    folder_path: folder,
    entries,
    total: sorted.length,
    complete: limit === 0 || end >= sorted.length,
    ...some(
      'next_cursor',
      limit > 0 && end < sorted.length && last
        ? parts.cursors.write({ offset: end, last: placeOf(last) }, scope)
        : undefined,
    ),
    ...(from && start !== from.offset ? { notes: [changedSince] } : {}),
  };
}

// The order of the server: names by their bytes.
function comparison(by: SortBy, order: Direction): (a: Resource, b: Resource) => number {
  const sign = order === 'asc' ? 1 : -1;
  const text = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
  const tie = (a: Resource, b: Resource): number =>
    text(baseName(a.path), baseName(b.path)) || text(a.path, b.path);
  if (by === 'name') return (a, b) => sign * tie(a, b);
  return (a, b) => byValue(a[by], b[by], sign) || tie(a, b);
}

function toPage(parts: ListParts, folder: string, resources: readonly Resource[], limit: number): EntryRow[] {
  const redacted = resources.slice(0, limit + 1).map((resource) => parts.policy.redact(resource));
  return fitting(redacted.map(toRow), limit, room(parts.maxChars, folder));
}

// The server keeps the order, so the path is enough to find the place.
function placeOf({ path, folder }: Resource): CursorPlace {
  return { path, folder };
}
