import { isAppError } from '../../errors.ts';
import { propfind } from '../../nextcloud/dav/propfind.ts';
import { listingProperties } from '../../nextcloud/dav/resource.ts';
import { parentOf, ROOT } from '../../path.ts';
import type { RemotePath } from '../../path.ts';
import type { Call } from './call.ts';
import { notReady } from './left-out.ts';
import { statIfThere } from './stat.ts';
import type { PolicyParts, StatParts } from './stat.ts';

/**
 * Nextcloud answers a request for the root of a storage that it cannot reach as if it were not there, and makes what
 * is stored at its path in the home folder, where the storage hides it later (observed on 29 and 34). Only the
 * listing of the folder above tells.
 *
 * @throws AppError `unavailable` when the path is such a root
 */
export async function refuseOffline({ account }: StatParts, path: RemotePath, call: Call): Promise<void> {
  if (path === ROOT) return;
  const listed = propfind(account, parentOf(path), 1, { ...call, properties: listingProperties });
  const found = await listed.catch((error: unknown) => {
    // The request itself tells what is wrong with the folder above.
    if (!isAppError(error) || error.code === 'cancelled') throw error;
    return undefined;
  });
  const self = found?.resources.find((each) => each.path === path);
  if (self?.pending === 'offline') throw notReady(self);
}

/**
 * The same for a path that was not found, wherever in a storage it would be. One request where the folder above is there.
 *
 * @throws AppError `unavailable` when the path leads into a storage that cannot be reached
 */
export async function refuseInsideOffline(parts: PolicyParts, path: RemotePath, call: Call): Promise<void> {
  for (let at = path; at !== ROOT && parts.policy.isVisible(at); at = parentOf(at)) {
    // Storages are nearly always mounted in the home folder.
    if (parentOf(at) === ROOT) return refuseOffline(parts, at, call);
    if (await statIfThere(parts, parentOf(at), call)) return;
  }
}
