import { basename } from 'node:path';
import { AppError, isAppError } from '../../errors.ts';
import { withEditLock } from '../../nextcloud/dav/edit-lock.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import { baseName, parentOf, ROOT } from '../../path.ts';
import type { RemotePath } from '../../path.ts';
import { contentSize } from './content.ts';
import type { Content } from './content.ts';
import { toEntry } from '../entry/entry.ts';
import { LocalSource } from '../local/local-source.ts';
import { isSameInCloud } from '../transfer/same-file.ts';
import { sendContent } from './send-content.ts';
import type { Uploaded } from './send-content.ts';
import { notAFolder, reservedName, statIfThere } from '../context/service.ts';
import type { Call, Service } from '../context/service.ts';
import { toTrash, toVersion } from '../context/undo.ts';

export interface UploadOptions {
  readonly overwrite: boolean;
  /** Replace only what still has this etag. */
  readonly ifMatch?: string | undefined;
  /** Milliseconds since 1970. */
  readonly modified?: number | undefined;
  /** Look first: what is there and the same is no failure, and nothing is sent in vain. */
  readonly looks?: boolean | undefined;
}

/**
 * Stores a file. Without `overwrite` or `ifMatch` the name must be free; with them, only what was
 * seen just before is replaced. The server's own hash of what it received is compared with ours.
 */
export async function uploadContent(
  service: Service,
  path: RemotePath,
  content: Content,
  options: UploadOptions,
  call: Call,
): Promise<Uploaded> {
  const { policy } = service;
  if (path === ROOT)
    throw new AppError('invalid_input', '/ is the home folder', { hint: 'Add the name of the file.' });
  policy.assertWritable(path);
  const run = async (): Promise<Uploaded> => replaceOrMake(service, path, content, options, call);
  if (options.ifMatch === undefined) return run();
  return service.changeQueue.run(path, async () => withEditLock(service.account, path, call, run));
}

async function replaceOrMake(
  service: Service,
  path: RemotePath,
  content: Content,
  options: UploadOptions,
  call: Call,
): Promise<Uploaded> {
  const length = contentSize(content);
  const own = options.modified ?? (content instanceof LocalSource ? content.modified : undefined);
  const there = await lookFirst(service, path, content, options, call);
  const mayBeSame = options.looks && options.ifMatch === undefined && content instanceof LocalSource;
  if (there && mayBeSame && (await isSameInCloud(service, there, content, own ?? content.modified, call)))
    return unchanged(there);
  const replaces = replaced(path, there, options);
  const modified = service.mtimes.next(path, own, replaces);
  try {
    const uploaded = await sendContent(service, path, content, { length, modified, replaces }, call);
    return { ...uploaded, undo: replaces ? toVersion(path, replaces) : toTrash(path) };
  } catch (error) {
    throw await explain(service, error, { path, content, replaces }, call);
  } finally {
    service.metadata.changed(path);
  }
}

/** What is there, where that matters. @throws AppError `exists` for a folder */
async function lookFirst(
  service: Service,
  path: RemotePath,
  content: Content,
  { overwrite, ifMatch, looks }: UploadOptions,
  call: Call,
): Promise<Resource | undefined> {
  const conditional = overwrite || ifMatch !== undefined;
  if (!conditional && !(looks && (await isNew(service, path, content)))) return undefined;
  const there = await statIfThere(service, path, call);
  if (there?.folder) throw folderInTheWay(path, content);
  return there;
}

/** An upload that was broken off is gone on with, and what it finds may be what it has stored itself. */
async function isNew({ journal, account }: Service, path: RemotePath, content: Content): Promise<boolean> {
  if (!(content instanceof LocalSource)) return true;
  const subject = {
    kind: 'upload',
    account: account.name,
    remote_path: path,
    local_path: content.path,
  } as const;
  return (await journal.read(subject)) === undefined;
}

function unchanged(there: Resource): Uploaded {
  return { ...toEntry(there), created: false, replaced: false, bytes: 0, same: true };
}

function replaced(
  path: RemotePath,
  there: Resource | undefined,
  { overwrite, ifMatch }: UploadOptions,
): Resource | undefined {
  if (ifMatch === undefined) {
    if (there && !overwrite) throw inTheWay(path);
    return there;
  }
  if (there?.etag === plainEtag(ifMatch)) return there;
  throw new AppError(
    'precondition_failed',
    there ? `${path} has changed since it was read` : `${path} does not exist any more`,
    {
      hint: there
        ? `Its etag is now ${there.etag ?? 'unknown'}. Read it again before you replace it.`
        : 'Leave if_match out to make it anew.',
    },
  );
}

/** An etag as Nextcloud made it, whatever was put around it on the way. */
export function plainEtag(etag: string): string {
  return etag.replace(/^(W\/)?"|"$/g, '').replace(/-gzip$/, '');
}

interface Attempt {
  readonly path: RemotePath;
  readonly content: Content;
  readonly replaces: Resource | undefined;
}

async function explain(
  service: Service,
  error: unknown,
  { path, content, replaces }: Attempt,
  call: Call,
): Promise<unknown> {
  if (!isAppError(error)) return error;
  if (error.code === 'precondition_failed' && error.status === 412) {
    const there = replaces ?? (await statIfThere(service, path, call).catch(() => undefined));
    if (!there) return reservedName(path);
    return replaces
      ? new AppError('precondition_failed', `${path} was changed by somebody else meanwhile`, {
          status: 412,
          hint: 'Read it again, then replace it.',
        })
      : inTheWay(path);
  }
  // Of the server: a file of this computer that changed is a conflict too, and has no status. A 500 is how
  // one speaks of an `x.part` in a folder that is not there (34), and of a name too long for it (28, 29).
  if (
    isAppError(error, 'not_found', 'conflict', 'unavailable') &&
    [404, 409, 500].includes(error.status ?? 0)
  ) {
    const look = async (at: RemotePath): Promise<Resource | undefined | 'unknown'> =>
      statIfThere(service, at, call).catch(() => 'unknown' as const);
    const parent = await look(parentOf(path));
    if (parent === 'unknown') return error;
    if (!parent)
      return new AppError('conflict', `The folder ${parentOf(path)} does not exist`, {
        status: error.status ?? 404,
        hint: 'Make it with create_folder, then try again.',
        cause: error,
      });
    if (!parent.folder) return notAFolder(parentOf(path));
    const there = await look(path);
    if (there === 'unknown') return error;
    if (there?.folder) return folderInTheWay(path, content);
    const bytes = Buffer.byteLength(baseName(path));
    return !there && error.status === 500 && bytes > NAME_BYTES ? tooLong(path, bytes, error) : error;
  }
  return error;
}

/** Before Nextcloud 30 a file arrives under its name and up to 28 bytes more, where a disk takes 255. */
const NAME_BYTES = 225;

function tooLong(path: RemotePath, bytes: number, cause: AppError): AppError {
  return new AppError('invalid_input', `The name of ${path} is too long for this Nextcloud: ${bytes} bytes`, {
    cause,
    hint: `Choose one of at most ${NAME_BYTES} bytes. Nextcloud takes 250 from version 30 on.`,
  });
}

function inTheWay(path: RemotePath): AppError {
  return new AppError('exists', `${path} exists already`, {
    status: 412,
    hint: 'Choose another name, or pass overwrite: true to replace it (Nextcloud keeps the old version).',
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
