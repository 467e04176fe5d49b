import { LRUCache } from 'lru-cache';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import type { RemotePath } from '../../path.ts';

const DAY = 86_400;

/**
 * Modification times for what is written, in seconds since 1970. The etag of a local file is made of second
 * and size, and a version is named by the second of its contents (both observed): a second that a file had
 * before, by this or an earlier write of now, would hide the change or take the place of an older version.
 */
export class MtimeAllocator {
  /** Path and second of what was written, which the file need not have any more: an older version may be back. */
  readonly #given = new LRUCache<string, true>({ max: 10_000 });

  /** @param wanted milliseconds since 1970, where the contents have a time of their own */
  next(path: RemotePath, wanted: number | undefined, replaces: Resource | undefined): number {
    const before = replaces?.modified === undefined ? -1 : Math.floor(replaces.modified / 1000);
    let second = wanted === undefined ? after(before) : secondsOf(wanted);
    // What is new under a name has no versions yet, and keeps the time that it came with.
    const free = replaces === undefined && wanted !== undefined;
    while (!free && (second === before || this.#given.has(keyOf(path, second)))) second++;
    this.#given.set(keyOf(path, second), true);
    return second;
  }
}

/** @param ms since 1970, any. A Nextcloud takes whole seconds, and none on the first day of 1970. */
export function secondsOf(ms: number): number {
  return Math.max(DAY + 1, Math.floor(ms / 1000));
}

// A file from the future is not followed into it.
function after(before: number): number {
  const now = Math.floor(Date.now() / 1000);
  return before < now + DAY ? Math.max(now, before + 1) : now;
}

function keyOf(path: RemotePath, second: number): string {
  return `${second} ${path}`;
}
