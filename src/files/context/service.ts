import type { Log } from '../../log.ts';
import type { Account } from '../../nextcloud/account.ts';
import type { Capabilities } from '../../nextcloud/apps/capabilities.ts';
import { propfind } from '../../nextcloud/dav/dav.ts';
import { pause } from '../../pause.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import { reconcileDelay } from '../../nextcloud/transport/retry.ts';
import { AppError, isAppError } from '../../errors.ts';
import { baseName, parentOf } from '../../path.ts';
import type { RemotePath } from '../../path.ts';
import type { ConfirmTokens } from './confirm-tokens.ts';
import type { AccessPolicy } from './access-policy.ts';
import type { Journal } from '../transfer/journal.ts';
import type { TransferSlots } from '../transfer/transfer-slots.ts';
import type { LocalFolders } from '../local/local-folders.ts';
import type { MetadataCache } from '../cache/metadata-cache.ts';
import type { DocumentCache } from '../cache/document-cache.ts';
import type { MtimeAllocator } from '../write/mtime-allocator.ts';
import type { Transfers } from '../transfer/transfers.ts';

/** What every operation works with. One per account. */
export interface Service {
  readonly account: Account;
  readonly metadata: MetadataCache;
  readonly policy: AccessPolicy;
  readonly local: LocalFolders;
  readonly documents: DocumentCache;
  readonly journal: Journal;
  readonly transfers: Transfers;
  readonly slots: TransferSlots;
  readonly mtimes: MtimeAllocator;
  /** Asked once in a while, and only when something depends on it. */
  capabilities(call: Call): Promise<Capabilities>;
  readonly confirmTokens: ConfirmTokens;
  readonly log: Log;
  /** Characters of one result. */
  readonly maxChars: number;
}

/** Bytes or items done, of a total where it is known. */
export type ReportProgress = (done: number, total?: number, message?: string) => void;

export interface Call {
  readonly signal?: AbortSignal | undefined;
  readonly report?: ReportProgress;
}

/**
 * One resource with all its properties, in one request.
 *
 * @throws AppError `not_found` with what to do next
 */
export async function stat(service: Service, path: RemotePath, call: Call): Promise<Resource> {
  const { account, metadata } = service;
  const asOf = metadata.changes;
  try {
    const { resources } = await propfind(account, path, 0, call);
    const [self] = resources;
    if (!self) throw missing(path);
    metadata.put(self, asOf);
    return self;
  } catch (error) {
    throw isAppError(error, 'not_found') || isPhantom(path, error) ? missing(path, error) : error;
  }
}

// For a `.part` name that is not there, 28 and 29 stumble over the file that they take it for.
function isPhantom(path: RemotePath, error: unknown): boolean {
  return path.endsWith('.part') && isAppError(error) && error.status === 500;
}

/** The same, answered from what was seen within the last seconds where that is enough. */
export async function statCached(service: Service, path: RemotePath, call: Call): Promise<Resource> {
  return service.metadata.getFresh(path) ?? (await stat(service, path, call));
}

export async function statIfThere(
  service: Service,
  path: RemotePath,
  call: Call,
): Promise<Resource | undefined> {
  try {
    return await stat(service, path, call);
  } catch (error) {
    if (isAppError(error, 'not_found')) return undefined;
    throw error;
  }
}

export function missing(path: RemotePath, cause?: unknown): AppError {
  return new AppError('not_found', `${path} does not exist`, {
    hint: `list_files of ${JSON.stringify(parentOf(path))} or search_files shows what is there.`,
    status: 404,
    cause,
  });
}

/** Nextcloud answers as if it were there for a name that it keeps for itself, such as `x.part`. */
export function reservedName(path: RemotePath): AppError {
  return new AppError('invalid_input', `Nextcloud does not allow the name ${baseName(path)}`, {
    hint: 'Choose another name.',
  });
}

export function notAFile(path: RemotePath): AppError {
  return new AppError('invalid_input', `${path} is a folder`, {
    hint: 'Use list_files to see what is in it.',
  });
}

export function notAFolder(path: RemotePath): AppError {
  return new AppError('invalid_input', `${path} is a file, not a folder`, {
    hint: 'Use get_file_info or read_file.',
  });
}

/** What a look found out about a change: its result, `undefined` when it was not made, or neither. */
export type ReconcileCheck<T> = () => Promise<T | 'unclear' | undefined>;

/**
 * Makes a change whose answer may get lost. When it is not known whether it was made, `look` says, and
 * only what was not made is made again.
 */
export async function reconcile<T extends object>(
  change: () => Promise<T>,
  look: ReconcileCheck<T>,
  { signal }: Call,
): Promise<T> {
  for (let attempt = 1, doubt = false; ; attempt++) {
    try {
      return await change();
    } catch (error) {
      // After a doubt even a plain refusal ("exists already") may speak of our own change.
      if (!isAppError(error) || error.code === 'cancelled' || !(error.uncertain || doubt)) throw error;
      doubt = true;
      const made = await look().catch((cause: unknown) => {
        throw isAppError(cause, 'cancelled') ? cause : unknown(error);
      });
      if (made === 'unclear') throw unknown(error);
      if (made !== undefined) return made;
      if (!error.uncertain) throw error;
      const { status, retryAfter, retryable } = error;
      const over = retryable && error.code === 'unavailable';
      const delay = reconcileDelay({ attempt, status, retryAfter, over }, Math.random());
      if (delay === undefined)
        throw error.restate(said(error, 'The change has not been made'), wayOut(error, 'Try again.'));
      await pause(delay, signal);
    }
  }
}

function unknown(error: AppError): AppError {
  return error.restate(
    said(error, 'It is not known whether the change was made'),
    wayOut(error, 'Look with get_file_info or list_files before you repeat it.'),
  );
}

// What a server says may end as a sentence does.
function said({ message }: AppError, more: string): string {
  return `${message.replace(/\.$/, '')}. ${more}`;
}

// "Try again" is said by the caller, who knows whether it is safe; what has to be set right stays.
function wayOut({ retryable, hint }: AppError, next: string): string {
  if (retryable || hint === undefined) return next;
  const rest = hint.replace(/^Try again[^.]*\. ?/, '');
  return (rest === hint ? `${hint} ${next}` : `${next} ${rest}`).trimEnd();
}

/** Loaded on the first change: reading needs none of it. */
export const davMethods = (): Promise<typeof import('../../nextcloud/dav/dav-methods.ts')> =>
  import('../../nextcloud/dav/dav-methods.ts');
