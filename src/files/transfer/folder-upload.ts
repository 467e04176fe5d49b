import { AppError, isAppError } from '../../errors.ts';
import { some } from '../../nextcloud/dav/resource.ts';
import { join, parentOf } from '../../path.ts';
import type { RemotePath } from '../../path.ts';
import { FolderUploadRun, listRemoteFiles, SMALL } from './folder-upload-run.ts';
import type { UploadItem, RemoteFiles } from './folder-upload-run.ts';
import { formatBytes } from '../../byte-size.ts';
import { createFolder } from '../write/create-folder.ts';
import { walk } from '../local/local-tree.ts';
import type { LocalTree } from '../local/local-tree.ts';
import { looksSameInCloud } from './same-file.ts';
import { notAFolder, statIfThere } from '../context/service.ts';
import type { Call, Service } from '../context/service.ts';
import { TransferCounter } from './transfer-counter.ts';
import type { TransferSummary } from './transfer-counter.ts';
import { again, inOrder } from '../context/undo.ts';

/** Stores a folder of this computer with all that is in it; what is there and identical is left as it is. */
export async function uploadFolder(
  service: Service,
  to: RemotePath,
  from: string,
  overwrite: boolean,
  call: Call,
): Promise<TransferSummary> {
  service.policy.assertWritable(to);
  const tree = await walk(from);
  const tally = new TransferCounter();
  for (const path of tree.skipped) tally.note(`${path} is a link or no plain file, and was left out`);
  const before = await listRemoteFiles(service, to, 'infinity', call);
  if (before.get(to)?.folder === false) throw notAFolder(to);
  for (const { path, error } of tree.failed) tally.failed(path, error);
  const { folders, items } = places(service, to, tree, tally);
  const made = new Map<RemotePath, string>();
  for (const folder of folders)
    if (!before.get(folder)?.folder) {
      const undo = await make(service, folder, tally, call);
      if (undo !== undefined) made.set(folder, undo);
    }
  const news = items.filter((item) => !looksSameInCloud(before.get(item.to), item));
  tally.same(items.length - news.length);
  const bytes = items.reduce((sum, { size }) => sum + size, 0);
  const entries = before.size + items.length;
  const run = new FolderUploadRun(service, { tally, overwrite, bytes, entries, call });
  const isSmall = (item: UploadItem): boolean => item.size <= SMALL && !before.has(item.to);
  const small = news.filter(isSmall);
  const bulk = small.length > 1 && (await service.capabilities(call)).bulk;
  try {
    if (bulk) await run.inBatches(small);
    await run.oneByOne(bulk ? news.filter((item) => !isSmall(item)) : news);
  } catch (error) {
    throw isAppError(error, 'quota_exceeded') ? await full(service, to, error, tally, news.length) : error;
  } finally {
    service.metadata.changed(to);
  }
  // Without a file in it, what was done would not show.
  if (tally.files === 0 && made.size > 0)
    tally.note(
      made.size === 1 ? `The folder ${[...made.keys()].join('')} was made` : `${made.size} folders were made`,
    );
  const undo = await wayBack(service, to, before, made, run, call);
  return { ...tally.summary(to, from), ...some('undo', undo) };
}

/** What a person needs to know of a transfer that came to a full end. */
async function full(
  service: Service,
  to: RemotePath,
  error: AppError,
  tally: TransferCounter,
  files: number,
): Promise<AppError> {
  const there = await statIfThere(service, to, {}).catch(() => undefined);
  const { quotaAvailable: free = -1 } = there?.detail ?? {};
  const left = free < 0 ? '' : `. ${formatBytes(free)} are left`;
  return error.restate(
    `${error.message}${left}. ${tally.files} of ${files} files were stored before`,
    `${error.hint ?? 'Free some space.'} The same call then goes on with the rest.`,
  );
}

/** More calls than this nobody makes; each file still has its versions, and what is new can be deleted. */
const WAYS_BACK = { deleted: 100, restored: 20 };

/**
 * What is new goes into the trash, the topmost of it, and what was replaced gets its version back. A folder in
 * which somebody else has stored something meanwhile stays.
 */
async function wayBack(
  service: Service,
  to: RemotePath,
  before: RemoteFiles,
  folders: ReadonlyMap<RemotePath, string>,
  { made, undos }: FolderUploadRun,
  call: Call,
): Promise<string | undefined> {
  const mine = new Set([...folders.keys(), ...made]);
  const fresh = new Set(mine);
  const after = mine.size > 0 ? await afterwards(service, to, call) : before;
  if (!after) return undefined;
  const others = [...after.keys()].filter((path) => !before.has(path) && !mine.has(path));
  for (const other of others) for (let above = parentOf(other); fresh.delete(above);) above = parentOf(above);
  const whole = fresh.has(to) ? folders.get(to) : undefined;
  if (whole !== undefined) return whole;
  const tops = [...fresh].filter((path) => !fresh.has(parentOf(path)));
  if (tops.length > WAYS_BACK.deleted || undos.length > WAYS_BACK.restored) return undefined;
  const deleted = tops.length > 0 ? again('delete_file', { file_path: tops }) : undefined;
  return inOrder(deleted, ...undos) || undefined;
}

// All is stored by now: a look that fails costs the advice only.
async function afterwards(service: Service, to: RemotePath, call: Call): Promise<RemoteFiles | undefined> {
  try {
    return await listRemoteFiles(service, to, 'infinity', call);
  } catch (error) {
    if (isAppError(error) && error.code !== 'cancelled') return undefined;
    throw error;
  }
}

/**
 * Where everything goes, parents first. Names that differ in their Unicode form only are one in the Nextcloud, where
 * the second would take the place of the first. What is in a folder that has no place is left out with it.
 */
function places(
  service: Service,
  to: RemotePath,
  tree: LocalTree,
  tally: TransferCounter,
): { folders: RemotePath[]; items: UploadItem[] } {
  const paths = new Map<string, RemotePath>([['', to]]);
  const taken = new Set<RemotePath>();
  const place = (names: readonly string[], what: string): RemotePath | undefined => {
    const name = names.join('/');
    const above = paths.get(names.slice(0, -1).join('/'));
    if (above === undefined) return undefined;
    try {
      const path = join(above, names.at(-1) ?? '');
      service.policy.assertWritable(path);
      if (taken.has(path)) throw oneName(path);
      taken.add(path);
      return path;
    } catch (error) {
      tally.failed(name, isAppError(error) ? error.restate(`${error.message}${what}`) : error);
      return undefined;
    }
  };
  const items: UploadItem[] = [];
  for (const names of tree.folders) {
    const path = place(names, '. Nothing in it was stored');
    if (path !== undefined) paths.set(names.join('/'), path);
  }
  for (const file of tree.files) {
    const path = place(file.names, '');
    if (path !== undefined) items.push({ ...file, to: path });
  }
  return { folders: [...paths.values()], items };
}

function oneName(path: RemotePath): AppError {
  return new AppError('exists', `Two names here are one in the Nextcloud, ${path}, and this is the second`, {
    hint: 'They differ in their Unicode form only: rename one of them.',
  });
}

async function make(
  service: Service,
  folder: RemotePath,
  tally: TransferCounter,
  call: Call,
): Promise<string | undefined> {
  try {
    return (await createFolder(service, folder, call)).undo;
  } catch (error) {
    tally.failed(folder, error);
    return undefined;
  }
}
