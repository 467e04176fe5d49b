import type { Account } from '../../nextcloud/account.ts';
import { parsePath } from '../../path.ts';
import type { AccessPolicy } from '../context/access-policy.ts';
import type { Call } from '../context/call.ts';
import type { Journal, Unfinished } from '../journal/journal.ts';
import type { Transfer, Transfers } from './transfers.ts';

export interface TransferStatusParts {
  readonly account: Account;
  readonly policy: AccessPolicy;
  readonly journal: Journal;
  readonly transfers: Transfers;
}

export interface TransferStatusOptions {
  /** One transfer; absent: all of them. */
  readonly id: string | undefined;
  /** Milliseconds to wait for its end. */
  readonly waitMs: number;
  readonly cancel: boolean;
}

/** The state of the transfers in the background, or of one of them. */
export async function transferStatus(
  { account, policy, journal, transfers }: TransferStatusParts,
  { id, waitMs, cancel }: TransferStatusOptions,
  call: Call,
): Promise<Transfer[]> {
  if (id !== undefined) return cancel ? transfers.cancel(id) : transfers.status(id, waitMs, call);
  const unfinished = await journal.unfinished(account.name);
  return transfers.all(
    waitMs,
    unfinished.filter((each) => isVisible(policy, each)),
    call,
  );
}

// A process with other settings may have begun it.
function isVisible(policy: AccessPolicy, { record }: Unfinished): boolean {
  try {
    return policy.isAllowed(parsePath(record.remote_path));
  } catch {
    return false;
  }
}
