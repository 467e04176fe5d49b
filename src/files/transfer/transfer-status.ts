import type { Account } from '../../nextcloud/account.ts';
import type { Call } from '../context/call.ts';
import type { Journal } from '../journal/journal.ts';
import type { Transfer, Transfers } from './transfers.ts';

export interface TransferStatusParts {
  readonly account: Account;
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
  { account, journal, transfers }: TransferStatusParts,
  { id, waitMs, cancel }: TransferStatusOptions,
  call: Call,
): Promise<Transfer[]> {
  if (id !== undefined) return cancel ? transfers.cancel(id) : transfers.status(id, waitMs, call);
  return transfers.all(waitMs, await journal.unfinished(account.name), call);
}
