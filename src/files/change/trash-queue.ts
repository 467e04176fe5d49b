import { LRUCache } from 'lru-cache';
import { baseName } from '../../path.ts';
import type { RemotePath } from '../../path.ts';
import { pause } from '../../pause.ts';
import type { Call } from '../context/call.ts';
import { ChangeQueue } from '../context/change-queue.ts';

const APART_MS = 1000;
const MAX_NAMES = 1000;

/**
 * Deletions of one name, at least a second apart. Nextcloud names an item in the trash by its name and the
 * second of its deletion: of two equal ones the first is lost for good. So a second passes between the end
 * of one deletion and the start of the next.
 */
export class TrashQueue {
  readonly #queue = new ChangeQueue();
  /** The end of the last deletion of each name, milliseconds since 1970. */
  readonly #deletedAt = new LRUCache<string, number>({ max: MAX_NAMES });

  /** Runs a change that puts what is at the path into the trash. */
  async run<T>(path: RemotePath, { signal }: Call, change: () => Promise<T>): Promise<T> {
    const name = baseName(path);
    return this.#queue.run(name, async () => {
      const wait = (this.#deletedAt.get(name) ?? 0) + APART_MS - Date.now();
      if (wait > 0) await pause(wait, signal);
      try {
        return await change();
      } finally {
        this.#deletedAt.set(name, Date.now());
      }
    });
  }

  /** Forgets the deletions of before. */
  clear(): void {
    this.#deletedAt.clear();
  }
}
