import { isAppError } from '../../errors.ts';
import type { AppError } from '../../errors.ts';
import { runParallel } from '../../parallel.ts';

/** How one thing of several went. */
export type BatchItem<T> = T | BatchFailure;

export interface BatchFailure {
  readonly path: string;
  readonly error: AppError;
}

const WIDTH = 4;

export function isFailure<T extends object>(item: BatchItem<T>): item is BatchFailure {
  return 'error' in item && isAppError(item.error);
}

/** Those that went well so far. */
export function successes<T extends object>(items: readonly BatchItem<T>[]): T[] {
  return items.flatMap((item) => (isFailure(item) ? [] : [item]));
}

/**
 * Does the same with each input, some in parallel, and returns the outcomes in the order of the inputs. Only a failure
 * that concerns all of them ends the batch.
 */
export async function runBatch<I, T>(
  inputs: readonly I[],
  pathOf: (input: I) => string,
  work: (input: I) => Promise<BatchItem<T>>,
): Promise<BatchItem<T>[]> {
  const results: BatchItem<T>[] = [];
  await runParallel(inputs.entries(), WIDTH, undefined, async ([index, input]) => {
    try {
      results[index] = await work(input);
    } catch (error) {
      if (!isAppError(error) || error.code === 'cancelled' || error.code === 'unauthorized') throw error;
      results[index] = { path: pathOf(input), error };
    }
  });
  return results;
}
