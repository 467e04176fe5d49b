import { AppError } from '../../errors.ts';
import { markFavorite } from '../../nextcloud/apps/favorites.ts';
import { assignTag, createTag, fetchTags, unassignTag } from '../../nextcloud/apps/tags.ts';
import type { RemotePath } from '../../path.ts';
import type { Account } from '../../nextcloud/account.ts';
import type { Call } from '../context/call.ts';
import { stat } from '../context/stat.ts';
import type { PolicyParts } from '../context/stat.ts';
import type { Undo } from '../context/undo.ts';

export interface TagChange {
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

export interface Favorite {
  readonly path: string;
  readonly favorite: boolean;
  readonly undo: Undo;
}

export interface Labelled {
  readonly path: string;
  readonly tags: readonly string[];
  readonly undo: Undo;
}

export async function listTags(
  { account }: { readonly account: Account },
  call: Call,
): Promise<{ tags: string[] }> {
  const tags = await fetchTags(account, call);
  return { tags: tags.map(({ name }) => name).toSorted((a, b) => a.localeCompare(b)) };
}

/** Adds and removes tags by their names. One that is not known yet is made. */
export async function setTags(
  parts: PolicyParts,
  path: RemotePath,
  { add, remove }: TagChange,
  call: Call,
): Promise<Labelled> {
  parts.policy.assertWritable(path);
  const { account } = parts;
  const before = await stat(parts, path, call);
  const had = new Set((before.detail?.tags ?? []).map(plain));
  const known = await fetchTags(account, call);
  const tagOf = (name: string): (typeof known)[number] | undefined =>
    known.find((tag) => plain(tag.name) === plain(name));
  const added = add.filter((name) => !had.has(plain(name)));
  const removed = remove.filter((name) => had.has(plain(name)));
  if (add.some((name) => name.trim() === ''))
    throw new AppError('invalid_input', 'A tag needs a name', { remedy: { kind: 'list-tags' } });
  try {
    for (const name of added) {
      const tag = tagOf(name) ?? (await createTag(account, name.trim(), call));
      await assignTag(account, before.fileId ?? '', tag, call);
    }
    for (const name of removed) {
      const tag = tagOf(name);
      if (tag) await unassignTag(account, before.fileId ?? '', tag, call);
    }
  } finally {
    parts.metadata.changed(path);
  }
  const after = await stat(parts, path, call);
  const undo = [{ action: 'set-tags', path, add: removed, remove: added }] as const;
  return { path, tags: after.detail?.tags ?? [], undo };
}

const plain = (name: string): string => name.trim().toLowerCase();

export async function setFavorite(
  parts: PolicyParts,
  path: RemotePath,
  favorite: boolean,
  call: Call,
): Promise<Favorite> {
  parts.policy.assertWritable(path);
  const before = await stat(parts, path, call);
  try {
    await markFavorite(parts.account, path, favorite, call);
  } finally {
    parts.metadata.changed(path);
  }
  const was = before.detail?.favorite ?? false;
  return { path, favorite, undo: [{ action: 'set-favorite', path, favorite: was }] };
}
