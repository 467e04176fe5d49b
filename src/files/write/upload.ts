import { basename } from 'node:path';
import { AppError, isAppError } from '../../errors.ts';
import { withEditLock } from '../../nextcloud/dav/edit-lock.ts';
import { some } from '../../nextcloud/dav/resource.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import { baseName, parentOf, ROOT } from '../../path.ts';
import type { RemotePath } from '../../path.ts';
import type { AccessPolicy } from '../context/access-policy.ts';
import type { Call } from '../context/call.ts';
import type { ChangeQueue } from '../context/change-queue.ts';
import { withFreeName } from '../context/free-name.ts';
import { notAFolder, reservedName, statIfThere } from '../context/stat.ts';
import { toEntry } from '../entry/entry.ts';
import { refuseReplacingEncrypted } from '../read/encrypted.ts';
import { LocalSource } from '../local/local-source.ts';
import type { Content } from './content.ts';
import type { FileWrite, SendParts, Uploaded } from './file-write.ts';
import { hasNoTimeThere } from './mtime-allocator.ts';
import type { MtimeAllocator } from './mtime-allocator.ts';
import { isSameInCloud } from './same-file.ts';
import { sendContent } from './send-content.ts';

export interface UploadOptions {
  readonly overwrite: boolean;
  /** Replace only what still has this etag. */
  readonly ifMatch?: string | undefined;
  /** Milliseconds since 1970; by default the time of a file on this computer, else now. */
  readonly modified?: number | undefined;
}

/** A file that is to be stored, and what may be replaced by it. */
export interface UploadJob extends UploadOptions {
  readonly path: RemotePath;
  readonly content: Content;
  /** Look up the target first: an identical file is no failure then, and nothing is sent in vain. */
  readonly checksFirst?: boolean;
  /** A file of a folder: what it replaces is not looked at more closely. */
  readonly isOneOfMany?: boolean;
}

export interface UploadParts extends SendParts {
  readonly policy: AccessPolicy;
  readonly mtimes: MtimeAllocator;
  readonly changeQueue: ChangeQueue;
}

/**
 * Stores a file. Without `overwrite` or `ifMatch` the name must be free; with them, only what was
 * looked up just before is replaced. The server's own hash of what it received is compared with ours.
 */
export async function uploadFile(parts: UploadParts, job: UploadJob, call: Call): Promise<Uploaded> {
  const { path } = job;
  if (path === ROOT)
    throw new AppError('invalid_input', '/ is the home folder', { hint: 'Add the name of the file.' });
  parts.policy.assertWritable(path);
  const run = async (): Promise<Uploaded> => createOrReplace(parts, job, call);
  if (job.ifMatch === undefined) return run();
  return parts.changeQueue.run(path, async () => withEditLock(parts.account, path, call, run));
}

async function createOrReplace(parts: UploadParts, job: UploadJob, call: Call): Promise<Uploaded> {
  const { path, content } = job;
  const source = content instanceof LocalSource ? content : undefined;
  const ownTime = job.modified ?? source?.modified;
  const found = await lookUpTarget(parts, job, call);
  if (found && source && job.checksFirst && job.ifMatch === undefined) {
    const local = { source, modified: ownTime ?? source.modified };
    if (await isSameInCloud(parts, found, local, call)) return unchanged(found);
  }
  const replaces = replacedFile(job, found);
  if (replaces && !job.isOneOfMany) await refuseReplacingEncrypted(parts, replaces, call);
  const modified = parts.mtimes.next(path, ownTime, replaces);
  const write: FileWrite = { path, content, modified, replaces };
  try {
    const uploaded = await sendContent(parts, write, call);
    return { ...uploaded, ...some('notes', notesOn(ownTime)) };
  } catch (error) {
    throw withFreeName(await explain(parts, write, error, call), path);
  } finally {
    parts.metadata.changed(path);
  }
}

/** The file at the target, if it matters. @throws AppError `exists` for a folder */
async function lookUpTarget(parts: UploadParts, job: UploadJob, call: Call): Promise<Resource | undefined> {
  const { path, content, overwrite, ifMatch } = job;
  const isConditional = overwrite || ifMatch !== undefined;
  if (!isConditional && !(job.checksFirst && (await isNewTransfer(parts, job)))) return undefined;
  const found = await statIfThere(parts, path, call);
  if (found?.folder) throw folderInTheWay(path, content);
  return found;
}

/** An interrupted upload is resumed instead, and may find what it has stored itself. */
async function isNewTransfer(
  { journal, account }: UploadParts,
  { path: remote_path, content }: UploadJob,
): Promise<boolean> {
  if (!(content instanceof LocalSource)) return true;
  const subject = {
    kind: 'upload',
    account: account.name,
    remote_path,
    local_path: content.path,
  } as const;
  return (await journal.read(subject)) === undefined;
}

function notesOn(time: number | undefined): readonly string[] | undefined {
  if (time === undefined || !hasNoTimeThere(time)) return undefined;
  return ['Its time is before 2 January 1970. Nextcloud stores no such time, so the file got that day.'];
}

function unchanged(found: Resource): Uploaded {
  return { ...toEntry(found), created: false, replaced: false, bytes: 0, same: true };
}

/** @throws AppError when what is there must not be replaced */
function replacedFile(
  { path, overwrite, ifMatch }: UploadJob,
  found: Resource | undefined,
): Resource | undefined {
  if (ifMatch === undefined) {
    if (found && !overwrite) throw inTheWay(path);
    return found;
  }
  if (found?.etag === plainEtag(ifMatch)) return found;
  throw new AppError(
    'precondition_failed',
    found ? `${path} has changed since it was read` : `${path} does not exist any more`,
    found
      ? { hint: `Its etag is now ${found.etag ?? 'unknown'}. Read it again before you replace it.` }
      : { remedy: { kind: 'omit', option: 'if-match' } },
  );
}

/** An etag as Nextcloud created it, without the quotes and suffixes that were added on the way. */
export function plainEtag(etag: string): string {
  return etag.replace(/^(W\/)?"|"$/g, '').replace(/-gzip$/, '');
}

/** A plainer error for what the server refused. */
async function explain(
  parts: UploadParts,
  { path, content, replaces }: FileWrite,
  error: unknown,
  call: Call,
): Promise<unknown> {
  if (!isAppError(error)) return error;
  if (error.code === 'precondition_failed' && error.status === 412) {
    const found = replaces ?? (await statIfThere(parts, path, call).catch(() => undefined));
    if (!found) return reservedName(path);
    return replaces
      ? new AppError('precondition_failed', `${path} was changed by somebody else meanwhile`, {
          status: 412,
          hint: 'Read it again, then replace it.',
        })
      : inTheWay(path);
  }
  // Only errors with a status are from the server: a local file that has changed is a conflict, too. A server answers
  // 500 for an `x.part` in a folder that does not exist (34), and for a name that is too long for it (28, 29).
  if (
    isAppError(error, 'not_found', 'conflict', 'unavailable') &&
    [404, 409, 500].includes(error.status ?? 0)
  ) {
    const lookUp = async (at: RemotePath): Promise<Resource | undefined | 'unknown'> =>
      statIfThere(parts, at, call).catch(() => 'unknown' as const);
    const parent = await lookUp(parentOf(path));
    if (parent === 'unknown') return error;
    if (!parent)
      return new AppError('conflict', `The folder ${parentOf(path)} does not exist`, {
        status: error.status ?? 404,
        remedy: { kind: 'create-folder', folder: parentOf(path) },
        cause: error,
      });
    if (!parent.folder) return notAFolder(parentOf(path));
    const found = await lookUp(path);
    if (found === 'unknown') return error;
    if (found?.folder) return folderInTheWay(path, content);
    const bytes = Buffer.byteLength(baseName(path));
    return !found && error.status === 500 && bytes > MAX_NAME_BYTES ? tooLong(path, bytes, error) : error;
  }
  return error;
}

/** Before Nextcloud 30 a file is first stored under its name and up to 28 bytes more, and a file system allows 255. */
const MAX_NAME_BYTES = 225;

function tooLong(path: RemotePath, bytes: number, cause: AppError): AppError {
  return new AppError('invalid_input', `The name of ${path} is too long for this Nextcloud: ${bytes} bytes`, {
    cause,
    hint: `Choose one of at most ${MAX_NAME_BYTES} bytes. Nextcloud allows 250 from version 30 on.`,
  });
}

function inTheWay(path: RemotePath): AppError {
  return new AppError('exists', `${path} exists already`, {
    status: 412,
    hint: 'Choose another name.',
    remedy: { kind: 'overwrite', keeps: 'version' },
  });
}

function folderInTheWay(path: RemotePath, content: Content): AppError {
  return new AppError('exists', `${path} exists already and is a folder`, {
    hint:
      content instanceof LocalSource
        ? `Name the file in it: ${path === ROOT ? '' : path}/${basename(content.path)}`
        : 'Add the name of the file.',
  });
}
