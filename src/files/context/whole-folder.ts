import { isAppError } from '../../errors.ts';
import type { Account } from '../../nextcloud/account.ts';
import { propfind } from '../../nextcloud/dav/propfind.ts';
import type { PropertyName, Resource } from '../../nextcloud/dav/resource.ts';
import type { RemotePath } from '../../path.ts';
import type { Call } from './call.ts';
import type { OddName } from './left-out.ts';
import { missing } from './stat.ts';

/** All that is below a folder, as far as the server tells. */
export interface WholeFolder {
  /** The folder itself comes first. */
  readonly resources: readonly Resource[];
  /** Entries that no path can name. */
  readonly odd: readonly OddName[];
}

const ROUNDS = 20;
/** Folders that are listed by themselves. What is in more of them is not known then. */
const MOST_COUNTED = 1000;

/**
 * Lists a folder with everything below it. Nextcloud 29 leaves out what is in a folder that it has not counted (a
 * copied one, a new storage), until that folder itself is listed (observed). What is still not known then has
 * {@link Resource.pending}.
 */
export async function wholeFolder(
  account: Account,
  path: RemotePath,
  properties: readonly PropertyName[],
  call: Call,
): Promise<WholeFolder> {
  const offline = new Set<RemotePath>();
  const list = async (): Promise<WholeFolder> => propfind(account, path, 'infinity', { ...call, properties });
  try {
    let found = await list();
    let before = '';
    let counted = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const uncounted = found.resources.filter(
        (each) => each.pending === 'uncounted' && !offline.has(each.path),
      );
      const now = uncounted.map((each) => each.path).join('\n');
      counted += uncounted.length;
      if (now === before || counted > MOST_COUNTED) break;
      before = now;
      for (const each of uncounted.toReversed())
        if (!(await makeCounted(account, each.path, call))) offline.add(each.path);
      found = await list();
    }
    const resources = found.resources.map((each) =>
      offline.has(each.path) ? ({ ...each, pending: 'offline' } as const) : each,
    );
    return { resources, odd: found.odd };
  } catch (error) {
    throw isAppError(error, 'not_found') ? missing(path, error) : error;
  }
}

/** @returns false when its storage cannot be reached */
async function makeCounted(account: Account, path: RemotePath, call: Call): Promise<boolean> {
  try {
    await propfind(account, path, 1, call);
    return true;
  } catch (error) {
    if (isAppError(error, 'unavailable')) return false;
    if (isAppError(error, 'not_found')) return true; // deleted meanwhile
    throw error;
  }
}
