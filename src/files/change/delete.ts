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
import { noting } from '../history/recorder.ts';
import type { NotedFile } from '../history/fact.ts';
import type { Intent } from '../history/recorder.ts';

/** What a change takes that may put files into the trash and may have to be confirmed. */
export interface DeleteParts extends PolicyParts {
  readonly capabilities: (call: Call) => Promise<Capabilities>;
  readonly confirmTokens: ConfirmTokens;
  readonly trashQueue: TrashQueue;
}

export interface Deleted extends Entry {
  readonly deleted: true;
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
  readonly inside?: readonly Resource[];
  /** Deleting it only ends the connection to it. */
  readonly mounted?: Mounted;
}

/** Files of a deleted folder that are noted one by one. */
const MAX_NOTED_INSIDE = 2000;

interface Surroundings {
  /** The place has a trash. */
  readonly trash: boolean;
  readonly mounted?: Mounted | undefined;
  /** What is in a folder, where that was looked at. */
  readonly inside?: readonly Resource[] | undefined;
}

/** What is noted of a deletion. */
export function removalOf(resource: Resource, { trash, mounted, inside = [] }: Surroundings): Intent {
  const { path, fileId, etag, folder, permissions } = resource;
  if (mounted) {
    const { kind, owner } = mounted;
    if (kind === 'received') return { fact: { kind: 'final', path, why: 'share-left', owner } };
    return { fact: { kind: 'final', path, why: 'storage-removed' } };
  }
  if (!trash) return { fact: { kind: 'final', path, why: 'no-trash' } };
  const shared = permissions?.includes('S') ?? false;
  const files = inside.flatMap((each): NotedFile[] => {
    const known = !each.folder && each.fileId !== undefined && each.etag !== undefined;
    return known ? [[each.path.slice(path.length), each.fileId, each.etag]] : [];
  });
  const few = files.length > 0 && files.length <= MAX_NOTED_INSIDE;
  const fact = { kind: 'removed', path, folder, shared, ...(few ? { inside: files } : {}) } as const;
  return { fact, before: { fileId, etag } };
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
  return { path, resource: seen.folder, trash, plan, bytes: seen.bytes, items, inside: seen.inside };
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
  { resource, trash, mounted, inside }: Doomed,
  call: Call,
): Promise<Deleted> {
  const intent = removalOf(resource, { trash, mounted, inside });
  await noting(
    call,
    intent,
    async () => removeResource(parts, resource, call),
    () => ({}),
  );
  return { ...toEntry(resource), deleted: true };
}

/** @param etag of a file, which is deleted only while it has it */
export async function removeResource(
  parts: Pick<DeleteParts, 'account' | 'metadata' | 'trashQueue'>,
  resource: Resource,
  call: Call,
  etag?: string,
): Promise<void> {
  const { metadata, account } = parts;
  const { path } = resource;
  const { davDelete: removeIt } = await davMethods();
  const made = async (): Promise<Resource> => {
    const headers = etag === undefined ? {} : { 'if-match': `"${etag}"` };
    await removeIt(account, path, { ...call, headers });
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
}
