import { cancelled } from './pause.ts';

/**
 * Does the work for each item, `width` items at a time. The first failure aborts the rest, and is thrown after all
 * work that was started has ended, so that nothing goes on after the call.
 */
export async function runParallel<T>(
  items: Iterable<T>,
  width: number,
  signal: AbortSignal | undefined,
  work: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const all = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const remaining = items[Symbol.iterator]();
  let failed: { readonly error: unknown } | undefined;
  const worker = async (): Promise<void> => {
    for (let next = remaining.next(); !next.done && !all.aborted; next = remaining.next()) {
      try {
        await work(next.value, all);
      } catch (error) {
        failed ??= { error };
        stop.abort();
      }
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  if (failed) throw failed.error;
  if (signal?.aborted) throw cancelled(signal.reason);
}
