import { AppError, isAppError } from '../../errors.ts';
import { propfind } from '../../nextcloud/dav/propfind.ts';
import { surveyProperties } from '../../nextcloud/dav/resource.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import { formatBytes } from '../../byte-size.ts';
import { iso } from '../entry/entry.ts';
import type { RemotePath } from '../../path.ts';
import type { Account } from '../../nextcloud/account.ts';
import type { AccessPolicy } from '../context/access-policy.ts';
import type { Call } from '../context/call.ts';
import { missing } from '../context/stat.ts';

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
  const resources = await everything(parts, path, call);
  const [folder, ...below] = resources;
  if (!folder) throw missing(path);
  if (below.some((resource) => !parts.policy.isVisible(resource.path)))
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
  };
}

const ROUNDS = 20;

/**
 * Nextcloud 29 leaves a copied folder uncounted (size -1) and without its files in every deep listing,
 * until the folder itself is listed (observed). What is not seen could not be kept out of a deletion.
 */
async function everything(
  parts: FolderStatsParts,
  path: Resource['path'],
  call: Call,
): Promise<readonly Resource[]> {
  const { account } = parts;
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const { resources } = await propfind(account, path, 'infinity', {
        ...call,
        properties: surveyProperties,
      });
      const uncounted = resources.filter(({ folder, size = 0 }) => folder && size < 0);
      if (uncounted.length === 0) return resources;
      for (const each of uncounted.toReversed()) await propfind(account, each.path, 1, call);
    }
  } catch (error) {
    throw isAppError(error, 'not_found') ? missing(path, error) : error;
  }
  throw new AppError('conflict', `Nextcloud has not counted yet what is in ${path}`, {
    hint: 'Try again in a minute.',
  });
}

/** `12 files and 3 folders, 4.5 MB, newest change 2026-01-02 in /a/b.txt, shared with Bob`. */
export function folderStatsText({ files, folders, bytes, newest, sharedWith }: FolderStats): string {
  const amount = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;
  const what = [amount(files, 'file'), ...(folders > 0 ? [amount(folders, 'folder')] : [])].join(' and ');
  return [
    what,
    formatBytes(bytes),
    ...(newest
      ? [`newest change ${iso(newest.modified)?.slice(0, 16).replace('T', ' ') ?? ''} in ${newest.path}`]
      : []),
    ...(sharedWith.length > 0 ? [`shared with ${sharedWith.slice(0, 10).join(', ')}`] : []),
  ].join(', ');
}
