import { isAppError } from '../../errors.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import type { Call } from '../context/call.ts';
import type { StatParts } from '../context/stat.ts';
import type { LocalSource } from '../local/local-source.ts';
import { wholeFile } from '../read/whole-file.ts';
import { secondsOf } from './mtime-allocator.ts';

/**
 * Whether a file is the same as one that is there already. Transfers keep the time of a file, so size and time are
 * enough for the files of a folder. But two files of equal size can be written within one second, so for a small
 * file that is transferred on its own the contents are compared, too.
 */

/** @param local `modified` is in milliseconds since 1970 */
export function looksSameInCloud(
  found: Resource | undefined,
  { size, modified }: { readonly size: number; readonly modified: number },
): boolean {
  return found?.folder === false && found.size === size && found.modified === secondsOf(modified) * 1000;
}

/** The largest file whose contents are compared: fetching it takes hardly longer than a request for its properties. */
const MAX_COMPARED_BYTES = 1024 * 1024;

/** @param modified milliseconds since 1970, of what is to be stored */
export async function isSameInCloud(
  parts: StatParts,
  found: Resource,
  { source, modified }: { readonly source: LocalSource; readonly modified: number },
  call: Call,
): Promise<boolean> {
  if (!looksSameInCloud(found, { size: source.size, modified })) return false;
  return hasSameContents(parts, found, async () => source.whole(), call);
}

/** True for a larger file. If the file cannot be read or changes meanwhile, the transfer itself will say so. */
export async function hasSameContents(
  parts: StatParts,
  remote: Resource,
  local: () => Promise<Buffer>,
  { signal }: Call,
): Promise<boolean> {
  if ((remote.size ?? 0) > MAX_COMPARED_BYTES) return true;
  try {
    return (await wholeFile(parts, remote, { signal })).equals(await local());
  } catch (error) {
    if (!isAppError(error) || error.code === 'cancelled') throw error;
    return false;
  }
}
