import { AppError, isAppError } from '../../errors.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import { parentOf, ROOT, within } from '../../path.ts';
import type { RemotePath } from '../../path.ts';
import { runBatch, isFailure, successes } from '../context/batch.ts';
import type { BatchItem } from '../context/batch.ts';
import { planStamp, ConfirmationRequired } from '../context/confirm-tokens.ts';
import { toEntry } from '../entry/entry.ts';
import type { Entry } from '../entry/entry.ts';
import type { Capabilities } from '../../nextcloud/apps/capabilities.ts';
import type { Call } from '../context/call.ts';
import type { ConfirmTokens } from '../context/confirm-tokens.ts';
import { davMethods } from '../context/dav-methods.ts';
import { reconcile } from '../context/reconcile.ts';
import { refuseOffline } from '../context/refuse-offline.ts';
import { missing, statCached, statIfThere } from '../context/stat.ts';
import type { PolicyParts } from '../context/stat.ts';
import type { TrashQueue } from './trash-queue.ts';
import { isForEveryone, mountedAt } from './mounted.ts';
import type { Mounted } from './mounted.ts';
import { folderStatsText, folderStats } from './folder-stats.ts';
import { fromTrash } from '../context/undo.ts';
import type { Undo } from '../context/undo.ts';

/** What a change takes that may put files into the trash and may have to be confirmed. */
export interface DeleteParts extends PolicyParts {
  readonly capabilities: (call: Call) => Promise<Capabilities>;
  readonly confirmTokens: ConfirmTokens;
  readonly trashQueue: TrashQueue;
}

export interface Deleted extends Entry {
  readonly deleted: true;
  readonly undo: Undo;
}

/** What is to be deleted, as it was looked at. */
interface Doomed {
  readonly path: RemotePath;
  readonly resource: Resource;
  /** The place has a trash. */
  readonly trash: boolean;
  /** Why it wants to be agreed to, in one line. */
  readonly plan: string | undefined;
  readonly bytes: number;
  readonly items: number;
  /** Deleting it only ends the connection to it. */
  readonly mounted?: Mounted;
}

function connecting(path: RemotePath, { kind, owner }: Mounted): Undo {
  return [kind === 'received' ? { action: 'ask-owner', owner, path } : { action: 'connect-storage', path }];
}

/**
 * Deletes into the trash. A folder with contents, and anything where there is no trash, first becomes a plan.
 *
 * @throws Unconfirmed with the plan, when `confirm` does not belong to what is there now
 */
export async function deleteItems(
  parts: DeleteParts,
  paths: readonly RemotePath[],
  confirm: string | undefined,
  call: Call,
): Promise<BatchItem<Deleted>[]> {
  const nested = paths.find((path) => paths.some((other) => other !== path && within(path, other)));
  if (nested !== undefined)
    throw new AppError('invalid_input', `${nested} lies in another folder of the list`, {
      hint: 'Name either the folder or what is in it.',
    });
  const looked = await runBatch(
    [...new Set(paths)],
    (path) => path,
    async (path) => look(parts, path, call),
  );
  const found = successes(looked);
  const planned = found.filter(({ plan }) => plan !== undefined);
  const trash = found.every((item) => item.trash);
  const change = ['delete', trash, found.map(({ resource }) => planStamp(resource))];
  if (planned.length > 0 && !parts.confirmTokens.holds(confirm, change))
    throw new ConfirmationRequired(
      {
        lines: planned.map(({ plan }) => plan ?? ''),
        items: planned.reduce((sum, { items }) => sum + items, 0),
        bytes: planned.reduce((sum, { bytes }) => sum + bytes, 0),
        final: !trash,
      },
      parts.confirmTokens.token(change),
    );
  return runBatch(
    looked,
    ({ path }) => path,
    async (item) => (isFailure(item) ? item : take(parts, item, call)),
  );
}

async function look(parts: DeleteParts, path: RemotePath, call: Call): Promise<Doomed> {
  parts.policy.assertRemovable(path);
  const { trash } = await parts.capabilities(call);
  const known = await statCached(parts, path, call);
  const mounted = await mountedAt(parts, known, call);
  if (mounted) return leaving(known, mounted);
  // What Nextcloud shows there may be what the storage hides, and the deletion may end the connection to the storage.
  if (known.folder && parentOf(path) === ROOT) await refuseOffline(parts, path, call);
  const everyone = isForEveryone(known) ? '. It goes away for everyone it is shared with' : '';
  const ending = everyone + (trash ? '' : '. It is FINAL: there is no trash');
  if (!known.folder) {
    const plan = trash ? undefined : `Delete ${path}${ending}`;
    return { path, resource: known, trash, plan, bytes: known.size ?? 0, items: 1 };
  }
  const seen = await folderStats(parts, path, call);
  const items = seen.files + seen.folders + seen.odd + seen.unknown.length;
  const plan =
    items === 0 && trash ? undefined : `Delete the folder ${path}: ${folderStatsText(seen)}${ending}`;
  return { path, resource: seen.folder, trash, plan, bytes: seen.bytes, items };
}

/** Nothing is deleted where it is stored, and nothing comes into the trash. */
function leaving(resource: Resource, mounted: Mounted): Doomed {
  const { path } = resource;
  const { owner } = mounted;
  const plan =
    mounted.kind === 'received'
      ? `Leave the share ${path}: ${owner} keeps everything, and it goes away for you only. To get it back, ask ${owner} to share it again`
      : `Remove the connection to the external storage ${path}: its files stay where they are, and its settings are lost`;
  return { path, resource, trash: false, plan, bytes: 0, items: 1, mounted };
}

async function take(
  parts: DeleteParts,
  { path, resource, trash, mounted }: Doomed,
  call: Call,
): Promise<Deleted> {
  const { metadata, account } = parts;
  const { davDelete: removeIt } = await davMethods();
  const made = async (): Promise<Resource> => {
    await removeIt(account, path, call);
    return resource;
  };
  const looked = async (): Promise<Resource | undefined> => {
    const there = await statIfThere(parts, path, call);
    return there && there.fileId === resource.fileId ? undefined : resource;
  };
  try {
    await parts.trashQueue.run(path, call, async () => reconcile(made, looked, call));
  } catch (error) {
    throw isAppError(error, 'not_found') ? missing(path, error) : error;
  } finally {
    metadata.changed(path);
  }
  const undo: Undo = mounted
    ? connecting(path, mounted)
    : trash
      ? fromTrash(resource)
      : [{ action: 'impossible' }];
  return { ...toEntry(resource), deleted: true, undo };
}
