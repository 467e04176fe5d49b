import { AppError, isAppError } from '../../errors.ts';
import { parentOf, ROOT } from '../../path.ts';
import type { RemotePath } from '../../path.ts';
import { newEntry, toEntry } from '../entry/entry.ts';
import type { Entry } from '../entry/entry.ts';
import { reservedName, reconcile, stat, statIfThere, davMethods } from '../context/service.ts';
import type { Call, Service } from '../context/service.ts';
import { toTrash } from '../context/undo.ts';

export interface Created extends Entry {
  readonly created: boolean;
  /** What takes it back, when something was made. */
  readonly undo?: string;
}

/** Makes a folder and, where they are missing, its parents. An existing folder is left as it is. */
export async function createFolder(service: Service, path: RemotePath, call: Call): Promise<Created> {
  service.policy.assertWritable(path);
  if (path === ROOT) return { ...toEntry(await stat(service, path, call)), created: false };
  const { davMkcol } = await davMethods();
  const make = async (): Promise<Created> => {
    const { headers } = await davMkcol(service.account, path, call);
    return { ...newEntry(path, 'directory', headers), created: true, undo: toTrash(path) };
  };
  const began = Date.now();
  const settled = async (): Promise<Created> =>
    reconcile(make, async () => inPlace(service, path, began, call), call);
  try {
    return await settled();
  } catch (error) {
    if (!isAppError(error, 'conflict')) throw error;
    if (error.status === 405) return await existing(service, path, call);
    const parent = parentOf(path);
    if (parent === ROOT) throw error;
    const above = await createFolder(service, parent, call); // refuses when the parent is a file
    const made = await settled();
    return above.undo === undefined ? made : { ...made, undo: above.undo };
  } finally {
    service.metadata.changed(path);
  }
}

/** Clocks are compared by a header with whole seconds. */
const TICK_MS = 2000;

// The answer is lost and a folder is there: an empty one of just now is ours, any other was there before.
async function inPlace(
  service: Service,
  path: RemotePath,
  began: number,
  call: Call,
): Promise<Created | undefined> {
  const there = await statIfThere(service, path, call);
  if (!there?.folder) return undefined;
  const { files = 0, folders = 0 } = there.detail ?? {};
  const isNew = (there.modified ?? 0) >= service.account.serverTime(began) - TICK_MS;
  const created = isNew && files + folders === 0;
  return { ...toEntry(there), created, ...(created ? { undo: toTrash(path) } : {}) };
}

async function existing(service: Service, path: RemotePath, call: Call): Promise<Created> {
  const there = await statIfThere(service, path, call);
  if (!there) throw reservedName(path);
  if (!there.folder)
    throw new AppError('exists', `${path} exists already and is a file`, {
      hint: 'Choose another name for the folder.',
    });
  return { ...toEntry(there), created: false };
}
