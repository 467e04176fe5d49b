import { AppError, isAppError } from '../../errors.ts';
import { formatOfName } from '../../documents/kernel/format.ts';
import { some } from '../../nextcloud/dav/resource.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import type { DavTarget } from '../../nextcloud/dav/dav-methods.ts';
import type { DavOutcome } from '../../nextcloud/dav/dav-request.ts';
import { parentOf, parsePath } from '../../path.ts';
import type { RemotePath } from '../../path.ts';
import { someInSlices } from '../../time-slices.ts';
import { runBatch, isFailure, successes } from '../context/batch.ts';
import type { BatchItem } from '../context/batch.ts';
import { planStamp, ConfirmationRequired } from '../context/confirm-tokens.ts';
import { newEntry, toEntry } from '../entry/entry.ts';
import type { Entry } from '../entry/entry.ts';
import type { AccessPolicy } from '../context/access-policy.ts';
import type { Call } from '../context/call.ts';
import { davMethods } from '../context/dav-methods.ts';
import { withFreeName } from '../context/free-name.ts';
import { reconcile } from '../context/reconcile.ts';
import { missing, notAFolder, reservedName, stat, statIfThere } from '../context/stat.ts';
import type { DeleteParts } from './delete.ts';
import { mountedAt, mountInTheWay } from './mounted.ts';
import { onlyCaseDiffers, sameFile } from './letter-case.ts';
import { refuseClashes, refuseSame } from './pairs.ts';
import type { Pair } from './pairs.ts';
import { folderStatsText, folderStats } from './folder-stats.ts';
import type { FolderStats } from './folder-stats.ts';
import type { Intent, NotedChange } from '../history/recorder.ts';
import { removalOf } from './delete.ts';
import { noteContents } from './made.ts';

type RelocateKind = 'move' | 'copy';

export interface RelocateOptions {
  readonly overwrite: boolean;
  readonly confirm?: string | undefined;
  /** It was agreed to already, in a plan of more than this. */
  readonly agreed?: boolean;
}

/** Moving more things than this wants to be agreed to. */
export const MANY = 100;

/**
 * Moves each to exactly its destination. What is there is refused, or replaced with `overwrite`.
 *
 * @throws ConfirmationRequired with a plan, before a folder is replaced or more than a hundred entries move
 */
export async function moveItems(
  parts: DeleteParts,
  pairs: readonly Pair[],
  options: RelocateOptions,
  call: Call,
): Promise<BatchItem<Entry>[]> {
  return relocate(parts, pairs, { ...options, kind: 'move' }, call);
}

/** Copies on the server, with the same rules. */
export async function copyItems(
  parts: DeleteParts,
  pairs: readonly Pair[],
  options: RelocateOptions,
  call: Call,
): Promise<BatchItem<Entry>[]> {
  return relocate(parts, pairs, { ...options, kind: 'copy' }, call);
}

async function relocate(
  parts: DeleteParts,
  pairs: readonly Pair[],
  { kind, overwrite, confirm, agreed = false }: RelocateOptions & { readonly kind: RelocateKind },
  call: Call,
): Promise<BatchItem<Entry>[]> {
  refuseClashes(pairs);
  const looked = await runBatch(
    pairs,
    ({ from }) => from,
    async (pair) => planRelocation(parts, pair, { kind, overwrite }, call),
  );
  const found = successes(looked);
  const planned = found.filter(({ plan }) => plan.length > 0);
  const stamps = found.map(({ from, to, inside, replaced }) => [
    from,
    to,
    inside && planStamp(inside.folder),
    replaced && planStamp(replaced),
  ]);
  if (planned.length > 0 && !agreed && !parts.confirmTokens.holds(confirm, [kind, stamps]))
    throw new ConfirmationRequired(
      {
        lines: planned.flatMap(({ plan }) => plan),
        items: planned.reduce((sum, { items }) => sum + items, 0),
        bytes: planned.reduce((sum, { bytes }) => sum + bytes, 0),
        final: planned.some(({ final }) => final),
      },
      parts.confirmTokens.token([kind, stamps]),
    );
  return runBatch(
    looked,
    (item) => (isFailure(item) ? item.path : item.from),
    async (item) => (isFailure(item) ? item : carry(parts, item, call)),
  );
}

async function planRelocation(
  parts: DeleteParts,
  pair: Pair,
  { kind, overwrite }: { readonly kind: RelocateKind; readonly overwrite: boolean },
  call: Call,
): Promise<Relocation> {
  const { policy } = parts;
  const { from, to } = pair;
  if (kind === 'move') policy.assertRemovable(from);
  else policy.assertReadable(from);
  policy.assertRemovable(to);
  refuseSame(pair);
  const source = await seen(parts, kind, from, call);
  const asWhole = policy.hidesInside || kind === 'move';
  const inside = asWhole && source?.folder ? await folderStats(parts, from, call) : undefined;
  await refuseHiding(parts, { from, to }, inside?.paths ?? [], call);
  const count = (inside?.files ?? 0) + (inside?.folders ?? 0);
  const replaced = overwrite ? await statIfThere(parts, to, call) : undefined;
  if (replaced && (await mountedAt(parts, replaced, call))) throw mountInTheWay(to);
  // Replacing the target would delete the source with it.
  if (replaced && onlyCaseDiffers(from, to) && replaced.fileId === (await stat(parts, from, call)).fileId)
    throw sameFile(from, to);
  const lost = replaced?.folder ? await folderStats(parts, to, call) : undefined;
  const final = replaced !== undefined && !(await parts.capabilities(call)).trash;
  const ending = final ? '. It is FINAL: there is no trash' : '';
  return {
    ...pair,
    kind,
    source: inside?.folder ?? source,
    inside,
    replaced: lost?.folder ?? replaced,
    lost,
    final,
    items: count,
    bytes: inside?.bytes ?? source?.size ?? 0,
    plan: [
      ...(inside && kind === 'move' && count > MANY
        ? [`Move ${from} to ${to}: ${folderStatsText(inside)}`]
        : []),
      ...(lost ? [`Replace the folder ${to}, which goes away with ${folderStatsText(lost)}${ending}`] : []),
      ...(final && !lost ? [`Replace ${to}${ending}`] : []),
    ],
  };
}

/** Source code stands in folders such as `node.js`, and a document of Apple's may be a folder of parts. */
const likeFolders: ReadonlySet<string> = new Set(['code', 'iwork']);

/**
 * The source, as far as anything depends on it. Where nothing is hidden only the plan for many things does,
 * so what is named like a file is moved without a look first: a move can be taken back.
 */
async function seen(
  parts: DeleteParts,
  kind: RelocateKind,
  from: RemotePath,
  call: Call,
): Promise<Resource | undefined> {
  const { policy, metadata } = parts;
  const known = metadata.get(from);
  if (known?.folder) return known;
  const format = formatOfName(from) ?? 'code';
  const file = known !== undefined || kind === 'copy' || !likeFolders.has(format);
  return file && !policy.hidesInside ? known : stat(parts, from, call);
}

/** What is in a folder must not come to lie where nothing may be written. */
export async function refuseHiding(
  { policy }: { readonly policy: AccessPolicy },
  { from, to }: Pair,
  paths: readonly RemotePath[],
  { signal }: Call,
): Promise<void> {
  if (!policy.hidesInside) return;
  const isHidden = (path: RemotePath): boolean => !policy.isAllowed(parsePath(to + path.slice(from.length)));
  if (await someInSlices(paths, isHidden, signal))
    throw new AppError('forbidden', `Something in ${from} would be out of bounds in ${to}`, {
      hint: 'Name another destination, or the single files.',
    });
}

async function carry(parts: DeleteParts, plan: Relocation, call: Call): Promise<Entry> {
  const { kind, from, to, source, replaced } = plan;
  const { metadata, account } = parts;
  const { davMove, davCopy } = await davMethods();
  // Etags of folders are not compared by Nextcloud, so those are guarded by the look just before.
  const target: DavTarget = {
    ...call,
    overwrite: replaced !== undefined,
    ...some('replaces', replaced?.folder ? undefined : replaced?.etag),
  };
  const run = async (): Promise<Entry> =>
    relocated(source, to, await (kind === 'move' ? davMove : davCopy)(account, from, to, target));
  const settled = async (): Promise<Entry> => reconcile(run, async () => arrived(parts, plan, call), call);
  const notes = (await call.changes?.begin(intentsOf(plan))) ?? [];
  try {
    const entry = await (replaced ? parts.trashQueue.run(to, call, settled) : settled());
    await noteArrival(parts, plan, { entry, notes }, call);
    return entry;
  } catch (error) {
    for (const note of notes) note.failed(error);
    throw withFreeName(await explain(parts, error, plan, call), to);
  } finally {
    metadata.changed(...(kind === 'move' ? [from, to] : [to]));
  }
}

/** What goes away at the target, and what comes to it. */
function intentsOf({ kind, from, to, source, inside, replaced, lost, final }: Relocation): Intent[] {
  const { fileId, etag, folder = inside !== undefined } = source ?? {};
  const arrival: Intent =
    kind === 'move'
      ? { fact: { kind: 'moved', from, to }, before: { fileId, etag } }
      : { fact: { kind: 'made', path: to, folder, how: 'copied', from }, before: { etag } };
  return [...(replaced ? [removalOf(replaced, { trash: !final, inside: lost?.inside })] : []), arrival];
}

async function noteArrival(
  parts: DeleteParts,
  { kind, to, source }: Relocation,
  { entry, notes }: { readonly entry: Entry; readonly notes: readonly NotedChange[] },
  call: Call,
): Promise<void> {
  const arrival = notes.at(-1);
  if (!arrival) return;
  for (const gone of notes.slice(0, -1)) gone.done({});
  arrival.done({ fileId: entry.file_id, etag: entry.etag });
  if (kind === 'move') return;
  // The answer to a COPY tells no etag.
  const copied = { path: to, folder: source?.folder ?? true, ...some('fileId', entry.file_id) };
  const root = await noteContents(parts, copied, 'copied', call);
  if (root) arrival.done({ fileId: root.fileId, etag: root.etag });
}

interface Relocation extends Pair {
  readonly kind: RelocateKind;
  /** What is known of them from before. */
  readonly source: Resource | undefined;
  /** What a folder holds, where that was looked at. */
  readonly inside: FolderStats | undefined;
  readonly replaced: Resource | undefined;
  /** What the folder holds that is replaced. */
  readonly lost: FolderStats | undefined;
  /** Why it wants to be agreed to; empty when it does not. */
  readonly plan: readonly string[];
  readonly items: number;
  readonly bytes: number;
  readonly final: boolean;
}

/** Whether a change was made whose answer is lost. What was at the target before must not pass for it. */
async function arrived(
  parts: DeleteParts,
  { kind, from, to, source, replaced }: Relocation,
  call: Call,
): Promise<Entry | 'unclear' | undefined> {
  const there = await statIfThere(parts, to, call);
  if (!there || there.fileId === replaced?.fileId) return undefined;
  const left = await statIfThere(parts, from, call);
  if (kind === 'copy') {
    // Nextcloud gives a copy the etag of its source.
    const same = left?.folder === there.folder && left.etag === there.etag && left.size === there.size;
    return same ? toEntry(there) : 'unclear';
  }
  if (left) return undefined;
  return source?.fileId === there.fileId || replaced ? toEntry(there) : 'unclear';
}

async function explain(
  parts: DeleteParts,
  error: unknown,
  { from, to, replaced }: Relocation,
  call: Call,
): Promise<unknown> {
  if (!isAppError(error)) return error;
  if (error.code === 'precondition_failed') {
    if (!replaced && onlyCaseDiffers(from, to)) return sameFile(from, to, error);
    if (!replaced && !(await statIfThere(parts, to, call).catch(() => true))) return reservedName(to);
    return new AppError('exists', `${to} exists already, or was changed meanwhile`, {
      status: 412,
      hint: 'Choose another name.',
      remedy: { kind: 'overwrite', keeps: 'trash' },
      cause: error,
    });
  }
  if (error.code === 'not_found') return missing(from, error);
  // 415 is how 34 says that the parent is a file.
  if (error.code === 'conflict' || error.status === 415) {
    const parent = await statIfThere(parts, parentOf(to), call).catch(() => undefined);
    if (parent && !parent.folder) return notAFolder(parentOf(to));
    return new AppError('conflict', `The folder ${parentOf(to)} does not exist`, {
      status: 409,
      remedy: { kind: 'create-folder', folder: parentOf(to) },
      cause: error,
    });
  }
  return error;
}

function relocated(source: Resource | undefined, to: RemotePath, { headers }: DavOutcome): Entry {
  const { type, ...rest } = newEntry(to, undefined, headers);
  // Only a file's MOVE is answered with its etag.
  const known =
    type ?? (source ? (source.folder ? 'directory' : 'file') : rest.etag === undefined ? undefined : 'file');
  return {
    ...rest,
    ...some('type', known),
    ...(source ? { ...some('size', source.size), ...some('mime_type', source.mime) } : {}),
  };
}
