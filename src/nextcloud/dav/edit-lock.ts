import { createHash } from 'node:crypto';
import { AppError, isAppError } from '../../errors.ts';
import type { RemotePath } from '../../path.ts';
import type { Account } from '../account.ts';
import { pause } from '../../pause.ts';
import { davRequest } from './dav-request.ts';
import type { DavRequest, RequestOptions } from './dav-request.ts';
import { readMultistatus } from './multistatus.ts';
import { propfindRequest } from './xml-request.ts';

/**
 * Nextcloud checks If-Match before it takes its own lock, so two simultaneous writers may both pass the check
 * (observed on 34: 15 of 239 edits were lost this way). Creating a folder is atomic there, so an empty folder
 * in the account's upload area serves as the lock of a file. It touches none of the user's files, and
 * Nextcloud itself removes a folder that a killed process left behind.
 */

const WAIT_MS = 45_000;
/** How long to retry when the upload area itself is locked, because another folder is being created in it. */
const LOCKED_MS = 3000;
/**
 * The age at which a lock folder is taken to be left over from a process that ended: an edit takes seconds.
 * If its owner is only slow, the etag still protects the file.
 */
const STALE_MS = 40_000;
/** How long a folder that may be our own must exist without being removed before it is taken to be ours. */
const OURS_MS = 4000;
/** After so many refusals the server is taken to have no upload area. */
const REFUSALS = 5;
const STEP_MS = 40;
/** The wait grows up to this many steps, short enough to get the lock while another process edits without a pause. */
const STEPS = 4;
/** Modification times of folders are whole seconds. */
const TICK_MS = 1000;

const MKCOL = { method: 'MKCOL', expect: [201, 405] } as const;
const DELETE = { method: 'DELETE', expect: [204, 404] } as const;

/** Runs `work` while no other process of this program replaces the same file. */
export async function withEditLock<T>(
  account: Account,
  path: RemotePath,
  options: RequestOptions,
  work: () => Promise<T>,
): Promise<T> {
  const name = `edit-${createHash('sha256').update(path).digest('hex').slice(0, 32)}`;
  const held = await acquire(account, name, options);
  try {
    return await work();
  } finally {
    if (held) await release(account, name, held);
  }
}

/** The time in which a lock folder was created, in milliseconds of the server's clock. */
interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

/** Lock folders that may be ours, because the answer to creating or removing them was lost. */
const maybeOurs = new WeakMap<Account, Map<string, TimeSpan>>();

function rememberMaybeOurs(account: Account, name: string, span: TimeSpan | undefined): void {
  const known = maybeOurs.get(account) ?? new Map<string, TimeSpan>();
  maybeOurs.set(account, known);
  if (span) known.set(name, span);
  else known.delete(name);
}

async function release(account: Account, name: string, held: TimeSpan): Promise<void> {
  try {
    await send(account, DELETE, name, {});
  } catch {
    rememberMaybeOurs(account, name, held);
  }
}

/** @returns undefined when the server has no upload area; the work is then done without a lock */
async function acquire(
  account: Account,
  name: string,
  options: RequestOptions,
): Promise<TimeSpan | undefined> {
  const started = Date.now();
  let absent = 0;
  let lost = 0;
  let refusals = 0;
  let watched: { readonly since: number; readonly at: number } | undefined;
  for (let attempt = 1; ; attempt++) {
    const from = account.serverTime(Date.now()) - TICK_MS;
    const span = (): TimeSpan => ({ from, to: account.serverTime(Date.now()) + TICK_MS });
    try {
      if ((await send(account, MKCOL, name, options)) === 201) {
        rememberMaybeOurs(account, name, undefined);
        return span();
      }
    } catch (error) {
      // Two processes that create it at the same moment may both be refused (403, observed on 34).
      const refused = isAppError(error, 'forbidden', 'not_found', 'conflict', 'quota_exceeded');
      if (refused && ++refusals === REFUSALS) return undefined;
      const momentary = isAppError(error, 'locked') && Date.now() <= started + LOCKED_MS;
      const unanswered = isAppError(error) && error.code !== 'cancelled' && error.uncertain && ++lost === 1;
      if (unanswered) rememberMaybeOurs(account, name, span());
      else if (!momentary && !refused) throw error;
    }
    if (Date.now() > started + WAIT_MS)
      throw new AppError('locked', 'Another assistant is changing this file', {
        retryable: true,
        hint: 'Try again in a minute.',
      });
    const ours = maybeOurs.get(account)?.get(name);
    if (ours || attempt % 10 === 0) {
      const since = await createdAt(account, name, options);
      absent = since === undefined ? absent + 1 : 0;
      // It cannot be created and does not exist either: a proxy does not let the request through.
      if (absent === 3) return undefined;
      if (since !== watched?.since) watched = since === undefined ? undefined : { since, at: Date.now() };
      const inOurSpan = since !== undefined && ours !== undefined && since >= ours.from && since <= ours.to;
      if (inOurSpan && watched && Date.now() - watched.at >= OURS_MS) {
        rememberMaybeOurs(account, name, undefined);
        return ours;
      }
      if (since !== undefined && account.serverTime(Date.now()) - since > STALE_MS) {
        await send(account, DELETE, name, options);
        continue;
      }
    }
    await pause(STEP_MS * (0.5 + Math.random()) * Math.min(attempt, STEPS), options.signal);
  }
}

/** @returns the status of the answer */
async function send(
  account: Account,
  { method, expect }: Pick<DavRequest, 'method' | 'expect'>,
  name: string,
  options: RequestOptions,
): Promise<number> {
  const request = (userId: string): DavRequest => ({ method, place: ['uploads', userId, name], expect });
  return (await davRequest(account, request, options)).status;
}

/** When the lock folder was created, in milliseconds of the server's clock; undefined when there is none. */
async function createdAt(
  account: Account,
  name: string,
  { signal }: RequestOptions,
): Promise<number | undefined> {
  let created: number | undefined;
  try {
    await account.run((userId) =>
      account.exchange(
        propfindRequest({
          path: account.address.dav('uploads', userId, name),
          depth: 0,
          properties: ['d:getlastmodified'],
          wanted: 'an upload folder',
          signal,
        }),
        (reply) =>
          readMultistatus(reply.body, ({ properties }) => {
            const date = Date.parse(properties.get('d:getlastmodified')?.text ?? '');
            if (!Number.isNaN(date)) created ??= date;
          }),
      ),
    );
  } catch (error) {
    if (!isAppError(error, 'not_found')) throw error;
  }
  return created;
}
