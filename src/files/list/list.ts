import { AppError } from '../../errors.ts';
import { some } from '../../nextcloud/dav/resource.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import type { RemotePath } from '../../path.ts';
import { mapInSlices, nextSlice, sliceIsOver } from '../../time-slices.ts';
import { loadLevels } from './load-levels.ts';
import { toRow } from '../entry/entry.ts';
import type { EntryRow } from '../entry/entry.ts';
import { comparison, sortByValue } from '../entry/order.ts';
import type { Direction, SortBy } from '../entry/order.ts';
import { fitting, room } from '../entry/cursor.ts';
import type { Cursors, CursorScope } from '../entry/cursor.ts';
import { cursorMark } from '../entry/cursor-bytes.ts';
import type { Cursor, CursorPlace } from '../entry/cursor-bytes.ts';
import type { Levels } from '../cache/folder-tree.ts';
import type { AccessPolicy } from '../context/access-policy.ts';
import type { Call } from '../context/call.ts';
import { isUnready, notReady, oddNameNotes, unreadyNotes } from '../context/left-out.ts';
import { notAFolder } from '../context/stat.ts';
import type { PolicyParts } from '../context/stat.ts';
import { visibleEntries } from './view.ts';
import type { Cut, Scope } from './view.ts';

/** What a page of entries takes. */
export interface ListParts extends PolicyParts {
  /** The most characters of one result. */
  readonly maxChars: number;
  readonly cursors: Cursors;
}

export interface ListOptions {
  readonly depth: 1 | 2 | 3 | 4 | 5;
  readonly type: 'all' | 'file' | 'directory';
  readonly sortBy: SortBy;
  readonly order: Direction;
  /** The most entries of one page; 0 counts only. */
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface ListPage {
  readonly folder_path: string;
  readonly entries: EntryRow[];
  readonly total: number;
  readonly complete: boolean;
  readonly next_cursor?: string;
  /** What the reader should know about the result. */
  readonly notes?: string[];
}

/** A folder's contents, one page at a time. */
export async function listFolder(
  parts: ListParts,
  folder: RemotePath,
  options: ListOptions,
  call: Call,
): Promise<ListPage> {
  const { policy } = parts;
  const { signal } = call;
  policy.assertListable(folder);
  const { depth, type, sortBy, order, limit } = options;
  const scope = { folder, query: ['list', depth, type, sortBy, order] };
  const from = readCursor(parts, options, scope);
  const levels = await loadLevels(parts, folder, depth, call);
  const top = levels.get(folder);
  if (!top) throw notAFolder(folder);
  if (top.self.pending === 'offline') throw notReady(top.self);
  const showsAll = type === 'all' && policy.isWhollyVisible(folder);
  const view: Scope = {
    depth,
    direction: sortBy === 'name' ? order : 'asc',
    width: sortBy === 'name' && limit > 0 ? Math.max(10, Math.floor(limit / 5)) : Infinity,
    accepts: showsAll
      ? undefined
      : ({ path, folder: isFolder }) =>
          (type === 'all' || (type === 'directory') === isFolder) && policy.isVisible(path),
  };
  const { shown, total, cuts } = await visibleEntries(levels, folder, view, signal);
  const redacted = policy.isWhollyVisible(folder)
    ? shown
    : await mapInSlices(shown, (resource) => policy.redact(resource), signal);
  const sorted = sortBy === 'name' ? redacted : await sortByValue(redacted, sortBy, order, signal);
  const start = from ? await placeAfter(sorted, from, options, signal) : 0;
  const mark = cursorMark(top.self.etag ?? '');
  const rows = sorted.slice(start, start + limit).map(toRow);
  const entries = fitting(rows, limit, room(parts.maxChars, folder));
  const end = start + entries.length;
  const last = sorted[end - 1];
  const leftOut = leftOutNotes(policy, levels, [top.self, ...shown]);
  const notes = [
    ...(from && from.mark !== mark ? [changed] : []),
    ...leftOut,
    ...cutNotes(sorted.slice(start, end).flatMap(({ path }) => cuts.get(path) ?? [])),
  ];
  return {
    folder_path: folder,
    entries,
    total,
    complete: (limit === 0 || end >= sorted.length) && cuts.size === 0 && leftOut.length === 0,
    ...some(
      'next_cursor',
      limit > 0 && end < sorted.length && last
        ? parts.cursors.write({ offset: end, mark, last: placeOf(last, sortBy) }, scope)
        : undefined,
    ),
    ...(notes.length > 0 ? { notes } : {}),
  };
}

const changed =
  'The folder has changed since the previous page. This page continues after its last entry; new entries before that are not shown.';

/** The cursor that a page begins with. @throws AppError `invalid_input` */
export function readCursor(
  { cursors }: Pick<ListParts, 'cursors'>,
  { cursor }: { readonly cursor?: string | undefined },
  scope: CursorScope,
): Cursor | undefined {
  return cursor === undefined ? undefined : cursors.read(cursor, scope);
}

/** What no listing shows. A name that the policy could not be compared with is not told. */
function leftOutNotes(policy: AccessPolicy, levels: Levels, resources: readonly Resource[]): string[] {
  const odd = [...levels]
    .filter(([path]) => policy.isWhollyVisible(path))
    .flatMap(([path, level]) => level.odd.map((name) => ({ folder: path, name })));
  return [...unreadyNotes(resources.filter((resource) => isUnready(resource))), ...oddNameNotes(odd)];
}

function placeOf(resource: Resource, sortBy: SortBy): CursorPlace {
  const { path, folder } = resource;
  return { path, folder, value: sortBy === 'name' ? undefined : resource[sortBy] };
}

/** The index at which a page begins: after the last entry of the previous page, whether or not that entry still exists. */
async function placeAfter(
  sorted: readonly Resource[],
  { offset, last }: Cursor,
  { sortBy, order }: Pick<ListOptions, 'sortBy' | 'order'>,
  signal: AbortSignal | undefined,
): Promise<number> {
  if (last === undefined || sorted[offset - 1]?.path === last.path) return offset;
  const compare = comparison(sortBy, order);
  const { path, folder, value } = last;
  const end = { path, folder, ...(sortBy === 'name' ? {} : some(sortBy, value)) };
  for (const [place, resource] of sorted.entries()) {
    if (compare(resource, end) > 0) return place;
    if (sliceIsOver()) await nextSlice(signal);
  }
  return sorted.length;
}

function cutNotes(cuts: readonly Cut[]): string[] {
  const most = cuts
    .slice(0, 20)
    .map(({ folder, hidden }) => `${hidden} more in ${folder}: list it by itself.`);
  return cuts.length > 20 ? [...most, `${cuts.length - 20} more folders are cut like these.`] : most;
}

export function asDepth(value: number): ListOptions['depth'] {
  if (value === 1 || value === 2 || value === 3 || value === 4 || value === 5) return value;
  throw new AppError('invalid_input', 'depth must be a whole number from 1 to 5');
}
