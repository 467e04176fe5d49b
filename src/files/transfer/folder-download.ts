import { lstat, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, isAppError } from '../../errors.ts';
import { propfind } from '../../nextcloud/dav/propfind.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import { segments, within } from '../../path.ts';
import type { RemotePath } from '../../path.ts';
import { fetchTo } from './download.ts';
import { fetchArchive, archivePays } from './folder-archive.ts';
import { clashing, localName } from '../local/local-name.ts';
import { runParallel } from '../../parallel.ts';
import { looksSameOnDisk } from './same-file.ts';
import { missing } from '../context/service.ts';
import type { Call, Service } from '../context/service.ts';
import { TransferCounter } from './transfer-counter.ts';
import type { TransferSummary } from './transfer-counter.ts';

export interface DownloadItem {
  readonly file: Resource;
  /** Where it goes on this computer. */
  readonly to: string;
}

/** Stores a folder on this computer as a tree; what is there and identical is left as it is. */
export async function downloadFolderTo(
  service: Service,
  from: RemotePath,
  root: string,
  overwrite: boolean,
  call: Call,
): Promise<TransferSummary> {
  const { resources } = await propfind(service.account, from, 'infinity', call).catch((error: unknown) => {
    throw isAppError(error, 'not_found') ? missing(from, error) : error;
  });
  const tally = new TransferCounter();
  const shown = resources.filter(({ path }) => service.policy.isVisible(path));
  const items = await makeFolders(service, places(from, root, shown, tally), tally);
  const wanted: DownloadItem[] = [];
  let total = 0;
  for (const item of items) {
    const there = await lstat(item.to).catch(() => undefined);
    if (looksSameOnDisk(there, item.file)) tally.same(1);
    else if (there?.isDirectory()) tally.failed(item.to, folderHere(item.to));
    else if (there && !overwrite) tally.failed(item.to, inTheWay(item.to));
    else {
      wanted.push(item);
      total += item.file.size ?? 0;
    }
  }
  const stored = ({ file }: DownloadItem): void => {
    tally.stored(file.size ?? 0);
    call.report?.(tally.bytes, total, file.path);
  };
  const left = archivePays(service, from, resources, wanted)
    ? await fetchArchive(service, from, root, wanted, overwrite, stored, call)
    : wanted;
  await runParallel(left, service.slots.width, call.signal, async (item) => {
    try {
      await fetchTo(service, item.file, item.to, overwrite, { signal: call.signal });
      stored(item);
    } catch (error) {
      // Another transfer may fetch the same folder.
      if (isAppError(error, 'exists') && (await isThere(item))) tally.same(1);
      else tally.failed(item.file.path, error);
    }
  });
  return tally.summary(from, root);
}

/** All that is in the folder and its place on this computer. */
function places(
  from: RemotePath,
  root: string,
  resources: readonly Resource[],
  tally: TransferCounter,
): Places {
  const { platform } = process;
  const depth = segments(from).length;
  const all = resources.flatMap((file): DownloadItem[] => {
    const names = segments(file.path).slice(depth);
    if (names.length === 0) return [];
    const stored = names.map((name) => localName(name, platform));
    if (stored.at(-1) !== names.at(-1)) tally.note(`${file.path} is called ${stored.at(-1) ?? ''} here`);
    return [{ file, to: join(root, ...stored) }];
  });
  const clashes = clashing(
    all.map(({ to }) => to),
    platform,
  );
  for (const index of clashes) {
    const path = all[index]?.file.path ?? from;
    tally.failed(path, clash(path));
  }
  const without = all.flatMap(({ file }, index) => (clashes.has(index) ? file.path : []));
  return { items: all.filter((_, index) => !clashes.has(index)), without };
}

interface Places {
  readonly items: readonly DownloadItem[];
  /** What has no place, and nothing that is in it either. */
  readonly without: readonly RemotePath[];
}

/** Makes the folders; answers the files whose folders there are. */
async function makeFolders(
  service: Service,
  places: Places,
  tally: TransferCounter,
): Promise<DownloadItem[]> {
  const without = [...places.without];
  const isLeft = ({ file }: DownloadItem): boolean => !without.some((above) => within(file.path, above));
  for (const item of places.items.filter(({ file }) => file.folder)) {
    if (!isLeft(item)) continue;
    const there = await stat(item.to).catch(() => undefined);
    try {
      if (there?.isFile()) throw fileHere(item.to);
      await service.local.folder(item.to, '');
    } catch (error) {
      tally.failed(
        item.to,
        isAppError(error) ? error.restate(`${error.message}. Nothing in it was fetched`) : error,
      );
      without.push(item.file.path);
    }
  }
  return places.items.filter((item) => !item.file.folder && isLeft(item));
}

async function isThere({ file, to }: DownloadItem): Promise<boolean> {
  return looksSameOnDisk(await lstat(to).catch(() => undefined), file);
}

function inTheWay(path: string): AppError {
  return new AppError('exists', `${path} exists already and is another one`, {
    hint: 'Pass overwrite: true to replace it.',
  });
}

function fileHere(path: string): AppError {
  return new AppError('exists', `${path} is a file here and a folder in the Nextcloud`, {
    hint: 'Rename the file, or choose another place.',
  });
}

function folderHere(path: string): AppError {
  return new AppError('exists', `${path} is a folder here and a file in the Nextcloud`, {
    hint: 'Rename the folder, or choose another place.',
  });
}

function clash(path: string): AppError {
  return new AppError(
    'exists',
    `${path} differs from another name in nothing that this computer can tell apart`,
    {
      hint: 'This computer cannot store both: download it alone under another name.',
    },
  );
}
