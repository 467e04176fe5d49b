import type { Stats } from 'node:fs';
import { lstat, readFile } from 'node:fs/promises';
import { isAppError } from '../../errors.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import type { TransferRecord, Subject } from '../journal/journal.ts';
import type { LocalSource } from '../local/local-source.ts';
import { LocalTarget } from '../local/local-target.ts';
import type { Call, Service } from '../context/service.ts';
import { secondsOf } from '../write/mtime-allocator.ts';
import { wholeFile } from '../read/whole-file.ts';

/**
 * A file that is there already and the same. Transfers keep the time of a file, so size and time tell it from
 * another: all that is looked at for the files of a folder. But two of equal size can be written within one
 * second, so of a small one that is asked for by itself the contents are compared too.
 */

export function looksSameInCloud(
  there: Resource | undefined,
  { size, modified }: { readonly size: number; readonly modified: number },
): boolean {
  return there?.folder === false && there.size === size && there.modified === secondsOf(modified) * 1000;
}

export function looksSameOnDisk(there: Stats | undefined, { size, modified }: Resource): boolean {
  return (
    there?.isFile() === true && there.size === size && Math.floor(there.mtimeMs / 1000) * 1000 === modified
  );
}

/** To fetch this much takes hardly longer than to ask for it. */
const COMPARED = 1024 * 1024;

/** @param modified milliseconds since 1970, of what is to be stored */
export async function isSameInCloud(
  service: Service,
  there: Resource,
  source: LocalSource,
  modified: number,
  call: Call,
): Promise<boolean> {
  if (!looksSameInCloud(there, { size: source.size, modified })) return false;
  return sameContents(service, there, async () => source.whole(), call);
}

/** What a download answers when the file is on this computer already; what an earlier call left of it goes. */
export async function sameOnDisk(
  service: Service,
  file: Resource,
  { remote_path, local_path }: Subject,
  left: TransferRecord | undefined,
  call: Call,
): Promise<Same | undefined> {
  const there = await lstat(local_path).catch(() => undefined);
  if (!looksSameOnDisk(there, file)) return undefined;
  if (!(await sameContents(service, file, async () => readFile(local_path), call))) return undefined;
  if (left) {
    await LocalTarget.remove(local_path, left.place);
    await service.journal.remove(left);
  }
  return { remote_path, local_path, bytes: 0, same: true, verified: false };
}

interface Same {
  readonly remote_path: string;
  readonly local_path: string;
  /** Stored. */
  readonly bytes: 0;
  readonly same: true;
  readonly verified: false;
}

// Who may not read it, or meets a change of it, is told by what comes after.
async function sameContents(
  service: Service,
  remote: Resource,
  local: () => Promise<Buffer>,
  { signal }: Call,
): Promise<boolean> {
  if ((remote.size ?? 0) > COMPARED) return true;
  try {
    return (await wholeFile(service, remote, { signal })).equals(await local());
  } catch (error) {
    if (!isAppError(error) || error.code === 'cancelled') throw error;
    return false;
  }
}
