import { lstat, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, isAppError } from '../errors.ts';
import { propfind } from '../nextcloud/dav.ts';
import type { Resource } from '../nextcloud/resource.ts';
import { segments, within } from '../path.ts';
import type { RemotePath } from '../path.ts';
import { fetchTo } from './download.ts';
import { fetchArchive, pays } from './folder-archive.ts';
import { clashing, localName } from './local-name.ts';
import { inParallel } from './pool.ts';
import { looksSameOnDisk } from './same.ts';
import { missing } from './service.ts';
import type { Call, Service } from './service.ts';
import { Tally } from './summary.ts';
import type { Summary } from './summary.ts';

export interface Item {
  readonly file: Resource;
  /** Where it goes on this computer. */
  readonly to: string;
}

/** Stores a folder on this computer as a tree; what is there and identical is left as it is. */
export async function downloadFolder(
  service: Service,
  from: RemotePath,
  root: string,
  overwrite: boolean,
  call: Call,
): Promise<Summary> {
  const { resources } = await propfind(service.account, from, 'infinity', call).catch((error: unknown) => {
    throw isAppError(error, 'not_found') ? missing(from, error) : error;
  });
  const tally = new Tally();
  const shown = resources.filter(({ path }) => service.fence.shows(path));
  const items = await makeFolders(service, places(from, root, shown, tally), tally);
  const wanted: Item[] = [];
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
  const stored = ({ file }: Item): void => {
    tally.stored(file.size ?? 0);
    call.report?.(tally.bytes, total, file.path);
  };
  const left = pays(service, from, resources, wanted)
    ? await fetchArchive(service, from, root, wanted, overwrite, stored, call)
    : wanted;
  await inParallel(left, service.lanes.width, call.signal, async (item) => {
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
function places(from: RemotePath, root: string, resources: readonly Resource[], tally: Tally): Places {
  const { platform } = process;
  const depth = segments(from).length;
  const all = resources.flatMap((file): Item[] => {
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
  readonly items: readonly Item[];
  /** What has no place, and nothing that is in it either. */
  readonly without: readonly RemotePath[];
}

/** Makes the folders; answers the files whose folders there are. */
async function makeFolders(service: Service, places: Places, tally: Tally): Promise<Item[]> {
  const without = [...places.without];
  const isLeft = ({ file }: Item): boolean => !without.some((above) => within(file.path, above));
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

async function isThere({ file, to }: Item): Promise<boolean> {
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
