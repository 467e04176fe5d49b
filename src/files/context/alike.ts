import { isAppError } from '../../errors.ts';
import { propfind } from '../../nextcloud/dav/propfind.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import { baseName, join, parentOf, ROOT } from '../../path.ts';
import type { RemotePath } from '../../path.ts';
import { hasLookAlike, plainName } from '../../text/look-alike.ts';
import type { Call } from './call.ts';
import type { PolicyParts } from './stat.ts';

/** How many folders of a path may have a name that only looks like the given one. */
const MOST_LEVELS = 4;

/**
 * What is there under a name that looks like the given one, for a path that does not exist.
 *
 * @returns undefined when there is nothing, or more than one
 */
export async function findAlike(
  parts: PolicyParts,
  path: RemotePath,
  call: Call,
  levels = MOST_LEVELS,
): Promise<RemotePath | undefined> {
  if (path === ROOT || levels === 0 || !hasLookAlike(path)) return undefined;
  const parent = parentOf(path);
  const there = await visibleIn(parts, parent, call);
  if (there) return onlyAlike(there, path);
  const above = await findAlike(parts, parent, call, levels - 1);
  const found = above && (await visibleIn(parts, above, call));
  if (!found) return undefined;
  const exact = join(above, baseName(path));
  return found.some((each) => each.path === exact) ? exact : onlyAlike(found, path);
}

/** What is in a folder, as far as the policy shows it; undefined where there is no such folder. */
async function visibleIn(
  { account, policy }: PolicyParts,
  folder: RemotePath,
  call: Call,
): Promise<readonly Resource[] | undefined> {
  if (!policy.isVisible(folder)) return undefined;
  try {
    const { resources } = await propfind(account, folder, 1, call);
    return resources[0]?.folder ? resources.slice(1).filter(({ path }) => policy.isVisible(path)) : undefined;
  } catch (error) {
    if (isAppError(error, 'not_found')) return undefined;
    throw error;
  }
}

function onlyAlike(there: readonly Resource[], path: RemotePath): RemotePath | undefined {
  if (there.some((each) => each.path === path)) return undefined;
  const wanted = plainName(baseName(path));
  const alike = there.filter((each) => plainName(baseName(each.path)) === wanted);
  return alike.length === 1 ? alike[0]?.path : undefined;
}
