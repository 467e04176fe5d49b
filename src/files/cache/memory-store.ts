import { LRUCache } from 'lru-cache';
import type { Store, StoreOptions } from './store.ts';

/** A store in this process, bounded by entries and by an estimate of bytes, the least used goes first. */
export class MemoryStore<V extends object> implements Store<V> {
  readonly #entries: LRUCache<string, V>;

  constructor({ maxEntries, maxBytes, seconds, sizeOf, renew = false }: StoreOptions<V>) {
    this.#entries = new LRUCache({
      max: maxEntries,
      maxSize: maxBytes,
      sizeCalculation: (value) => Math.max(1, sizeOf(value)),
      ttl: Math.max(1, seconds * 1000),
      updateAgeOnGet: renew,
    });
  }

  get(key: string): V | undefined {
    return this.#entries.get(key);
  }

  set(key: string, value: V): void {
    this.#entries.set(key, value);
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  /** As they are now: to look at an entry makes it the newest, and a walk over the keys would not end. */
  keys(): readonly string[] {
    return [...this.#entries.keys()];
  }

  clear(): void {
    this.#entries.clear();
  }
}
