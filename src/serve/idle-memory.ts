import { getHeapStatistics } from 'node:v8';
import { garbageCollector } from '../garbage-collection.ts';

const CHECK_MS = 10_000;
/** Bytes that are worth a collection, which takes some 30 ms. */
const WORTHWHILE_BYTES = 8 * 1024 * 1024;

/**
 * Gives memory back when nobody needs the server. V8 collects as memory is taken, so that what many requests have left
 * would stay until the next ones come.
 *
 * @param requests the number of requests so far; while it changes, nothing is done
 * @returns a function that ends it
 */
export function giveMemoryBack(requests: () => number): () => void {
  let seen = requests();
  let held = getHeapStatistics().used_heap_size;
  const check = (): void => {
    const idle = requests() === seen;
    seen = requests();
    if (!idle || getHeapStatistics().used_heap_size - held < WORTHWHILE_BYTES) return;
    garbageCollector()({ type: 'major' });
    held = getHeapStatistics().used_heap_size;
  };
  const timer = setInterval(check, CHECK_MS).unref();
  return () => clearInterval(timer);
}
