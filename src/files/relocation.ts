import { AppError, isAppError } from '../errors.ts';
import { some } from '../nextcloud/resource.ts';
import type { Resource } from '../nextcloud/resource.ts';
import type { Done, Target } from '../nextcloud/verbs.ts';
import { parentOf, within } from '../path.ts';
import type { RemotePath } from '../path.ts';
import { newEntry, toEntry } from './entry.ts';
import type { Entry } from './entry.ts';
import { missing, notAFolder, refuseHidden, settle, statIfThere, verbs } from './service.ts';
import type { Call, Service } from './service.ts';

export type Kind = 'move' | 'copy';

/** Moves or copies to exactly `to`. An existing target is refused, or with `overwrite` replaced if it is a file. */
export async function relocate(
  service: Service,
  kind: Kind,
  from: RemotePath,
  to: RemotePath,
  overwrite: boolean,
  call: Call,
): Promise<Entry> {
  const { fence, memory, account } = service;
  if (kind === 'move') fence.allowTaking(from);
  else fence.allowReading(from);
  fence.allowTaking(to);
  if (from === to)
    throw new AppError('invalid_input', `${from} is there already`, { hint: 'Name another destination.' });
  // Nextcloud deletes the parent before it refuses such a copy (observed on 34).
  if (within(from, to))
    throw new AppError('invalid_input', `${to} contains ${from}`, {
      hint: 'Name a destination outside of it.',
    });
  if (within(to, from))
    throw new AppError('invalid_input', `${from} cannot be put into itself`, {
      hint: 'Name a destination outside of it.',
    });
  const source = memory.recall(from);
  if (fence.hidesInside) await refuseHidden(service, from, call);
  const replaced = overwrite ? await statIfThere(service, to, call) : undefined;
  if (replaced?.folder)
    throw new AppError('exists', `${to} is a folder and is not replaced as a whole`, {
      hint: 'Delete it first, or name a destination inside of it.',
    });
  const target: Target = { ...call, ...some('replaces', replaced?.etag) };
  const { move, copy } = await verbs();
  const run = async (): Promise<Entry> =>
    relocated(source, to, await (kind === 'move' ? move : copy)(account, from, to, target));
  try {
    return await settle(run, async () => arrived(service, { kind, from, to, source, replaced }, call), call);
  } catch (error) {
    throw await explain(service, error, from, to, call);
  } finally {
    memory.changed(...(kind === 'move' ? [from, to] : [to]));
  }
}

interface Relocation {
  readonly kind: Kind;
  readonly from: RemotePath;
  readonly to: RemotePath;
  /** What is known of them from before. */
  readonly source: Resource | undefined;
  readonly replaced: Resource | undefined;
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
  call: Call,
): Promise<unknown> {
  if (!isAppError(error)) return error;
  if (error.code === 'precondition_failed')
    return new AppError('exists', `${to} exists already, or was changed meanwhile`, {
      status: 412,
      hint: 'Choose another name, or pass overwrite: true to replace the file (the old one goes to the trash).',
      cause: error,
    });
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
