import { isAppError } from '../../errors.ts';
import type { AppError } from '../../errors.ts';

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

/** Does the same with each, some at once, and says of each how it went; only what ends all ends early. */
export async function runBatch<I, T>(
  inputs: readonly I[],
  pathOf: (input: I) => string,
  work: (input: I) => Promise<BatchItem<T>>,
): Promise<BatchItem<T>[]> {
  return side(inputs, async (input) => {
    try {
      return await work(input);
    } catch (error) {
      if (!isAppError(error) || error.code === 'cancelled' || error.code === 'unauthorized') throw error;
      return { path: pathOf(input), error };
    }
  });
}

/** Some at once, the results in order. The first failure is thrown when those that run are done. */
async function side<I, T>(inputs: readonly I[], work: (input: I) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  const failures: unknown[] = [];
  const queue = inputs.entries();
  const worker = async (): Promise<void> => {
    for (const [index, input] of queue) {
      if (failures.length > 0) return;
      try {
        results[index] = await work(input);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: WIDTH }, worker));
  if (failures.length > 0) throw failures[0];
  return results;
}
