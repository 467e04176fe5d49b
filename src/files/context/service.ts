import type { Log } from '../../log.ts';
import type { Account } from '../../nextcloud/account.ts';
import type { Capabilities } from '../../nextcloud/apps/capabilities.ts';
import type { ConfirmTokens } from './confirm-tokens.ts';
import type { AccessPolicy } from './access-policy.ts';
import type { Call } from './call.ts';
import type { Journal } from '../journal/journal.ts';
import type { TransferSlots } from '../write/transfer-slots.ts';
import type { LocalFolders } from '../local/local-folders.ts';
import type { LineMarkCache } from '../cache/line-marks.ts';
import type { TrashQueue } from '../change/trash-queue.ts';
import type { ChangeQueue } from './change-queue.ts';
import type { MetadataCache } from '../cache/metadata-cache.ts';
import type { DocumentCache } from '../cache/document-cache.ts';
import type { MtimeAllocator } from '../write/mtime-allocator.ts';
import type { Transfers } from '../transfer/transfers.ts';
import type { Tuning } from '../transfer/tuning/tuning.ts';

// Import from these instead: this file goes when every operation names the parts that it takes.
export * from './call.ts';
export * from './stat.ts';
export * from './reconcile.ts';
export * from './dav-methods.ts';

/** What every operation works with. One per account. */
export interface Service {
  readonly account: Account;
  readonly metadata: MetadataCache;
  readonly lineMarks: LineMarkCache;
  readonly changeQueue: ChangeQueue;
  readonly trashQueue: TrashQueue;
  readonly policy: AccessPolicy;
  readonly local: LocalFolders;
  readonly documents: DocumentCache;
  readonly journal: Journal;
  readonly transfers: Transfers;
  readonly slots: TransferSlots;
  readonly tuning: Tuning;
  readonly mtimes: MtimeAllocator;
  /** Asked once in a while, and only when something depends on it. */
  capabilities(call: Call): Promise<Capabilities>;
  refreshCapabilities(call: Call): Promise<Capabilities>;
  readonly confirmTokens: ConfirmTokens;
  readonly log: Log;
  /** Characters of one result. */
  readonly maxChars: number;
}
