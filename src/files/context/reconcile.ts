import { isAppError } from '../../errors.ts';
import type { Advice, AppError } from '../../errors.ts';
import { reconcileDelay } from '../../nextcloud/transport/retry.ts';
import { pause } from '../../pause.ts';
import type { Remedy } from '../../remedy.ts';
import type { Call } from './call.ts';

/** What a check found out about a change: its result, `undefined` when it was not made, or neither. */
export type ReconcileCheck<T> = () => Promise<T | 'unclear' | undefined>;

export interface ReconcileOptions {
  /** The change has a second effect when it is made a second time, so it is not repeated while it may be under way. */
  readonly once?: boolean;
  /** Where to look when it is not known whether the change was made. */
  readonly remedy?: Remedy;
}

/** Milliseconds between the checks for a change that must not be repeated: the server may be about to make it. */
const CHECK_PAUSES_MS = [200, 400, 800];

/**
 * Makes a change whose response may get lost. When it is not known whether it was made, `check` says, and
 * only what was not made is made again.
 *
 * @throws AppError with "The change has not been made" or "It is not known whether the change was made"
 */
export async function reconcile<T extends object>(
  change: () => Promise<T>,
  check: ReconcileCheck<T>,
  { signal }: Call,
  { once = false, remedy = { kind: 'verify-change' } }: ReconcileOptions = {},
): Promise<T> {
  for (let attempt = 1, doubt = false; ; attempt++) {
    try {
      return await change();
    } catch (error) {
      // After a doubt even a plain refusal ("exists already") may speak of our own change.
      if (!isAppError(error) || error.code === 'cancelled' || !(error.uncertain || doubt)) throw error;
      doubt = true;
      const delay = once ? undefined : delayBeforeRepetition(error, attempt);
      // The check comes after the pause, so that a change that is still under way has time to show.
      if (delay !== undefined) await pause(delay, signal);
      const pauses = once && !isAnswered(error) ? CHECK_PAUSES_MS : [];
      const made = await checkUntilMade(check, pauses, signal).catch((cause: unknown) => {
        if (isAppError(cause, 'cancelled')) throw cause;
        // Said in place of the failure: it is probably the reason for it, and nothing works before it is set right.
        throw isAppError(cause, 'unauthorized') ? notKnown(cause, remedy) : notKnown(error, remedy);
      });
      if (made === 'unclear') throw notKnown(error, remedy);
      if (made !== undefined) return made;
      if (!error.uncertain) throw error;
      if (delay !== undefined) continue;
      if (!isAnswered(error)) throw notKnown(error, remedy);
      throw error.restate(said(error, 'The change has not been made'), {
        ...adviceToRetry(error),
        uncertain: false,
      });
    }
  }
}

async function checkUntilMade<T>(
  check: ReconcileCheck<T>,
  pauses: readonly number[],
  signal: AbortSignal | undefined,
): Promise<T | 'unclear' | undefined> {
  for (const ms of pauses) {
    const made = await check();
    if (made !== undefined) return made;
    await pause(ms, signal);
  }
  return check();
}

/** The server is done with the request. Without an answer, or with that of a gateway, it may still be at work on it. */
export function isAnswered({ status }: AppError): boolean {
  return status !== undefined && ![408, 502, 504].includes(status);
}

function delayBeforeRepetition(error: AppError, attempt: number): number | undefined {
  if (!error.uncertain) return undefined;
  const { status, retryAfter, retryable, code } = error;
  const over = retryable && code === 'unavailable';
  return reconcileDelay({ attempt, status, retryAfter, over }, Math.random());
}

/** The error for a change of which it could not be found out whether it was made. */
export function notKnown(error: AppError, remedy: Remedy = { kind: 'verify-change' }): AppError {
  return error.restate(said(error, 'It is not known whether the change was made'), {
    hint: hintToKeep(error),
    remedy,
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
  if (error.lasting) return error;
  const rest = hintToKeep(error);
  if (rest === undefined) return { hint: 'Try again.', remedy: retryable ? undefined : remedy };
  return { hint: rest === hint ? `${rest} Try again.` : `Try again. ${rest}`, remedy };
}

/**
 * A failure after a part of a change was made.
 *
 * @param done what was made, each in a few words
 */
export function partlyMade(error: unknown, done: readonly string[]): unknown {
  if (!isAppError(error) || error.code === 'cancelled' || done.length === 0) return error;
  return error.restate(said(error, `Already done: ${done.join(', ')}`));
}
