import { LRUCache } from 'lru-cache';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import type { RemotePath } from '../../path.ts';

const DAY = 86_400;

/**
 * Chooses the modification time of each write, in seconds since 1970. Nextcloud builds the etag of a file from second
 * and size, and names a version by the second of its contents (both observed): a second that the file had before, from
 * this or an earlier write, would hide the change or overwrite an older version.
 */
export class MtimeAllocator {
  /** Second and path of each write. The file need not have that time any more: an older version may be restored. */
  readonly #used = new LRUCache<string, true>({ max: 10_000 });

  /** @param wanted milliseconds since 1970, if the contents have a time of their own */
  next(path: RemotePath, wanted: number | undefined, replaces: Resource | undefined): number {
    const before = replaces?.modified === undefined ? -1 : Math.floor(replaces.modified / 1000);
    let second = wanted === undefined ? after(before) : secondsOf(wanted);
    // A new file has no versions yet, and keeps the time that it came with.
    const isFree = replaces === undefined && wanted !== undefined;
    while (!isFree && (second === before || this.#used.has(keyOf(path, second)))) second++;
    this.#used.set(keyOf(path, second), true);
    return second;
  }
}

/** @param ms since 1970, any. Nextcloud accepts whole seconds, and none on the first day of 1970. */
export function secondsOf(ms: number): number {
  return Math.max(DAY + 1, Math.floor(ms / 1000));
}

/** Said of files that get another time than they have. @param ms since 1970, any */
export function hasNoTimeThere(ms: number): boolean {
  return secondsOf(ms) !== Math.floor(ms / 1000);
}

// A file whose time is far in the future is not followed there.
function after(before: number): number {
  const now = Math.floor(Date.now() / 1000);
  return before < now + DAY ? Math.max(now, before + 1) : now;
}

function keyOf(path: RemotePath, second: number): string {
  return `${second} ${path}`;
}
