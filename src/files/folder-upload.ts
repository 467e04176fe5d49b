import { isAppError } from '../errors.ts';
import { putMany } from '../nextcloud/bulk.ts';
import type { BulkFile } from '../nextcloud/bulk.ts';
import { propfind } from '../nextcloud/dav.ts';
import { some } from '../nextcloud/resource.ts';
import type { Resource } from '../nextcloud/resource.ts';
import { join, parentOf } from '../path.ts';
import type { RemotePath } from '../path.ts';
import { createFolder } from './folder.ts';
import { LocalSource } from './local-source.ts';
import { walk } from './local-tree.ts';
import type { LocalFile } from './local-tree.ts';
import { inParallel } from './pool.ts';
import { notAFolder } from './service.ts';
import type { Call, Service } from './service.ts';
import { endsAll, Tally } from './summary.ts';
import type { Summary } from './summary.ts';
import { again, inOrder, toVersion } from './undo.ts';
import { upload } from './upload.ts';
import type { UploadOptions } from './upload.ts';

/** Up to here a file goes with others in one request; a request takes the server seconds, not minutes. */
const SMALL = 512 * 1024;
const BATCH = { files: 100, bytes: 4 * 1024 * 1024 };

interface Item extends LocalFile {
  readonly to: RemotePath;
}

type Remote = ReadonlyMap<RemotePath, Resource>;

/** Stores a folder of this computer with all that is in it; what is there and identical is left as it is. */
export async function uploadFolder(
  service: Service,
  to: RemotePath,
  from: string,
  overwrite: boolean,
  call: Call,
): Promise<Summary> {
  service.fence.allowWriting(to);
  const tree = await walk(from);
  const tally = new Tally();
  for (const path of tree.skipped) tally.note(`${path} is a link or no plain file, and was left out`);
  const before = await remoteTree(service, to, call);
  if (before.get(to)?.folder === false) throw notAFolder(to);
  const folders = [[], ...tree.folders].flatMap((names) => place(service, to, names, tally) ?? []);
  const undos: (string | undefined)[] = [];
  for (const folder of folders)
    if (!before.get(folder)?.folder) undos.push(await make(service, folder, tally, call));
  const items = tree.files.flatMap((file) => {
    const path = place(service, to, file.names, tally);
    return path === undefined ? [] : [{ ...file, to: path }];
  });
  const total = items.reduce((sum, { size }) => sum + size, 0);
  const news = items.filter((item) => !isSame(item, before.get(item.to)));
  tally.same(items.length - news.length);
  const options = { overwrite, ifMatch: undefined };
  const run = new FolderRun(service, to, tally, options, total, call);
  const isSmall = (item: Item): boolean => item.size <= SMALL && !before.has(item.to);
  const small = news.filter(isSmall);
  const bulk = small.length > 1 && (await service.capabilities(call)).bulk;
  if (bulk) await run.inBatches(small);
  await run.oneByOne(bulk ? news.filter((item) => !isSmall(item)) : news);
  service.memory.changed(to);
  const undo = before.has(to) ? wayBack(before, folders, run.made) : undos[0];
  return { ...tally.summary(to, from), ...some('undo', undo) };
}

/** More calls than this nobody makes; each file still has its versions, and what is new can be deleted. */
const WAYS_BACK = { deleted: 100, restored: 20 };

/** What is new goes into the trash, the topmost of it, and what was replaced gets its version back. */
function wayBack(
  before: Remote,
  folders: readonly RemotePath[],
  made: readonly RemotePath[],
): string | undefined {
  const fresh = new Set([...folders, ...made].filter((path) => !before.has(path)));
  const tops = [...fresh].filter((path) => !fresh.has(parentOf(path)));
  const replaced = made.flatMap((path) => before.get(path) ?? []);
  if (tops.length > WAYS_BACK.deleted || replaced.length > WAYS_BACK.restored) return undefined;
  const deleted = tops.length > 0 ? again('delete_file', { file_path: tops }) : undefined;
  return inOrder(deleted, ...replaced.map((file) => toVersion(file.path, file))) || undefined;
}

class FolderRun {
  /** Files that were stored. */
  readonly made: RemotePath[] = [];
  readonly #service: Service;
  readonly #tally: Tally;
  readonly #options: UploadOptions;
  readonly #to: RemotePath;
  readonly #total: number;
  readonly #call: Call;

  constructor(
    service: Service,
    to: RemotePath,
    tally: Tally,
    options: UploadOptions,
    total: number,
    call: Call,
  ) {
    this.#service = service;
    this.#to = to;
    this.#tally = tally;
    this.#options = options;
    this.#total = total;
    this.#call = call;
  }

  async inBatches(items: readonly Item[]): Promise<void> {
    const { lanes } = this.#service;
    await inParallel(batches(items), lanes.width, this.#call.signal, async (batch, signal) =>
      lanes.use(signal, async () => this.#batch(batch, signal)),
    );
  }

  async oneByOne(items: readonly Item[]): Promise<void> {
    await inParallel(items, this.#service.lanes.width, this.#call.signal, async (item) => this.#one(item));
  }

  /** What a broken batch has stored is looked up; the rest goes file by file, under the usual conditions. */
  async #batch(batch: readonly Item[], signal: AbortSignal): Promise<void> {
    const { account } = this.#service;
    let stored: ReadonlySet<RemotePath>;
    try {
      stored = await putMany(account, await Promise.all(batch.map(toBulk)), signal);
    } catch (error) {
      if (!isAppError(error) || endsAll(error)) throw error;
      const there = await remoteTree(this.#service, this.#to, { signal });
      stored = new Set(batch.filter((item) => isSame(item, there.get(item.to))).map((item) => item.to));
    }
    for (const item of batch) {
      if (stored.has(item.to)) this.#stored(item);
      else await this.#one(item);
    }
  }

  async #one(item: Item): Promise<void> {
    let source: LocalSource | undefined;
    try {
      source = await LocalSource.open(item.path);
      await upload(this.#service, item.to, source, this.#options, { signal: this.#call.signal });
      this.#stored(item);
    } catch (error) {
      this.#tally.failed(item.to, error);
    } finally {
      await source?.close();
    }
  }

  #stored(item: Item): void {
    this.made.push(item.to);
    this.#tally.stored(item.size);
    this.#call.report?.(this.#tally.bytes, this.#total, item.to);
  }
}

async function toBulk({ to, path }: Item): Promise<BulkFile> {
  const source = await LocalSource.open(path);
  try {
    return { path: to, bytes: await source.whole(), modified: secondsOf(source.modified) };
  } finally {
    await source.close();
  }
}

// Nextcloud takes no time on the first day of 1970.
function secondsOf(modified: number): number {
  return Math.max(86_401, Math.floor(modified / 1000));
}

function* batches(items: readonly Item[]): Generator<Item[]> {
  let batch: Item[] = [];
  let bytes = 0;
  for (const item of items) {
    if (batch.length === BATCH.files || bytes + item.size > BATCH.bytes) {
      if (batch.length > 0) yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(item);
    bytes += item.size;
  }
  if (batch.length > 0) yield batch;
}

function isSame(item: LocalFile, there: Resource | undefined): boolean {
  return (
    there?.folder === false && there.size === item.size && there.modified === secondsOf(item.modified) * 1000
  );
}

function place(
  service: Service,
  to: RemotePath,
  names: readonly string[],
  tally: Tally,
): RemotePath | undefined {
  try {
    const path = names.reduce(join, to);
    service.fence.allowWriting(path);
    return path;
  } catch (error) {
    tally.failed(names.join('/'), error);
    return undefined;
  }
}

async function make(
  service: Service,
  folder: RemotePath,
  tally: Tally,
  call: Call,
): Promise<string | undefined> {
  try {
    return (await createFolder(service, folder, call)).undo;
  } catch (error) {
    tally.failed(folder, error);
    return undefined;
  }
}

async function remoteTree(service: Service, folder: RemotePath, call: Call): Promise<Remote> {
  try {
    const { resources } = await propfind(service.account, folder, 'infinity', call);
    return new Map(resources.map((resource) => [resource.path, resource]));
  } catch (error) {
    if (isAppError(error, 'not_found')) return new Map();
    throw error;
  }
}
