import { setTimeout as sleep } from 'node:timers/promises';
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
