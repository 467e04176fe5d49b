import { isAppError } from '../../errors.ts';
import type { AppError } from '../../errors.ts';
import { runParallel } from '../../parallel.ts';

/** The result of one item of a batch, or why it failed. */
export type BatchItem<T> = T | BatchFailure;

export interface BatchFailure {
  readonly path: string;
  readonly error: AppError;
}

const ITEMS_AT_ONCE = 4;

export function isFailure<T extends object>(item: BatchItem<T>): item is BatchFailure {
  return 'error' in item && isAppError(item.error);
}

/** The items that have not failed. */
export function successes<T extends object>(items: readonly BatchItem<T>[]): T[] {
  return items.flatMap((item) => (isFailure(item) ? [] : [item]));
}

/**
 * Does the same with each input, some at once, and keeps the failure of an input as its result. Results are in the
 * order of the inputs.
 *
 * @throws AppError `cancelled` and `unauthorized`, which end the whole batch
 */
export async function runBatch<I, T>(
  inputs: readonly I[],
  pathOf: (input: I) => string,
  work: (input: I) => Promise<BatchItem<T>>,
): Promise<BatchItem<T>[]> {
  const results: BatchItem<T>[] = [];
  await runParallel(inputs.entries(), ITEMS_AT_ONCE, undefined, async ([index, input]) => {
    try {
      results[index] = await work(input);
    } catch (error) {
      if (!isAppError(error) || error.code === 'cancelled' || error.code === 'unauthorized') throw error;
      results[index] = { path: pathOf(input), error };
    }
  });
  return results;
}
