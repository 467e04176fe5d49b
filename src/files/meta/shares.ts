import { AppError, isAppError } from '../../errors.ts';
import {
  putShare,
  fetchDirectLink,
  EDIT,
  removeShare,
  postShare,
  READ,
  fetchShare,
  fetchShares,
  shareTypes,
} from '../../nextcloud/apps/shares.ts';
import type { Share } from '../../nextcloud/apps/shares.ts';
import { some } from '../../nextcloud/dav/resource.ts';
import { parsePath } from '../../path.ts';
import type { RemotePath } from '../../path.ts';
import { fitting, room } from '../entry/cursor.ts';
import { iso } from '../entry/entry.ts';
import type { Call } from '../context/call.ts';
import type { ChangeQueue } from '../context/change-queue.ts';
import { reconcile } from '../context/reconcile.ts';
import { notAFile, stat } from '../context/stat.ts';
import type { PolicyParts } from '../context/stat.ts';
import { assertWhollyVisible, sharedPath, visibleShares } from './share-policy.ts';
import type { FactOf, NotedTerms } from '../history/fact.ts';
import { noting } from '../history/recorder.ts';

export interface Shared {
  readonly share_id: string;
  readonly path: string;
  readonly type: string;
  readonly can: 'read' | 'edit';
  readonly with?: string;
  readonly url?: string;
  readonly expires?: string;
  readonly has_password?: boolean;
}

export interface DirectLink {
  readonly path: string;
  readonly url: string;
  readonly expires: string;
}

export type ShareType = keyof typeof shareTypes;

export interface ShareTerms {
  readonly can?: 'read' | 'edit' | undefined;
  readonly password?: string | undefined;
  /** YYYY-MM-DD, empty for none. */
  readonly expires?: string | undefined;
  readonly note?: string | undefined;
}

export interface NewShare extends ShareTerms {
  readonly type: ShareType;
  /** User id, group or e-mail address; absent for a link. */
  readonly shareWith: string | undefined;
}

const LOOK_AT_SHARES = { kind: 'verify-change', place: 'shares' } as const;

/** Own shares of what is visible as a whole; of one path, or all. */
export async function listShares(
  parts: PolicyParts & { readonly maxChars: number },
  path: RemotePath | undefined,
  call: Call,
): Promise<{ shares: Shared[]; total?: number }> {
  if (path !== undefined) parts.policy.assertReadable(path);
  const all = await fetchShares(parts.account, { path, reshares: path && 'true' }, call);
  const visible = (await visibleShares(parts, all, call)).map(shown);
  const shares = fitting(visible, Infinity, room(parts.maxChars, path ?? ''));
  return { shares, ...some('total', shares.length < visible.length ? visible.length : undefined) };
}

/**
 * Shares for reading, unless more is asked for. A folder must not hold what is hidden. Shares of one file
 * are created one after the other: the response to one may be lost, and it is told from the others.
 */
export async function createShare(
  parts: PolicyParts & { readonly changeQueue: ChangeQueue },
  path: RemotePath,
  wanted: NewShare,
  call: Call,
): Promise<Shared> {
  const { type, shareWith, ...rest } = wanted;
  const terms: ShareTerms = { can: 'read', ...rest };
  parts.policy.assertRemovable(path);
  if ((type === 'link') !== (shareWith === undefined))
    throw new AppError(
      'invalid_input',
      type === 'link' ? 'A link is shared with nobody' : 'share_with is missing',
      {
        hint: 'type user, group and email take share_with, type link does not.',
      },
    );
  const file = await stat(parts, path, call);
  await assertWhollyVisible(parts, file, call);
  const parameters = {
    path,
    shareType: String(shareTypes[type]),
    shareWith,
    ...formOf(terms),
  };
  const { account, metadata, changeQueue } = parts;
  return changeQueue.run(path, async () => {
    const known = (await fetchShares(account, { path }, call)).map(({ id }) => id);
    const fact = { kind: 'shared', path, type, known, ...some('recipient', shareWith) } as const;
    const check = async (): Promise<Share | 'unclear' | undefined> => {
      const alike = await newShares(parts, fact, call);
      return alike.find((share) => hasTerms(share, terms)) ?? (alike.length > 0 ? 'unclear' : undefined);
    };
    try {
      const post = async (): Promise<Share> => postShare(account, parameters, call);
      const share = await noting(
        call,
        { fact, before: { fileId: file.fileId } },
        async () => reconcile(post, check, call, { once: true, remedy: LOOK_AT_SHARES }),
        // Sharing again with the same person answers with the share that is there.
        (made) =>
          known.includes(made.id)
            ? undefined
            : { fileId: file.fileId, etag: JSON.stringify(termsOf(made)), ref: made.id },
      );
      return shown(share);
    } finally {
      metadata.changed(path);
    }
  });
}

/** The shares of this kind that were not there before. */
export async function newShares(
  { account }: Pick<PolicyParts, 'account'>,
  { path, type, recipient, known }: FactOf<'shared'>,
  call: Call,
): Promise<Share[]> {
  const all = await fetchShares(account, { path }, call);
  return all.filter((share) => !known.includes(share.id) && isFor(share, type, recipient));
}

function isFor(share: Share, type: string, shareWith: string | undefined): boolean {
  if (typeOf(share) !== type) return false;
  return type === 'link' || share.share_with?.toLowerCase() === shareWith?.toLowerCase();
}

/** Whether a share has the terms that are given. Of a password only its presence is shown. */
function hasTerms(share: Share, { can, password, expires, note }: ShareTerms): boolean {
  const { can: canNow, expires: expiresNow = '', has_password: hasPassword = false } = shown(share);
  return (
    (can === undefined || can === canNow) &&
    (expires === undefined || expires === expiresNow) &&
    (note === undefined || note.trim() === (share.note ?? '').trim()) &&
    (password === undefined || (password !== '') === hasPassword)
  );
}

export async function updateShare(
  parts: PolicyParts,
  id: string,
  terms: ShareTerms,
  call: Call,
): Promise<Shared> {
  const before = await ownShare(parts, id, call);
  const form = formOf(terms);
  if (Object.values(form).every((value) => value === undefined))
    throw new AppError('invalid_input', 'Nothing to change was given', {
      hint: 'Pass can, password, expires or note.',
    });
  const check = async (): Promise<Share | 'unclear' | undefined> => {
    const now = await fetchShare(parts.account, id, call);
    return now ? updated(before, now, terms) : 'unclear';
  };
  const put = async (): Promise<Share> => putShare(parts.account, id, form, call);
  const was = termsOf(before);
  const { password, can = was.can, expires = was.expires, note = was.note } = terms;
  const after = { can, expires, note };
  const fact: FactOf<'share-changed'> = {
    kind: 'share-changed',
    path: parsePath(before.path),
    id,
    before: was,
    after,
    password: password !== undefined,
  };
  const share = await noting(
    call,
    { fact },
    async () => reconcile(put, check, call, { remedy: LOOK_AT_SHARES }),
    () => ({ ref: id }),
  );
  return shown(share);
}

/** What a share allows. */
export function termsOf(share: Share): NotedTerms {
  const { can, expires = '' } = shown(share);
  return { can, expires, note: share.note ?? '' };
}

/** What became of an update. All terms are changed at once, so any one that differed before shows it. */
function updated(before: Share, now: Share, terms: ShareTerms): Share | 'unclear' | undefined {
  if (hasTerms(before, terms)) return terms.password ? 'unclear' : now;
  if (hasTerms(now, terms)) return now;
  return JSON.stringify(now) === JSON.stringify(before) ? undefined : 'unclear';
}

export async function deleteShare(parts: PolicyParts, id: string, call: Call): Promise<Shared> {
  const share = await ownShare(parts, id, call);
  const remove = async (): Promise<Share> => {
    await removeShare(parts.account, id, call);
    return share;
  };
  const check = async (): Promise<Share | undefined> =>
    (await shareIfThere(parts, id, call)) ? undefined : share;
  const path = parsePath(share.path);
  try {
    await noting(
      call,
      { fact: { kind: 'final', path, why: 'share-ended' } },
      async () => reconcile(remove, check, call, { remedy: LOOK_AT_SHARES }),
      () => ({ ref: id }),
    );
  } finally {
    parts.metadata.changed(path);
  }
  return shown(share);
}

/** A share may be changed or ended where a share may be created. @throws AppError */
async function ownShare(parts: PolicyParts, id: string, call: Call): Promise<Share> {
  const share = await shareIfThere(parts, id, call);
  const path = share && sharedPath(parts, share);
  if (!path)
    throw new AppError('not_found', `There is no share ${id}`, {
      remedy: { kind: 'list-shares' },
    });
  parts.policy.assertRemovable(path);
  if (parts.policy.hidesInside) await assertWhollyVisible(parts, await stat(parts, path, call), call);
  return share;
}

export async function shareIfThere(
  { account }: Pick<PolicyParts, 'account'>,
  id: string,
  call: Call,
): Promise<Share | undefined> {
  try {
    return await fetchShare(account, id, call);
  } catch (error) {
    if (isAppError(error, 'not_found')) return undefined;
    throw error;
  }
}

// Creating and deleting belong to editing a folder; the server drops them for a file.
function formOf({ can, password, expires, note }: ShareTerms): Record<string, string | undefined> {
  const permissions = can === undefined ? undefined : String(can === 'edit' ? EDIT : READ);
  return { permissions, password, expireDate: expires, note };
}

function typeOf(share: Share): string | undefined {
  return Object.entries(shareTypes).find(([, number]) => number === share.share_type)?.[0];
}

function shown(share: Share): Shared {
  const type = typeOf(share);
  return {
    share_id: share.id,
    path: share.path,
    type: type ?? `type ${share.share_type}`,
    can: (share.permissions & 2) > 0 || (share.permissions & 4) > 0 ? 'edit' : 'read',
    ...(type === 'link' ? {} : some('with', share.share_with_displayname ?? share.share_with ?? undefined)),
    ...some('url', share.url ?? undefined),
    ...some('expires', share.expiration?.slice(0, 10)),
    ...(share.password ? { has_password: true } : {}),
  };
}

/**
 * An address from which anyone can get the file until it ends. Nextcloud lists none of them, so what became of
 * one is not known when the response is lost.
 */
export async function downloadLink(
  parts: PolicyParts,
  path: RemotePath,
  hours: number,
  call: Call,
): Promise<DirectLink> {
  // As for a share: what may not be changed may not be given away either.
  parts.policy.assertWritable(path);
  const file = await stat(parts, path, call);
  if (file.folder) throw notAFile(path);
  const make = async (): Promise<{ url: string }> => ({
    url: await fetchDirectLink(parts.account, file.fileId ?? '', hours * 3600, call),
  });
  const remedy = { kind: 'unseen-link' } as const;
  const { url } = await noting(
    call,
    { fact: { kind: 'final', path, why: 'link-made' } },
    async () => reconcile(make, async () => Promise.resolve('unclear'), call, { once: true, remedy }),
    () => ({}),
  );
  return { path, url, expires: iso(parts.account.serverTime(Date.now()) + hours * 3_600_000) ?? '' };
}
