import { AppError, isAppError } from '../../errors.ts';
import { parentOf, ROOT } from '../../path.ts';
import type { RemotePath } from '../../path.ts';
import { newEntry, toEntry } from '../entry/entry.ts';
import type { Entry } from '../entry/entry.ts';
import type { AccessPolicy } from '../context/access-policy.ts';
import type { Call } from '../context/call.ts';
import { davMethods } from '../context/dav-methods.ts';
import { withFreeName } from '../context/free-name.ts';
import { reconcile } from '../context/reconcile.ts';
import { refuseOffline } from '../context/refuse-offline.ts';
import { reservedName, stat, statIfThere } from '../context/stat.ts';
import type { StatParts } from '../context/stat.ts';
import { noting } from '../history/recorder.ts';

export interface Created extends Entry {
  readonly created: boolean;
}

export interface CreateFolderParts extends StatParts {
  readonly policy: AccessPolicy;
}

/** Parents that are made with a folder. Each takes three requests. */
const MOST_MISSING = 50;

/**
 * Makes a folder and, where they are missing, its parents. An existing folder is left as it is.
 *
 * @param below how many missing folders are to be made in it
 * @throws AppError `invalid_input` when more than fifty parents are missing; none of them is made then
 */
export async function createFolder(
  parts: CreateFolderParts,
  path: RemotePath,
  call: Call,
  below = 0,
): Promise<Created> {
  parts.policy.assertWritable(path);
  if (path === ROOT) return { ...toEntry(await stat(parts, path, call)), created: false };
  // Storages are nearly always mounted in the home folder; elsewhere they are met as a missing parent.
  if (parentOf(path) === ROOT) await refuseOffline(parts, path, call);
  const { davMkcol } = await davMethods();
  const make = async (): Promise<Created> => {
    const { headers } = await davMkcol(parts.account, path, call);
    return { ...newEntry(path, 'directory', headers), created: true };
  };
  const began = Date.now();
  const fact = { kind: 'made', path, folder: true, how: 'written' } as const;
  const run = async (): Promise<Created> =>
    noting(
      call,
      { fact },
      async () => reconcile(make, async () => findCreated(parts, path, began, call), call),
      ({ created, file_id, etag }) => (created ? { fileId: file_id, etag } : undefined),
    );
  try {
    return await run();
  } catch (error) {
    if (!isAppError(error, 'conflict')) throw withFreeName(error, path);
    if (error.status === 405) return await existingFolder(parts, path, call);
    const parent = parentOf(path);
    if (parent === ROOT) throw error;
    if (below >= MOST_MISSING) throw tooManyMissing(path, error);
    if (parentOf(parent) !== ROOT) await refuseOffline(parts, parent, call);
    await createFolder(parts, parent, call, below + 1); // throws if the parent is a file
    return await run();
  } finally {
    parts.metadata.changed(path);
  }
}

function tooManyMissing(path: RemotePath, cause: unknown): AppError {
  return new AppError('invalid_input', `More than ${MOST_MISSING} of the folders above are missing`, {
    hint: `Create ${path} first, or use a shorter path.`,
    cause,
  });
}

/** The server's clock is read from a header with whole seconds. */
const CLOCK_TOLERANCE_MS = 2000;

// The response was lost, and the folder exists: a new and empty one is ours, any other one was there before.
async function findCreated(
  parts: CreateFolderParts,
  path: RemotePath,
  began: number,
  call: Call,
): Promise<Created | undefined> {
  const found = await statIfThere(parts, path, call);
  if (!found?.folder) return undefined;
  const { files = 0, folders = 0 } = found.detail ?? {};
  const isNew = (found.modified ?? 0) >= parts.account.serverTime(began) - CLOCK_TOLERANCE_MS;
  const created = isNew && files + folders === 0;
  return { ...toEntry(found), created };
}

async function existingFolder(parts: CreateFolderParts, path: RemotePath, call: Call): Promise<Created> {
  const found = await statIfThere(parts, path, call);
  if (!found) throw reservedName(path);
  if (!found.folder)
    throw new AppError('exists', `${path} exists already and is a file`, {
      hint: 'Choose another name for the folder.',
    });
  return { ...toEntry(found), created: false };
}
