import { isAppError } from '../../errors.ts';
import type { Advice, AppError } from '../../errors.ts';
import { reconcileDelay } from '../../nextcloud/transport/retry.ts';
import { pause } from '../../pause.ts';
import type { Call } from './call.ts';

/** What a check found out about a change: its result, `undefined` when it was not made, or neither. */
export type ReconcileCheck<T> = () => Promise<T | 'unclear' | undefined>;

/**
 * Makes a change whose answer may get lost. When it is not known whether it was made, `check` says, and
 * only what was not made is made again.
 */
export async function reconcile<T extends object>(
  change: () => Promise<T>,
  check: ReconcileCheck<T>,
  { signal }: Call,
): Promise<T> {
  for (let attempt = 1, doubt = false; ; attempt++) {
    try {
      return await change();
    } catch (error) {
      // After a doubt even a plain refusal ("exists already") may speak of our own change.
      if (!isAppError(error) || error.code === 'cancelled' || !(error.uncertain || doubt)) throw error;
      doubt = true;
      const made = await check().catch((cause: unknown) => {
        throw isAppError(cause, 'cancelled') ? cause : unknown(error);
      });
      if (made === 'unclear') throw unknown(error);
      if (made !== undefined) return made;
      if (!error.uncertain) throw error;
      const { status, retryAfter, retryable } = error;
      const over = retryable && error.code === 'unavailable';
      const delay = reconcileDelay({ attempt, status, retryAfter, over }, Math.random());
      if (delay === undefined)
        throw error.restate(said(error, 'The change has not been made'), adviceToRetry(error));
      await pause(delay, signal);
    }
  }
}

function unknown(error: AppError): AppError {
  return error.restate(said(error, 'It is not known whether the change was made'), {
    hint: hintToKeep(error),
    remedy: { kind: 'verify-change' },
  });
}

// What a server says may end as a sentence does.
function said({ message }: AppError, more: string): string {
  return `${message.replace(/\.$/, '')}. ${more}`;
}

// "Try again" is said by the caller, who knows whether it is safe; what has to be set right stays.
function hintToKeep({ retryable, hint = '' }: AppError): string | undefined {
  return retryable ? undefined : hint.replace(/^Try again[^.]*\. ?/, '') || undefined;
}

function adviceToRetry(error: AppError): Advice {
  const { hint = '', remedy, retryable } = error;
  const rest = hintToKeep(error);
  if (rest === undefined) return { hint: 'Try again.', remedy: retryable ? undefined : remedy };
  return { hint: rest === hint ? `${rest} Try again.` : `Try again. ${rest}`, remedy };
}
