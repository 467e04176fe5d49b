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
import type { RemotePath } from '../../path.ts';
import { iso } from '../entry/entry.ts';
import type { Call } from '../context/call.ts';
import { notAFile, stat } from '../context/stat.ts';
import type { PolicyParts } from '../context/stat.ts';
import { assertWhollyVisible, sharedPath, visibleShares } from './share-policy.ts';
import type { Undo } from '../context/undo.ts';

export interface Shared {
  readonly share_id: string;
  readonly path: string;
  readonly type: string;
  readonly can: 'read' | 'edit';
  readonly with?: string;
  readonly url?: string;
  readonly expires?: string;
  readonly has_password?: boolean;
  readonly undo?: Undo;
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

/** Own shares of what is visible as a whole; of one path, or all. */
export async function listShares(
  parts: PolicyParts,
  path: RemotePath | undefined,
  call: Call,
): Promise<{ shares: Shared[] }> {
  if (path !== undefined) parts.policy.assertReadable(path);
  const all = await fetchShares(parts.account, { path, reshares: path && 'true' }, call);
  return { shares: (await visibleShares(parts, all, call)).map(shown) };
}

/** Shares for reading, unless more is asked for. A folder must not hold what is hidden. */
export async function createShare(
  parts: PolicyParts,
  path: RemotePath,
  { type, shareWith, ...terms }: NewShare,
  call: Call,
): Promise<Shared> {
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
    ...formOf({ can: 'read', ...terms }),
  };
  const share = await postShare(parts.account, parameters, call);
  parts.metadata.changed(path);
  return { ...shown(share), undo: [{ action: 'delete-share', id: share.id }] };
}

export async function updateShare(
  parts: PolicyParts,
  id: string,
  terms: ShareTerms,
  call: Call,
): Promise<Shared> {
  const before = await ownShare(parts, id, call);
  const form = Object.entries(formOf(terms)).filter((entry) => entry[1] !== undefined);
  if (form.length === 0)
    throw new AppError('invalid_input', 'Nothing to change was given', {
      hint: 'Pass can, password, expires or note.',
    });
  let share = before;
  for (const [name, value] of form) share = await putShare(parts.account, id, { [name]: value }, call);
  const old = {
    id,
    ...(terms.can === undefined ? {} : { can: shown(before).can }),
    ...(terms.expires === undefined ? {} : { expires: shown(before).expires ?? '' }),
    ...(terms.note === undefined ? {} : { note: before.note ?? '' }),
  };
  const passwordLost = terms.password !== undefined;
  return { ...shown(share), undo: [{ action: 'update-share', ...old, passwordLost }] };
}

export async function deleteShare(parts: PolicyParts, id: string, call: Call): Promise<Shared> {
  const share = await ownShare(parts, id, call);
  await removeShare(parts.account, id, call);
  const { type, can, path, expires } = shown(share);
  const recipient = type === 'link' ? {} : { recipient: share.share_with ?? '' };
  const again = { path, type, ...recipient, can, ...some('expires', expires) };
  return { ...shown(share), undo: [{ action: 'create-share', ...again }] };
}

/** A share may be changed or ended where a share may be created. @throws AppError */
async function ownShare(parts: PolicyParts, id: string, call: Call): Promise<Share> {
  const share = await fetchShare(parts.account, id, call).catch((error: unknown) => {
    if (isAppError(error, 'not_found')) return undefined;
    throw error;
  });
  const path = share && sharedPath(parts, share);
  if (!path)
    throw new AppError('not_found', `There is no share ${id}`, {
      remedy: { kind: 'list-shares' },
    });
  parts.policy.assertRemovable(path);
  if (parts.policy.hidesInside) await assertWhollyVisible(parts, await stat(parts, path, call), call);
  return share;
}

// Creating and deleting belong to editing a folder; the server drops them for a file.
function formOf({ can, password, expires, note }: ShareTerms): Record<string, string | undefined> {
  const permissions = can === undefined ? undefined : String(can === 'edit' ? EDIT : READ);
  return { permissions, password, expireDate: expires, note };
}

function shown(share: Share): Shared {
  const type = Object.entries(shareTypes).find(([, number]) => number === share.share_type)?.[0];
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

/** An address from which anyone can get the file until it ends. */
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
  const url = await fetchDirectLink(parts.account, file.fileId ?? '', hours * 3600, call);
  return { path, url, expires: iso(parts.account.serverTime(Date.now()) + hours * 3_600_000) ?? '' };
}
