import { AppError } from '../../errors.ts';
import { markFavorite } from '../../nextcloud/apps/favorites.ts';
import { assignTag, createTag, fetchTags, unassignTag } from '../../nextcloud/apps/tags.ts';
import type { Tag } from '../../nextcloud/apps/tags.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import type { RemotePath } from '../../path.ts';
import type { Account } from '../../nextcloud/account.ts';
import { some } from '../../nextcloud/dav/resource.ts';
import { sortInSlices } from '../../time-slices.ts';
import { fitting, room } from '../entry/cursor.ts';
import type { Call } from '../context/call.ts';
import { partlyMade, reconcile } from '../context/reconcile.ts';
import { stat, statAfterChange } from '../context/stat.ts';
import type { PolicyParts } from '../context/stat.ts';
import { noting } from '../history/recorder.ts';

export interface TagChange {
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

export interface Favorite {
  readonly path: string;
  readonly favorite: boolean;
}

export interface Labelled {
  readonly path: string;
  readonly tags: readonly string[];
}

export async function listTags(
  { account, maxChars }: { readonly account: Account; readonly maxChars: number },
  call: Call,
): Promise<{ tags: string[]; total?: number }> {
  const tags = await fetchTags(account, call);
  const { compare } = new Intl.Collator();
  const sorted = await sortInSlices(tags, (a, b) => compare(a.name, b.name), call.signal);
  const names = sorted.map(({ name }) => name);
  const shown = fitting(names, Infinity, room(maxChars, ''));
  return { tags: shown, ...some('total', shown.length < names.length ? names.length : undefined) };
}

/** Adds and removes tags by their names. One that is not known yet is made. */
export async function setTags(
  parts: PolicyParts,
  path: RemotePath,
  { add, remove }: TagChange,
  call: Call,
): Promise<Labelled> {
  parts.policy.assertWritable(path);
  if (add.some((name) => name.trim() === ''))
    throw new AppError('invalid_input', 'A tag needs a name', { remedy: { kind: 'list-tags' } });
  const before = await stat(parts, path, call);
  const had = before.detail?.tags ?? [];
  const known = await fetchTags(parts.account, call);
  const added = add.filter((name) => !find(had, name));
  const removed = remove.filter((name) => find(had, name) !== undefined);
  const done: string[] = [];
  const { fileId } = before;
  const fact = { kind: 'tagged', path, added, removed } as const;
  const isNoted = added.length + removed.length > 0;
  const [note] = (isNoted && (await call.changes?.begin([{ fact, before: { fileId } }]))) || [];
  try {
    for (const name of added) {
      let tag = known.find((one) => plain(one.name) === plain(name));
      if (!tag) {
        tag = await makeTag(parts, name, call);
        known.push(tag);
        done.push(`created the tag ${JSON.stringify(tag.name)}`);
      }
      await assign(parts, before, tag, call);
      done.push(`added ${JSON.stringify(tag.name)}`);
    }
    for (const name of removed) {
      const tag = known.find((one) => plain(one.name) === plain(name));
      if (!tag) continue;
      await unassign(parts, before, tag, call);
      done.push(`removed ${JSON.stringify(tag.name)}`);
    }
  } catch (error) {
    // Of several tags the first ones may be set.
    if (done.length === 0) note?.failed(error);
    throw partlyMade(error, done);
  } finally {
    parts.metadata.changed(path);
  }
  note?.done({ fileId });
  const after = await statAfterChange(parts, path, call);
  const kept = [...had.filter((name) => !find(removed, name)), ...added.map((name) => name.trim())];
  return { path, tags: after ? (after.detail?.tags ?? []) : kept };
}

async function makeTag({ account }: PolicyParts, name: string, call: Call): Promise<Tag> {
  const check = async (): Promise<Tag | undefined> =>
    (await fetchTags(account, call)).find((tag) => plain(tag.name) === plain(name));
  return reconcile(async () => createTag(account, name.trim(), call), check, call, {
    remedy: { kind: 'verify-change', place: 'tags' },
  });
}

async function assign(
  parts: PolicyParts,
  { path, fileId = '' }: Resource,
  tag: Tag,
  call: Call,
): Promise<void> {
  const put = async (): Promise<Tag> => {
    await assignTag(parts.account, fileId, tag, call);
    return tag;
  };
  await reconcile(put, async () => ((await hasTag(parts, path, tag, call)) ? tag : undefined), call);
}

async function unassign(
  parts: PolicyParts,
  { path, fileId = '' }: Resource,
  tag: Tag,
  call: Call,
): Promise<void> {
  const remove = async (): Promise<Tag> => {
    await unassignTag(parts.account, fileId, tag, call);
    return tag;
  };
  await reconcile(remove, async () => ((await hasTag(parts, path, tag, call)) ? undefined : tag), call);
}

async function hasTag(parts: PolicyParts, path: RemotePath, tag: Tag, call: Call): Promise<boolean> {
  const { detail } = await stat(parts, path, call);
  return find(detail?.tags ?? [], tag.name) !== undefined;
}

const plain = (name: string): string => name.trim().toLowerCase();
const find = (names: readonly string[], name: string): string | undefined =>
  names.find((one) => plain(one) === plain(name));

export async function setFavorite(
  parts: PolicyParts,
  path: RemotePath,
  favorite: boolean,
  call: Call,
): Promise<Favorite> {
  parts.policy.assertWritable(path);
  const before = await stat(parts, path, call);
  const was = before.detail?.favorite ?? false;
  const result: Favorite = { path, favorite };
  const mark = async (): Promise<Favorite> => {
    await markFavorite(parts.account, path, favorite, call);
    return result;
  };
  const check = async (): Promise<Favorite | undefined> => {
    const { detail } = await stat(parts, path, call);
    return (detail?.favorite ?? false) === favorite ? result : undefined;
  };
  try {
    const { fileId } = before;
    return await noting(
      call,
      { fact: { kind: 'favorite', path, favorite, was }, before: { fileId } },
      async () => reconcile(mark, check, call),
      () => (was === favorite ? undefined : { fileId }),
    );
  } finally {
    parts.metadata.changed(path);
  }
}
