import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { AppError } from './errors.ts';

/** Waits `ms`; ends at once with `cancelled` when the signal is aborted. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, signal ? { signal } : {});
  } catch (cause) {
    throw cancelled(cause);
  }
}

export function cancelled(cause?: unknown): AppError {
  return new AppError('cancelled', 'The call was cancelled', { cause });
}

const SLICE_MS = 10;

/** Divides work on many items, so that everything else has its turn after 10 ms of it. */
export class TimeSlices {
  #started = performance.now();

  /** Whether the event loop is to go on with something else now: `if (slices.isDue) await slices.next(signal)`. */
  get isDue(): boolean {
    return performance.now() - this.#started >= SLICE_MS;
  }

  /** @throws AppError `cancelled` when the signal is aborted */
  async next(signal?: AbortSignal): Promise<void> {
    await nextTurn();
    if (signal?.aborted) throw cancelled(signal.reason);
    this.#started = performance.now();
  }
}

/** The items that a test accepts, in time slices. */
export async function filterInSlices<T>(
  items: Iterable<T>,
  accepts: (item: T) => boolean,
  signal?: AbortSignal,
): Promise<T[]> {
  const slices = new TimeSlices();
  const accepted: T[] = [];
  for (const item of items) {
    if (accepts(item)) accepted.push(item);
    if (slices.isDue) await slices.next(signal);
  }
  return accepted;
}
