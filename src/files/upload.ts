import { AppError, isAppError } from '../errors.ts';
import type { Resource } from '../nextcloud/resource.ts';
import { parentOf, ROOT } from '../path.ts';
import type { RemotePath } from '../path.ts';
import { sizeOf } from './content.ts';
import type { Content } from './content.ts';
import { LocalSource } from './local-source.ts';
import { fitsOneRequest, sendLarge, sendWhole } from './sending.ts';
import type { Plan, Uploaded } from './sending.ts';
import { notAFolder, reservedName, statIfThere } from './service.ts';
import type { Call, Service } from './service.ts';

export interface UploadOptions {
  readonly overwrite: boolean;
  /** Replace only what still has this etag. */
  readonly ifMatch?: string | undefined;
  /** Milliseconds since 1970. */
  readonly modified?: number | undefined;
}

/**
 * Stores a file. Without `overwrite` or `ifMatch` the name must be free; with them, only what was
 * seen just before is replaced. The server's own hash of what it received is compared with ours.
 */
export async function upload(
  service: Service,
  path: RemotePath,
  content: Content,
  options: UploadOptions,
  call: Call,
): Promise<Uploaded> {
  const { fence, memory } = service;
  if (path === ROOT)
    throw new AppError('invalid_input', '/ is the home folder', { hint: 'Add the name of the file.' });
  fence.allowWriting(path);
  const replaces = await replaced(service, path, options, call);
  const length = sizeOf(content);
  const modified = modificationTime(
    options.modified ?? (content instanceof LocalSource ? content.modified : undefined),
    replaces,
  );
  const plan: Plan = { length, modified, replaces };
  try {
    return (await fitsOneRequest(service, plan, call))
      ? await sendWhole(service, path, content, plan, call)
      : await sendLarge(service, path, content, plan, call);
  } catch (error) {
    throw await explain(service, error, path, replaces, call);
  } finally {
    memory.changed(path);
  }
}

async function replaced(
  service: Service,
  path: RemotePath,
  options: UploadOptions,
  call: Call,
): Promise<Resource | undefined> {
  const { overwrite, ifMatch } = options;
  if (!overwrite && ifMatch === undefined) return undefined;
  const there = await statIfThere(service, path, call);
  if (there?.folder) throw folderInTheWay(path);
  const wanted = ifMatch?.replace(/^(W\/)?"|"$/g, '').replace(/-gzip$/, '');
  if (wanted !== undefined && there?.etag !== wanted)
    throw new AppError(
      'precondition_failed',
      there ? `${path} has changed since it was read` : `${path} does not exist any more`,
      {
        hint: there
          ? `Its etag is now ${there.etag ?? 'unknown'}. Read it again before you replace it.`
          : 'Leave if_match out to make it anew.',
      },
    );
  return there;
}

const DAY = 86_400;

/**
 * Seconds since 1970. The etag of a local file is made of second and size (observed), so a second that
 * it had before, by this or an earlier write of now, would hide the change.
 */
function modificationTime(wanted: number | undefined, replaces: Resource | undefined): number {
  const now = Math.floor(Date.now() / 1000);
  const before = replaces?.modified === undefined ? -1 : Math.floor(replaces.modified / 1000);
  if (wanted === undefined) return before >= now && before < now + DAY ? before + 1 : now;
  const seconds = Math.max(DAY + 1, Math.floor(wanted / 1000));
  return seconds === before ? before + 1 : seconds;
}

async function explain(
  service: Service,
  error: unknown,
  path: RemotePath,
  replaces: Resource | undefined,
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
  // Of the server: a file of this computer that changed is a conflict too, and has no status.
  if (isAppError(error, 'not_found', 'conflict') && error.status !== undefined) {
    const parent = await statIfThere(service, parentOf(path), call).catch(() => undefined);
    if (!parent)
      return new AppError('conflict', `The folder ${parentOf(path)} does not exist`, {
        status: error.status,
        hint: 'Make it with create_folder, then try again.',
        cause: error,
      });
    if (!parent.folder) return notAFolder(parentOf(path));
    return folderInTheWay(path);
  }
  return error;
}

function inTheWay(path: RemotePath): AppError {
  return new AppError('exists', `${path} exists already`, {
    status: 412,
    hint: 'Choose another name, or pass overwrite: true to replace it (Nextcloud keeps the old version).',
  });
}

function folderInTheWay(path: RemotePath): AppError {
  return new AppError('exists', `${path} exists already and is a folder`, {
    hint: 'Choose another name for the file.',
  });
}
