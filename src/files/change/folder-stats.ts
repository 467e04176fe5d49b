import { AppError } from '../../errors.ts';
import { surveyProperties } from '../../nextcloud/dav/resource.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import { formatBytes } from '../../text/byte-size.ts';
import { iso } from '../entry/entry.ts';
import type { RemotePath } from '../../path.ts';
import { someInSlices } from '../../time-slices.ts';
import type { Account } from '../../nextcloud/account.ts';
import type { AccessPolicy } from '../context/access-policy.ts';
import type { Call } from '../context/call.ts';
import { mountedInside } from './mounted.ts';
import type { Mounted } from './mounted.ts';
import { missing } from '../context/stat.ts';
import { wholeFolder } from '../context/whole-folder.ts';

export interface FolderStatsParts {
  readonly account: Account;
  readonly policy: AccessPolicy;
}

/** What is in a folder that is to be taken as a whole. */
export interface FolderStats {
  /** The folder itself, as it was at the same moment. */
  readonly folder: Resource;
  readonly files: number;
  readonly folders: number;
  readonly bytes: number;
  readonly newest: Resource | undefined;
  readonly sharedWith: readonly string[];
  readonly paths: readonly RemotePath[];
  /** The same, with their properties. */
  readonly inside: readonly Resource[];
  /** Entries that no path can name. */
  readonly odd: number;
  /** Shares of other people and external storages in it. */
  readonly mounted: readonly (Mounted & { readonly path: RemotePath })[];
  /** Folders whose contents are not known. */
  readonly unknown: readonly Resource[];
}

/**
 * Counts what is below a folder, in one request.
 *
 * @throws AppError `forbidden` when something there is out of bounds
 */
export async function folderStats(
  parts: FolderStatsParts,
  path: Resource['path'],
  call: Call,
): Promise<FolderStats> {
  const { resources, odd } = await wholeFolder(parts.account, path, surveyProperties, call);
  const [folder, ...below] = resources;
  if (!folder) throw missing(path);
  const { policy } = parts;
  const isHidden = ({ path: each }: Resource): boolean => !policy.isVisible(each);
  // Whether an entry without a path is hidden cannot be told.
  if (
    (await someInSlices(below, isHidden, call.signal)) ||
    odd.some(({ folder: at }) => !policy.isWhollyVisible(at))
  )
    throw new AppError('forbidden', `${path} holds something that is out of bounds, so it is left as it is`, {
      hint: 'Name the single files instead.',
    });
  const files = below.filter((resource) => !resource.folder);
  const newest = files.reduce<Resource | undefined>(
    (last, each) => ((each.modified ?? 0) > (last?.modified ?? -1) ? each : last),
    undefined,
  );
  const names = resources.flatMap(({ detail }) => [
    ...(detail?.sharees ?? []),
    ...(detail?.shareTypes?.includes(3) ? ['whoever has the public link'] : []),
  ]);
  return {
    folder,
    files: files.length,
    folders: below.length - files.length,
    bytes: files.reduce((sum, { size = 0 }) => sum + size, 0),
    newest,
    sharedWith: [...new Set(names)],
    paths: below.map((resource) => resource.path),
    inside: below,
    odd: odd.length,
    mounted: below.flatMap((resource) => {
      const found = mountedInside(resource);
      return found ? [{ ...found, path: resource.path }] : [];
    }),
    unknown: resources.filter(({ pending }) => pending !== undefined),
  };
}

/** `12 files and 3 folders, 4.5 MB, newest change 2026-01-02 in /a/b.txt, shared with Bob`. */
export function folderStatsText(stats: FolderStats): string {
  const { files, folders, bytes, newest, sharedWith, odd, unknown, mounted } = stats;
  const amount = (count: number, one: string, more = `${one}s`): string =>
    `${count} ${count === 1 ? one : more}`;
  const what = [amount(files, 'file'), ...(folders > 0 ? [amount(folders, 'folder')] : [])].join(' and ');
  return [
    what,
    formatBytes(bytes),
    ...(odd > 0 ? [`with ${amount(odd, 'entry', 'entries')} whose names cannot be shown`] : []),
    ...mounted
      .slice(0, 5)
      .map(({ path, owner, kind }) =>
        kind === 'received'
          ? `with ${path}, which ${owner} shares with you: you leave that share, and restoring the folder does not bring it back`
          : `with the external storage ${path}, whose connection is not restored`,
      ),
    ...(unknown.length > 0
      ? [
          `not counted: what is in ${unknown
            .slice(0, 5)
            .map(({ path }) => path)
            .join(', ')}`,
        ]
      : []),
    ...(newest
      ? [`newest change ${iso(newest.modified)?.slice(0, 16).replace('T', ' ') ?? ''} in ${newest.path}`]
      : []),
    ...(sharedWith.length > 0 ? [`shared with ${sharedWith.slice(0, 10).join(', ')}`] : []),
  ].join(', ');
}
