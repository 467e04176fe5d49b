import type { Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import type { Call } from '../context/call.ts';
import type { StatParts } from '../context/stat.ts';
import { LocalSource } from '../local/local-source.ts';
import { secondsOf } from '../write/mtime-allocator.ts';
import { hasSameContents } from '../write/same-file.ts';

/** Whether size and time are the same. Transfers keep the time of a file, as far as Nextcloud can store it. */
export function looksSameOnDisk(found: Stats | undefined, { size, modified }: Resource): boolean {
  if (found?.isFile() !== true || found.size !== size) return false;
  const { mtimeMs } = found;
  return [Math.floor(mtimeMs / 1000), secondsOf(mtimeMs)].some((second) => second * 1000 === modified);
}

/** Whether the file is on this computer already. The contents of a small one are compared, too. */
export async function isSameOnDisk(
  parts: StatParts,
  file: Resource,
  localPath: string,
  call: Call,
): Promise<boolean> {
  const found = await lstat(localPath).catch(() => undefined);
  if (!looksSameOnDisk(found, file)) return false;
  return hasSameContents(parts, file, async () => contentsOf(localPath), call);
}

async function contentsOf(path: string): Promise<Buffer> {
  const source = await LocalSource.open(path);
  try {
    return await source.whole();
  } finally {
    await source.close();
  }
}
