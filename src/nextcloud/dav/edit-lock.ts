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
 * Nextcloud looks at If-Match before it takes its own lock: of two writers in the same moment both may
 * pass (observed on 34: 15 of 239 edits were lost so). Making a folder is decided there by one alone, so
 * an empty one in the account's upload area stands for the right to replace a file. It touches nothing
 * of the person's, and Nextcloud itself clears away what a killed process leaves there.
 */

const WAIT_MS = 45_000;
/** The upload area itself is locked for a moment while another folder is made in it. */
const LOCKED_MS = 3000;
/**
 * An edit takes seconds: an older folder was left behind by a process that ended. If its owner is only
 * slow, the etag still guards the file.
 */
const STALE_MS = 40_000;
/** A folder that may be ours and has stood for so long without its owner giving it back is ours. */
const OURS_MS = 4000;
/** Then the server has no such place. */
const REFUSALS = 5;
const STEP_MS = 40;
/** Whoever waits asks often enough to get a turn beside one who edits without a pause. */
const STEPS = 4;
/** Times of folders are whole seconds. */
const TICK_MS = 1000;

const MKCOL = { method: 'MKCOL', expect: [201, 405] } as const;
const DELETE = { method: 'DELETE', expect: [204, 404] } as const;

/** Does the work while no other process of this kind replaces the same file. */
export async function withEditLock<T>(
  account: Account,
  path: RemotePath,
  look: RequestOptions,
  work: () => Promise<T>,
): Promise<T> {
  const name = `edit-${createHash('sha256').update(path).digest('hex').slice(0, 32)}`;
  const held = await take(account, name, look);
  try {
    return await work();
  } finally {
    if (held) await giveBack(account, name, held);
  }
}

/** When a folder was made, in milliseconds of the server's clock. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** Folders that may be ours: the answer to making them or to giving them back was lost. */
const doubts = new WeakMap<Account, Map<string, Span>>();

function doubt(account: Account, name: string, span: Span | undefined): void {
  const known = doubts.get(account) ?? new Map<string, Span>();
  doubts.set(account, known);
  if (span) known.set(name, span);
  else known.delete(name);
}

async function giveBack(account: Account, name: string, held: Span): Promise<void> {
  try {
    await send(account, DELETE, name, {});
  } catch {
    doubt(account, name, held);
  }
}

/** Undefined where the server has no such place; the work goes on without. */
async function take(account: Account, name: string, look: RequestOptions): Promise<Span | undefined> {
  const began = Date.now();
  let absent = 0;
  let lost = 0;
  let refusals = 0;
  let watched: { readonly since: number; readonly at: number } | undefined;
  for (let attempt = 1; ; attempt++) {
    const from = account.serverTime(Date.now()) - TICK_MS;
    const span = (): Span => ({ from, to: account.serverTime(Date.now()) + TICK_MS });
    try {
      if ((await send(account, MKCOL, name, look)) === 201) {
        doubt(account, name, undefined);
        return span();
      }
    } catch (error) {
      // Two who make it in one moment may both be refused so (403, observed on 34).
      const refused = isAppError(error, 'forbidden', 'not_found', 'conflict', 'quota_exceeded');
      if (refused && ++refusals === REFUSALS) return undefined;
      const passing = isAppError(error, 'locked') && Date.now() <= began + LOCKED_MS;
      const unheard = isAppError(error) && error.code !== 'cancelled' && error.uncertain && ++lost === 1;
      if (unheard) doubt(account, name, span());
      else if (!passing && !refused) throw error;
    }
    if (Date.now() > began + WAIT_MS)
      throw new AppError('locked', 'Another assistant is changing this file', {
        retryable: true,
        hint: 'Try again in a minute.',
      });
    const ours = doubts.get(account)?.get(name);
    if (ours || attempt % 10 === 0) {
      const since = await createdAt(account, name, look);
      absent = since === undefined ? absent + 1 : 0;
      // What cannot be made and is not there either: a proxy does not let it pass.
      if (absent === 3) return undefined;
      if (since !== watched?.since) watched = since === undefined ? undefined : { since, at: Date.now() };
      const may = since !== undefined && ours !== undefined && since >= ours.from && since <= ours.to;
      if (may && watched && Date.now() - watched.at >= OURS_MS) {
        doubt(account, name, undefined);
        return ours;
      }
      if (since !== undefined && account.serverTime(Date.now()) - since > STALE_MS) {
        await send(account, DELETE, name, look);
        continue;
      }
    }
    await pause(STEP_MS * (0.5 + Math.random()) * Math.min(attempt, STEPS), look.signal);
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
