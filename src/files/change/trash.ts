import { AppError, isAppError } from '../../errors.ts';
import { some } from '../../nextcloud/dav/resource.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import {
  listInsideTrashbin,
  restoreTrashbinItem,
  moveOutOfTrashbin,
  listTrashbin,
} from '../../nextcloud/apps/trashbin.ts';
import type { TrashbinItem } from '../../nextcloud/apps/trashbin.ts';
import { baseName, parentOf, ROOT } from '../../path.ts';
import type { RemotePath } from '../../path.ts';
import { filterInSlices, someInSlices, sortInSlices } from '../../time-slices.ts';
import { fitting, room } from '../entry/cursor.ts';
import { iso, toEntry } from '../entry/entry.ts';
import type { Entry } from '../entry/entry.ts';
import { createFolder } from '../write/create-folder.ts';
import type { CreateFolderParts } from '../write/create-folder.ts';
import { refuseHiding } from './move-copy.ts';
import type { Call } from '../context/call.ts';
import { withFreeName } from '../context/free-name.ts';
import { reconcile } from '../context/reconcile.ts';
import { statAfterChange, statIfThere } from '../context/stat.ts';
import type { PolicyParts } from '../context/stat.ts';
import { noting } from '../history/recorder.ts';
import { noteContents } from './made.ts';

export interface TrashItem extends Entry {
  /** Its name in the trash. */
  readonly item: string;
  readonly deleted_at: string;
}

export interface TrashPage {
  readonly items: readonly TrashItem[];
  readonly total: number;
  readonly complete: boolean;
}

/** What lies in the trash and was within bounds before, the last deleted first. */
export async function listTrashItems(
  parts: PolicyParts & { readonly maxChars: number },
  limit: number,
  call: Call,
): Promise<TrashPage> {
  const all = await within(parts, call);
  const newest = all.slice(0, limit).map((each) => ({
    item: each.id,
    name: baseName(each.path),
    path: each.path,
    type: each.folder ? ('directory' as const) : ('file' as const),
    // The size of a folder would tell of what is hidden in it.
    ...some('size', parts.policy.redact(each).size),
    deleted_at: iso(each.deleted) ?? '',
    ...some('file_id', each.fileId),
  }));
  const items = fitting(newest, limit, room(parts.maxChars, ''));
  return { items, total: all.length, complete: items.length === all.length };
}

async function within({ account, policy }: PolicyParts, call: Call): Promise<TrashbinItem[]> {
  const all = await listTrashbin(account, call);
  const allowed = await filterInSlices(all, ({ path }) => policy.isAllowed(path), call.signal);
  return sortInSlices(allowed, (a, b) => b.deleted - a.deleted, call.signal);
}

/** Gets something back: to its old place, or to another one that is free. */
export async function restoreTrashItem(
  parts: CreateFolderParts,
  item: string,
  destination: RemotePath | undefined,
  call: Call,
): Promise<Entry> {
  const old = item.startsWith('/') ? item : `/${item}`;
  const all = await within(parts, call);
  const found =
    all.find(({ id, fileId }) => fileId === item || id === item) ??
    all.find(({ path }) => path === old.normalize('NFC'));
  if (!found)
    throw new AppError('not_found', `${item} is not in the trash`, {
      remedy: { kind: 'list-trash' },
    });
  const to = destination ?? found.path;
  // It is moved from the one place to the other.
  parts.policy.assertRemovable(found.path);
  parts.policy.assertRemovable(to);
  await refuseHidden(parts, found, to, call);
  if (await statIfThere(parts, to, call))
    throw new AppError('exists', `${to} exists already`, { remedy: { kind: 'free-destination' } });
  const parent = parentOf(to);
  if (parent !== ROOT) await createFolder(parts, parent, call);
  const { folder, size } = found;
  const fact = { kind: 'made', path: to, folder, how: 'restored' } as const;
  const back = await noting(
    call,
    { fact, before: { fileId: found.fileId } },
    async () => takeOut(parts, found, to, call),
    ({ fileId, etag }) => ({ fileId, etag }),
  );
  if (folder) await noteContents(parts, back, 'restored', call);
  return toEntry({ ...back, ...some('size', back.size ?? size) });
}

async function takeOut(
  parts: CreateFolderParts,
  found: TrashbinItem,
  to: RemotePath,
  call: Call,
): Promise<Resource> {
  try {
    await reconcile(
      async () => {
        if (to === found.path) await restoreTrashbinItem(parts.account, found.id, call);
        else await moveOutOfTrashbin(parts.account, found.id, to, call);
        return found;
      },
      async () => {
        const left = (await listTrashbin(parts.account, call)).some(({ id }) => id === found.id);
        if (left) return undefined;
        return (await statIfThere(parts, to, call)) ? found : 'unclear';
      },
      call,
      { remedy: { kind: 'verify-change', place: 'trash' } },
    );
  } catch (error) {
    throw isAppError(error, 'precondition_failed')
      ? new AppError('exists', `${to} exists already`, {
          remedy: { kind: 'free-destination' },
          cause: error,
        })
      : withFreeName(error, to);
  } finally {
    parts.metadata.changed(found.path, to);
  }
  const { folder, size } = found;
  return (await statAfterChange(parts, to, call)) ?? { path: to, folder, size };
}

// A folder may hold what is out of bounds, thrown away by the person; it is not brought back by an assistant.
async function refuseHidden(
  parts: PolicyParts,
  { id, path, folder }: TrashbinItem,
  to: RemotePath,
  call: Call,
): Promise<void> {
  const { account, policy } = parts;
  if (!folder || !policy.hidesInside) return;
  const inside = await listInsideTrashbin(account, id, call);
  const isHidden = (each: RemotePath | undefined): boolean => each === undefined || !policy.isAllowed(each);
  if (await someInSlices(inside, isHidden, call.signal))
    throw new AppError(
      'forbidden',
      `${path} holds something that is out of bounds, so it stays in the trash`,
    );
  await refuseHiding(
    parts,
    { from: path, to },
    inside.filter((each) => each !== undefined),
    call,
  );
}
