import { filterInSlices } from '../../time-slices.ts';
import { isAppError } from '../../errors.ts';
import { propfind } from '../../nextcloud/dav/propfind.ts';
import { davSearch } from '../../nextcloud/dav/search.ts';
import { listingProperties } from '../../nextcloud/dav/resource.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import { searchBody } from '../../nextcloud/dav/search-query.ts';
import { within } from '../../path.ts';
import type { RemotePath } from '../../path.ts';
import type { Call } from '../context/call.ts';
import { oddNameNotes, unreadyNotes } from '../context/left-out.ts';
import type { PolicyParts } from '../context/stat.ts';
import { nameFilter } from '../search/name-filter.ts';

/** The files of one call. */
export const MAX_FILES = 1000;

export interface Where {
  /** A folder, or a file. */
  readonly folder: RemotePath;
  /** The names of the files to search, as a part of a name or a glob; empty for all. */
  readonly fileGlob: string;
}

export interface Candidates {
  /** The newest first. */
  readonly files: readonly Resource[];
  /** The server has more files than were asked for. */
  readonly hasMore: boolean;
  /** What no search tells of, in sentences. */
  readonly leftOut: readonly string[];
}

/** The files to search: the newest ones of a folder that the name filter accepts, or one file. */
export async function findCandidates(
  parts: PolicyParts,
  where: Where,
  skip: number,
  call: Call,
): Promise<Candidates> {
  const [found, listed] = await Promise.allSettled([
    findFiles(parts, where, skip, call),
    propfind(parts.account, where.folder, 1, { ...call, properties: listingProperties }),
  ]);
  const resources = listed.status === 'fulfilled' ? listed.value.resources : [];
  const self = resources.find(({ path }) => path === where.folder);
  if (self && !self.folder) {
    parts.policy.assertReadable(self.path);
    return { files: [self], hasMore: false, leftOut: [] };
  }
  // Where only the listing fails, the search tells what is wrong with the folder.
  if (listed.status === 'rejected' && (!isAppError(listed.reason) || listed.reason.code === 'cancelled'))
    throw listed.reason;
  if (found.status === 'rejected') throw found.reason;
  const { policy } = parts;
  const unready = resources.filter(({ path, pending }) => pending !== undefined && policy.isVisible(path));
  return { ...found.value, leftOut: [...unreadyNotes(unready), ...found.value.leftOut] };
}

async function findFiles(
  { account, policy }: PolicyParts,
  { folder, fileGlob }: Where,
  skip: number,
  call: Call,
): Promise<Candidates> {
  const names = nameFilter(fileGlob, folder);
  const limit = skip + MAX_FILES;
  const query = {
    folder,
    names: names.likes,
    type: 'file',
    sortBy: 'modified',
    order: 'desc',
    limit: limit + 2,
    offset: 0,
  } as const;
  const { resources, odd } = await davSearch(account, (userId) => searchBody(query, userId), call);
  const files = await filterInSlices(
    resources,
    ({ path }) => within(path, folder) && names.matches(path) && policy.isVisible(path),
    call.signal,
  );
  return {
    files: files.slice(0, limit),
    hasMore: resources.length > limit,
    leftOut: oddNameNotes(odd.filter((entry) => policy.isWhollyVisible(entry.folder))),
  };
}
