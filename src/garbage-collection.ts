import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Collects the young generation, or everything. */
export type CollectGarbage = (options: { type: 'minor' | 'major' }) => void;

let collect: CollectGarbage | undefined;

/** Node offers no call for a collection; V8 does, once the flag is set and a new context is made. */
export function garbageCollector(): CollectGarbage {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as CollectGarbage;
  }
  return collect;
}
