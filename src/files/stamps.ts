import { LRUCache } from 'lru-cache';
import type { Resource } from '../nextcloud/resource.ts';
import type { RemotePath } from '../path.ts';

const DAY = 86_400;

/**
 * Modification times for what is written, in seconds since 1970. The etag of a local file is made of second
 * and size, and a version is named by the second of its contents (both observed): a second that a file had
 * before, by this or an earlier write of now, would hide the change or take the place of an older version.
 */
export class Stamps {
  /** The last second that was given, which the file need not have any more: an older version may be back. */
  readonly #given = new LRUCache<RemotePath, number>({ max: 10_000 });

  /** @param wanted milliseconds since 1970, where the contents have a time of their own */
  next(path: RemotePath, wanted: number | undefined, replaces: Resource | undefined): number {
    const before = replaces?.modified === undefined ? -1 : Math.floor(replaces.modified / 1000);
    if (wanted !== undefined) {
      const seconds = Math.max(DAY + 1, Math.floor(wanted / 1000));
      return seconds === before ? before + 1 : seconds;
    }
    const now = Math.floor(Date.now() / 1000);
    const last = Math.max(before < now + DAY ? before : -1, this.#given.get(path) ?? -1);
    const second = Math.max(now, last + 1);
    this.#given.set(path, second);
    return second;
  }
}
