import { isAppError } from '../../errors.ts';
import type { Share } from '../../nextcloud/apps/shares.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import { runParallel } from '../../parallel.ts';
import { parsePath } from '../../path.ts';
import type { RemotePath } from '../../path.ts';
import { mapInSlices } from '../../time-slices.ts';
import { folderStats } from '../change/folder-stats.ts';
import type { Call } from '../context/call.ts';
import { stat } from '../context/stat.ts';
import type { PolicyParts } from '../context/stat.ts';

const FOLDERS_AT_ONCE = 4;

/** The path of what is shared; undefined where it is hidden, or is no path. */
export function sharedPath({ policy }: PolicyParts, share: Share): RemotePath | undefined {
  try {
    const path = parsePath(share.path);
    return policy.isAllowed(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whoever has a share of a folder sees everything in it.
 *
 * @throws AppError `forbidden` when something in the folder is hidden
 */
export async function assertWhollyVisible(
  parts: PolicyParts,
  { path, folder }: Resource,
  call: Call,
): Promise<void> {
  if (folder && parts.policy.hidesInside) await folderStats(parts, path, call);
}

/** The shares that could also be created: of what is visible, with everything in it. */
export async function visibleShares(
  parts: PolicyParts,
  shares: readonly Share[],
  call: Call,
): Promise<Share[]> {
  const paths = new Map(
    await mapInSlices(
      shares,
      (share): [Share, RemotePath | undefined] => [share, sharedPath(parts, share)],
      call.signal,
    ),
  );
  const visible = new Set([...paths.values()].filter((path) => path !== undefined));
  if (parts.policy.hidesInside)
    await runParallel([...visible], FOLDERS_AT_ONCE, call.signal, async (path, signal) => {
      if (!(await isWhollyVisible(parts, path, { signal }))) visible.delete(path);
    });
  return shares.filter((share) => {
    const path = paths.get(share);
    return path !== undefined && visible.has(path);
  });
}

async function isWhollyVisible(parts: PolicyParts, path: RemotePath, call: Call): Promise<boolean> {
  try {
    await assertWhollyVisible(parts, await stat(parts, path, call), call);
    return true;
  } catch (error) {
    if (isAppError(error, 'forbidden', 'not_found')) return false;
    throw error;
  }
}
