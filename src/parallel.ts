import { cancelled } from './pause.ts';

/**
 * Does the work for each item, `width` at a time. The first failure stops the rest and is thrown when
 * all that was begun has ended, so that nothing goes on behind the caller's back.
 */
export async function runParallel<T>(
  items: Iterable<T>,
  width: number,
  signal: AbortSignal | undefined,
  work: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const all = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const left = items[Symbol.iterator]();
  let failed: { readonly error: unknown } | undefined;
  const lane = async (): Promise<void> => {
    for (let next = left.next(); !next.done && !all.aborted; next = left.next()) {
      try {
        await work(next.value, all);
      } catch (error) {
        failed ??= { error };
        stop.abort();
      }
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
  if (failed) throw failed.error;
  if (signal?.aborted) throw cancelled(signal.reason);
}
