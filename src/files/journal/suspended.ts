import { isAppError } from '../../errors.ts';
import type { AppError } from '../../errors.ts';

/** The reason of an abort that stops a transfer so that a later call can resume it. */
export class Suspended extends Error {
  override readonly name = 'Suspended';
}

/**
 * Whether what a failed transfer has moved so far is worth keeping: the network or the server failed, or the
 * process ends. Any other failure, and a cancellation by the user, would meet the next attempt, too.
 */
export function isResumable(error: unknown, signal: AbortSignal | undefined): error is AppError {
  if (isAppError(error, 'cancelled')) return signal?.reason instanceof Suspended;
  return isAppError(error, 'unavailable', 'timeout', 'rate_limited', 'unauthorized');
}

/** The error of a transfer that can be resumed, with a hint that says so. */
export function withResumeHint(error: AppError): AppError {
  if (error.code === 'cancelled') return error;
  return error.restate(error.message, {
    hint: 'Nothing is lost: the same call goes on where this one stopped.',
  });
}
