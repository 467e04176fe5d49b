import { AppError, isAppError } from '../errors.ts';
import { formatOfName } from '../extract/format.ts';
import { some } from '../nextcloud/resource.ts';
import type { Resource } from '../nextcloud/resource.ts';
import type { Done, Target } from '../nextcloud/verbs.ts';
import { parentOf, parsePath, within } from '../path.ts';
import type { RemotePath } from '../path.ts';
import { each, failed, succeeded } from './batch.ts';
import type { Item } from './batch.ts';
import { stamp, Unconfirmed } from './consent.ts';
import { intoTrash } from './deletion.ts';
import { newEntry, toEntry } from './entry.ts';
import type { Entry } from './entry.ts';
import { missing, notAFolder, reservedName, settle, stat, statIfThere, verbs } from './service.ts';
import type { Call, Service } from './service.ts';
import { inWords, survey } from './survey.ts';
import type { Survey } from './survey.ts';
import { back, fromTrash, inOrder, toTrash } from './undo.ts';

export type Kind = 'move' | 'copy';

export interface Pair {
  readonly from: RemotePath;
  readonly to: RemotePath;
}

export interface RelocateOptions {
  readonly overwrite: boolean;
  readonly confirm?: string | undefined;
}

export interface Relocated extends Entry {
  readonly undo: string;
}

/** Moving more things than this wants to be agreed to. */
const MANY = 100;

/**
 * Moves or copies each to exactly its destination. What is there is refused, or with `overwrite` replaced.
 *
 * @throws Unconfirmed with a plan, before a folder is replaced or more than a hundred things move
 */
export async function relocate(
  service: Service,
  kind: Kind,
  pairs: readonly Pair[],
  { overwrite, confirm }: RelocateOptions,
  call: Call,
): Promise<Item<Relocated>[]> {
  refuseClashes(pairs);
  const looked = await each(
    pairs,
    ({ from }) => from,
    async (pair) => look(service, kind, pair, overwrite, call),
  );
  const found = succeeded(looked);
  const planned = found.filter(({ plan }) => plan.length > 0);
  const stamps = found.map(({ from, to, inside, replaced }) => [
    from,
    to,
    inside && stamp(inside.folder),
    replaced && stamp(replaced),
  ]);
  if (planned.length > 0 && !service.consent.holds(confirm, [kind, stamps]))
    throw new Unconfirmed(
      {
        lines: planned.flatMap(({ plan }) => plan),
        items: planned.reduce((sum, { items }) => sum + items, 0),
        bytes: planned.reduce((sum, { bytes }) => sum + bytes, 0),
        final: planned.some(({ final }) => final),
      },
      service.consent.token([kind, stamps]),
    );
  return each(
    looked,
    (item) => (failed(item) ? item.path : item.from),
    async (item) => (failed(item) ? item : carry(service, item, call)),
  );
}

function refuseClashes(pairs: readonly Pair[]): void {
  for (const [index, { from, to }] of pairs.entries())
    for (const other of pairs.slice(index + 1)) {
      if (other.to === to)
        throw new AppError('invalid_input', `${from} and ${other.from} would both become ${to}`, {
          hint: 'Give them different destinations, one call each.',
        });
      if (within(from, other.from) || within(other.from, from))
        throw new AppError('invalid_input', `${from} and ${other.from} lie in each other`, {
          hint: 'Name either the folder or what is in it.',
        });
    }
}

async function look(
  service: Service,
  kind: Kind,
  pair: Pair,
  overwrite: boolean,
  call: Call,
): Promise<Relocation> {
  const { fence } = service;
  const { from, to } = pair;
  if (kind === 'move') fence.allowTaking(from);
  else fence.allowReading(from);
  fence.allowTaking(to);
  refuseSame(pair);
  const source = await seen(service, kind, from, call);
  const asWhole = fence.hidesInside || kind === 'move';
  const inside = asWhole && source?.folder ? await survey(service, from, call) : undefined;
  refuseHiding(service, from, to, inside?.paths ?? []);
  const count = (inside?.files ?? 0) + (inside?.folders ?? 0);
  const replaced = overwrite ? await statIfThere(service, to, call) : undefined;
  const lost = replaced?.folder ? await survey(service, to, call) : undefined;
  const final = replaced !== undefined && !(await service.capabilities(call)).trash;
  const ending = final ? '. It is FINAL: there is no trash' : '';
  return {
    ...pair,
    kind,
    source: inside?.folder ?? source,
    inside,
    replaced: lost?.folder ?? replaced,
    final,
    items: count,
    bytes: inside?.bytes ?? source?.size ?? 0,
    plan: [
      ...(inside && kind === 'move' && count > MANY ? [`Move ${from} to ${to}: ${inWords(inside)}`] : []),
      ...(lost ? [`Replace the folder ${to}, which goes away with ${inWords(lost)}${ending}`] : []),
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
  service: Service,
  kind: Kind,
  from: RemotePath,
  call: Call,
): Promise<Resource | undefined> {
  const { fence, memory } = service;
  const known = memory.recall(from);
  if (known?.folder) return known;
  const format = formatOfName(from) ?? 'code';
  const file = known !== undefined || kind === 'copy' || !likeFolders.has(format);
  return file && !fence.hidesInside ? known : stat(service, from, call);
}

/** What is in a folder must not come to lie where nothing may be written. */
export function refuseHiding(
  { fence }: Pick<Service, 'fence'>,
  from: RemotePath,
  to: RemotePath,
  paths: readonly RemotePath[],
): void {
  if (fence.hidesInside && paths.some((path) => !fence.gives(parsePath(to + path.slice(from.length)))))
    throw new AppError('forbidden', `Something in ${from} would be out of bounds in ${to}`, {
      hint: 'Name another destination, or the single files.',
    });
}

function refuseSame({ from, to }: Pair): void {
  if (from === to)
    throw new AppError('invalid_input', `${from} is there already`, { hint: 'Name another destination.' });
  const hint = 'Name a destination outside of it.';
  // Nextcloud deletes the parent before it refuses such a copy (observed on 34).
  if (within(from, to)) throw new AppError('invalid_input', `${to} contains ${from}`, { hint });
  if (within(to, from)) throw new AppError('invalid_input', `${from} cannot be put into itself`, { hint });
}

async function carry(service: Service, plan: Relocation, call: Call): Promise<Relocated> {
  const { kind, from, to, source, replaced, final } = plan;
  const { memory, account } = service;
  const { move, copy } = await verbs();
  // Etags of folders are not compared by Nextcloud, so those are guarded by the look just before.
  const target: Target = {
    ...call,
    overwrite: replaced !== undefined,
    ...some('replaces', replaced?.folder ? undefined : replaced?.etag),
  };
  const run = async (): Promise<Entry> =>
    relocated(source, to, await (kind === 'move' ? move : copy)(account, from, to, target));
  const settled = async (): Promise<Entry> => settle(run, async () => arrived(service, plan, call), call);
  try {
    const entry = await (replaced ? intoTrash(service, to, call, settled) : settled());
    const first = kind === 'move' ? back(from, to) : toTrash(to);
    const undo = inOrder(first, replaced && !final ? fromTrash(replaced) : undefined);
    return { ...entry, undo };
  } catch (error) {
    throw await explain(service, error, from, to, replaced, call);
  } finally {
    memory.changed(...(kind === 'move' ? [from, to] : [to]));
  }
}

interface Relocation extends Pair {
  readonly kind: Kind;
  /** What is known of them from before. */
  readonly source: Resource | undefined;
  /** What a folder holds, where that was looked at. */
  readonly inside: Survey | undefined;
  readonly replaced: Resource | undefined;
  /** Why it wants to be agreed to; empty when it does not. */
  readonly plan: readonly string[];
  readonly items: number;
  readonly bytes: number;
  readonly final: boolean;
}

/** Whether a change was made whose answer is lost. What was at the target before must not pass for it. */
async function arrived(
  service: Service,
  { kind, from, to, source, replaced }: Relocation,
  call: Call,
): Promise<Entry | 'unclear' | undefined> {
  const there = await statIfThere(service, to, call);
  if (!there || there.fileId === replaced?.fileId) return undefined;
  const left = await statIfThere(service, from, call);
  if (kind === 'copy') {
    // Nextcloud gives a copy the etag of its source.
    const same = left?.folder === there.folder && left.etag === there.etag && left.size === there.size;
    return same ? toEntry(there) : 'unclear';
  }
  if (left) return undefined;
  return source?.fileId === there.fileId || replaced ? toEntry(there) : 'unclear';
}

async function explain(
  service: Service,
  error: unknown,
  from: RemotePath,
  to: RemotePath,
  replaced: Resource | undefined,
  call: Call,
): Promise<unknown> {
  if (!isAppError(error)) return error;
  if (error.code === 'precondition_failed') {
    if (!replaced && !(await statIfThere(service, to, call).catch(() => true))) return reservedName(to);
    return new AppError('exists', `${to} exists already, or was changed meanwhile`, {
      status: 412,
      hint: 'Choose another name, or pass overwrite: true to replace the file (the old one goes to the trash).',
      cause: error,
    });
  }
  if (error.code === 'not_found') return missing(from, error);
  // 415 is how 34 says that the parent is a file.
  if (error.code === 'conflict' || error.status === 415) {
    const parent = await statIfThere(service, parentOf(to), call).catch(() => undefined);
    if (parent && !parent.folder) return notAFolder(parentOf(to));
    return new AppError('conflict', `The folder ${parentOf(to)} does not exist`, {
      status: 409,
      hint: 'Make it with create_folder, then try again.',
      cause: error,
    });
  }
  return error;
}

function relocated(source: Resource | undefined, to: RemotePath, { headers }: Done): Entry {
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
