import { cancelled } from './pause.ts';

/** Milliseconds of such work in one turn of the event loop, whatever calls it belongs to. */
const SLICE_MS = 10;

/** When this turn began with such work; undefined while it has not. */
let started: number | undefined;
let isScheduled = false;
const waiting: (() => void)[] = [];

/**
 * Divides work on many items, so that everything else has its turn after 10 ms of it. All calls share these 10 ms:
 * otherwise a turn would take as long as there are calls.
 *
 * @returns whether the event loop is to go on with something else now: `if (sliceIsOver()) await nextSlice(signal)`
 */
export function sliceIsOver(): boolean {
  const now = performance.now();
  if (started !== undefined) return now - started >= SLICE_MS;
  started = now;
  schedule();
  return false;
}

/** Waits for a turn of the event loop in which this call may work. @throws AppError `cancelled` when the signal is aborted */
export async function nextSlice(signal?: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    waiting.push(resolve);
    schedule();
  });
  if (signal?.aborted) throw cancelled(signal.reason);
}

function schedule(): void {
  if (isScheduled) return;
  isScheduled = true;
  setImmediate(turn);
}

function turn(): void {
  isScheduled = false;
  started = undefined;
  waiting.shift()?.();
  if (waiting.length > 0) schedule();
}

/** Does something with each item, in time slices. */
export async function eachInSlices<T>(
  items: Iterable<T>,
  take: (item: T) => void,
  signal?: AbortSignal,
): Promise<void> {
  for (const item of items) {
    take(item);
    if (sliceIsOver()) await nextSlice(signal);
  }
}

/** The items that a test accepts, in time slices. */
export async function filterInSlices<T>(
  items: Iterable<T>,
  accepts: (item: T) => boolean,
  signal?: AbortSignal,
): Promise<T[]> {
  const accepted: T[] = [];
  await eachInSlices(items, (item) => void (accepts(item) && accepted.push(item)), signal);
  return accepted;
}

/** Whether a test accepts one of the items, in time slices. */
export async function someInSlices<T>(
  items: Iterable<T>,
  accepts: (item: T) => boolean,
  signal?: AbortSignal,
): Promise<boolean> {
  for (const item of items) {
    if (accepts(item)) return true;
    if (sliceIsOver()) await nextSlice(signal);
  }
  return false;
}

/** What becomes of each item, in time slices. */
export async function mapInSlices<T, R>(
  items: Iterable<T>,
  change: (item: T) => R,
  signal?: AbortSignal,
): Promise<R[]> {
  const changed: R[] = [];
  await eachInSlices(items, (item) => changed.push(change(item)), signal);
  return changed;
}

/** Items that are sorted at once: some milliseconds even if each comparison takes ten microseconds. */
const RUN = 64;
/** Items that are merged between two looks at the clock. */
const MERGED = 16;

/** As `toSorted`, in time slices: runs of items are sorted, then merged. Equal items keep their order. */
export async function sortInSlices<T>(
  items: readonly T[],
  compare: (a: T, b: T) => number,
  signal?: AbortSignal,
): Promise<T[]> {
  if (items.length <= RUN) return items.toSorted(compare);
  let runs: T[][] = [];
  for (let at = 0; at < items.length; at += RUN) {
    runs.push(items.slice(at, at + RUN).toSorted(compare));
    if (sliceIsOver()) await nextSlice(signal);
  }
  while (runs.length > 1) {
    const merged: T[][] = [];
    for (let at = 0; at < runs.length; at += 2)
      merged.push(await merge(runs[at] ?? [], runs[at + 1] ?? [], compare, signal));
    runs = merged;
  }
  return runs[0] ?? [];
}

async function merge<T>(
  left: readonly T[],
  right: readonly T[],
  compare: (a: T, b: T) => number,
  signal: AbortSignal | undefined,
): Promise<T[]> {
  const all: T[] = [];
  let [at, other] = [0, 0];
  while (at < left.length && other < right.length) {
    // Both have an item here.
    const [first, second] = [left[at] as T, right[other] as T];
    if (compare(first, second) <= 0) {
      all.push(first);
      at++;
    } else {
      all.push(second);
      other++;
    }
    if (all.length % MERGED === 0 && sliceIsOver()) await nextSlice(signal);
  }
  // One of them is at its end.
  return all.concat(left.slice(at), right.slice(other));
}
