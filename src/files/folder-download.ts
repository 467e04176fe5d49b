import type { Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, isAppError } from '../errors.ts';
import { propfind } from '../nextcloud/dav.ts';
import type { Resource } from '../nextcloud/resource.ts';
import { segments } from '../path.ts';
import type { RemotePath } from '../path.ts';
import { fetchTo } from './download.ts';
import { fetchArchive, pays } from './folder-archive.ts';
import { clashing, localName } from './local-name.ts';
import { inParallel } from './pool.ts';
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
  const { folders, items } = places(from, root, shown, tally);
  for (const folder of folders) await service.local.folder(folder, '');
  const wanted: Item[] = [];
  let total = 0;
  for (const item of items) {
    const there = await lstat(item.to).catch(() => undefined);
    if (isSame(item.file, there)) tally.same(1);
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

function places(
  from: RemotePath,
  root: string,
  resources: readonly Resource[],
  tally: Tally,
): { folders: string[]; items: Item[] } {
  const { platform } = process;
  const clashes = clashing(
    resources.map(({ path }) => path),
    platform,
  );
  const depth = segments(from).length;
  const folders: string[] = [root];
  const items: Item[] = [];
  for (const resource of resources) {
    const names = segments(resource.path).slice(depth);
    if (names.length === 0) continue;
    const stored = names.map((name) => localName(name, platform));
    const to = join(root, ...stored);
    if (stored.at(-1) !== names.at(-1)) tally.note(`${resource.path} is called ${stored.at(-1) ?? ''} here`);
    if (clashes.has(resource.path)) tally.failed(resource.path, clash(resource.path));
    else if (resource.folder) folders.push(to);
    else items.push({ file: resource, to });
  }
  return { folders, items };
}

/** Downloads keep the time of the file, so that size and time tell it from another version. */
function isSame(file: Resource, there: Stats | undefined): boolean {
  return (
    there?.isFile() === true &&
    file.size === there.size &&
    file.modified === Math.floor(there.mtimeMs / 1000) * 1000
  );
}

async function isThere({ file, to }: Item): Promise<boolean> {
  return isSame(file, await lstat(to).catch(() => undefined));
}

function inTheWay(path: string): AppError {
  return new AppError('exists', `${path} exists already and is another one`, {
    hint: 'Pass overwrite: true to replace it.',
  });
}

function clash(path: string): AppError {
  return new AppError('exists', `${path} differs from another name only in upper and lower case`, {
    hint: 'This computer cannot store both: download it alone under another name.',
  });
}
