import { join } from 'node:path';
import type { DocumentPool } from '../documents/index.ts';
import type { Log } from '../log.ts';
import type { Meter } from '../meter.ts';
import type { Account } from '../nextcloud/account.ts';
import { fitted } from '../nextcloud/apps/capabilities.ts';
import type { Capabilities } from '../nextcloud/apps/capabilities.ts';
import type { RequestLimiter } from '../nextcloud/transport/request-limiter.ts';
import { CapabilityCache } from './cache/capability-cache.ts';
import { DocumentCache } from './cache/document-cache.ts';
import { LineMarkCache } from './cache/line-marks.ts';
import { MetadataCache } from './cache/metadata-cache.ts';
import { TrashQueue } from './change/trash-queue.ts';
import { ChangeHistory } from './history/change-history.ts';
import type { Store } from '../store/store.ts';
import type { AccessPolicy } from './context/access-policy.ts';
import type { Call } from './context/call.ts';
import { ChangeQueue } from './context/change-queue.ts';
import type { ConfirmTokens } from './context/confirm-tokens.ts';
import type { Cursors } from './entry/cursor.ts';
import type { LocalFolders } from './local/local-folders.ts';
import { Journal } from './journal/journal.ts';
import { TransferSlots } from './write/transfer-slots.ts';
import { Transfers } from './transfer/transfers.ts';
import type { Tuning } from './transfer/tuning/tuning.ts';
import { MtimeAllocator } from './write/mtime-allocator.ts';

/**
 * What one principal works with. Each operation declares the parts that it takes, and this object has
 * them all. There is one per account, so that caches, transfers and cookies of two accounts never meet.
 */
export interface Workspace {
  /** Identifies the principal, for a fair share of the worker threads. */
  readonly owner: string;
  readonly account: Account;
  readonly metadata: MetadataCache;
  readonly lineMarks: LineMarkCache;
  readonly policy: AccessPolicy;
  readonly local: LocalFolders;
  readonly documents: DocumentCache;
  readonly journal: Journal;
  /** What this principal's tools have changed within the last day. */
  readonly history: ChangeHistory;
  readonly transfers: Transfers;
  readonly slots: TransferSlots;
  readonly tuning: Tuning;
  readonly mtimes: MtimeAllocator;
  /** What the server can do, kept for an hour and asked for only when something depends on it. */
  readonly capabilities: (call: Call) => Promise<Capabilities>;
  /** The same, asked for in any case. */
  readonly refreshCapabilities: (call: Call) => Promise<Capabilities>;
  /** Changes of one file, by path. */
  readonly changeQueue: ChangeQueue;
  readonly trashQueue: TrashQueue;
  readonly confirmTokens: ConfirmTokens;
  readonly cursors: Cursors;
  readonly log: Log;
  /** Characters of one result. */
  readonly maxChars: number;
  /** Suspends the transfers in the background and closes the documents that are open. */
  readonly close: () => Promise<void>;
}

export interface WorkspaceOptions {
  /** Identifies the principal: the same for all sign-ins of a user. */
  readonly owner: string;
  readonly account: Account;
  readonly policy: AccessPolicy;
  readonly local: LocalFolders;
  /** Shared by all accounts of the process. */
  readonly documentPool: DocumentPool;
  readonly confirmTokens: ConfirmTokens;
  readonly cursors: Cursors;
  /** Holds the records of transfers, in the folder `transfers`. */
  readonly stateFolder: string;
  /** Shared by all accounts of the process. */
  readonly store: Store;
  /** Seconds for which listings and searches are kept; 0 keeps nothing. */
  readonly cacheListingSeconds: number;
  readonly cacheSearchSeconds: number;
  /** Limits the requests of long transfers; shared by all sessions of one person. */
  readonly transferLimiter: RequestLimiter;
  /** Bytes of a request body that a proxy before the server takes, where that is known. */
  readonly maxBody?: number | undefined;
  readonly maxResultChars: number;
  /** What is switched on of the tuning of transfers. */
  readonly tuning: Tuning;
  /** Milliseconds that a call waits for its transfer before the transfer goes on in the background. */
  readonly patienceMs: number;
  readonly log: Log;
  readonly meter?: Meter;
}

export function createWorkspace(options: WorkspaceOptions): Workspace {
  const { owner, account, policy, local, confirmTokens, cursors, log, meter } = options;
  const metadata = new MetadataCache({
    listingSeconds: options.cacheListingSeconds,
    searchSeconds: options.cacheSearchSeconds,
    now: () => Date.now(),
    ...(meter ? { meter } : {}),
  });
  const capabilities = new CapabilityCache(account, Date.now);
  const fit = (found: Capabilities): Capabilities => fitted(found, account.origin, options.maxBody);
  const documents = new DocumentCache(options.documentPool.forOwner(owner));
  const transfers = new Transfers(options.patienceMs);
  return {
    owner,
    account,
    metadata,
    lineMarks: new LineMarkCache(),
    policy,
    local,
    documents,
    journal: new Journal(join(options.stateFolder, 'transfers'), log),
    history: new ChangeHistory(options.store, owner),
    transfers,
    slots: new TransferSlots(options.transferLimiter),
    tuning: options.tuning,
    mtimes: new MtimeAllocator(),
    capabilities: async ({ signal }) => fit(await capabilities.get(signal)),
    refreshCapabilities: async ({ signal }) => fit(await capabilities.refresh(signal)),
    changeQueue: new ChangeQueue(),
    trashQueue: new TrashQueue(),
    confirmTokens,
    cursors,
    log,
    maxChars: options.maxResultChars,
    close: async () => {
      await transfers.close();
      documents.close();
    },
  };
}
