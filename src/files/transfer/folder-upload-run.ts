import { isAppError } from '../../errors.ts';
import { putMany } from '../../nextcloud/dav/bulk.ts';
import type { BulkFile } from '../../nextcloud/dav/bulk.ts';
import { propfind } from '../../nextcloud/dav/propfind.ts';
import { pause } from '../../pause.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import { parentOf, ROOT, within } from '../../path.ts';
import type { RemotePath } from '../../path.ts';
import { LocalSource } from '../local/local-source.ts';
import type { LocalFile } from '../local/local-tree.ts';
import { runParallel } from '../../parallel.ts';
import { looksSameInCloud } from './same-file.ts';
import { statIfThere } from '../context/service.ts';
import type { Call, Service } from '../context/service.ts';
import { secondsOf } from '../write/mtime-allocator.ts';
import { endsAll } from './transfer-counter.ts';
import type { TransferCounter } from './transfer-counter.ts';
import { uploadContent } from '../write/upload.ts';

/** Up to here a file goes with others in one request; a request takes the server seconds, not minutes. */
export const SMALL = 512 * 1024;
const BATCH = { files: 100, bytes: 4 * 1024 * 1024 };

/** A listing takes the server as long as this many entries of one. */
const LISTING = 500;

/** The server writes a file of a batch first, and gives it its time then; meanwhile it is locked. */
const SETTLING = { ms: 1000, looks: 5 };
/** Clocks are compared by a header with whole seconds. */
const TICK_MS = 2000;

export interface UploadItem extends LocalFile {
  readonly to: RemotePath;
}

export type RemoteFiles = ReadonlyMap<RemotePath, Resource>;

interface Plan {
  readonly tally: TransferCounter;
  readonly overwrite: boolean;
  /** Bytes of all files, and how many entries there are on both sides. */
  readonly bytes: number;
  readonly entries: number;
  readonly call: Call;
}

/** Files of a folder on their way into the cloud. */
export class FolderUploadRun {
  /** Files that were made. */
  readonly made: RemotePath[] = [];
  /** What takes back each one that was replaced. */
  readonly undos: string[] = [];
  readonly #service: Service;
  readonly #plan: Plan;
  readonly #began = Date.now();

  constructor(service: Service, plan: Plan) {
    this.#service = service;
    this.#plan = plan;
  }

  async inBatches(items: readonly UploadItem[]): Promise<void> {
    const { slots } = this.#service;
    const { signal } = this.#plan.call;
    await runParallel(batches(items), slots.width, signal, async (batch) =>
      slots.use(signal, async () => this.#batch(batch)),
    );
  }

  async oneByOne(items: readonly UploadItem[]): Promise<void> {
    const { signal } = this.#plan.call;
    await runParallel(items, this.#service.slots.width, signal, async (item) => this.#one(item));
  }

  /**
   * A batch would replace what somebody else has stored since the folder was listed, so its names are looked at
   * right before. What appears between that look and the end of this one request is not seen; Nextcloud keeps it
   * as a version. The rest, and what a broken batch has left, goes file by file, under the usual conditions.
   */
  async #batch(batch: readonly UploadItem[]): Promise<void> {
    const { account } = this.#service;
    const { signal } = this.#plan.call;
    let left = batch;
    try {
      const there = await this.#look(batch);
      left = batch.filter((item) => !this.#isSame(item, there));
      const files: BulkFile[] = [];
      for (const item of left) if (!there.has(item.to)) files.push(...(await this.#read(item)));
      const sent = new Set(files.map(({ path }) => path));
      left = left.filter((item) => sent.has(item.to) || there.has(item.to));
      const stored = await putMany(account, files, signal);
      left = left.filter((item) => !this.#isStored(item, stored));
    } catch (error) {
      if (!isAppError(error) || endsAll(error)) throw error;
      const there = await this.#look(left);
      const stored = new Set(
        left.filter((item) => looksSameInCloud(there.get(item.to), item)).map(({ to }) => to),
      );
      left = left.filter((item) => !this.#isStored(item, stored));
    }
    for (const item of left) await this.#one(item);
  }

  /** What the server has of these names now. */
  async #look(items: readonly UploadItem[]): Promise<RemoteFiles> {
    const { signal } = this.#plan.call;
    const folders = [...new Set(items.map(({ to }) => parentOf(to)))];
    if (folders.length * LISTING < this.#plan.entries + LISTING) {
      const all = new Map<RemotePath, Resource>();
      for (const folder of folders)
        for (const [path, there] of await listRemoteFiles(this.#service, folder, 1, { signal }))
          all.set(path, there);
      return all;
    }
    let above = folders[0] ?? ROOT;
    while (!folders.every((folder) => within(folder, above))) above = parentOf(above);
    return listRemoteFiles(this.#service, above, 'infinity', { signal });
  }

  /** Nothing, where this computer does not give the file out. */
  async #read({ to, path }: UploadItem): Promise<BulkFile[]> {
    let source: LocalSource | undefined;
    try {
      source = await LocalSource.open(path);
      return [{ path: to, bytes: await source.whole(), modified: secondsOf(source.modified) }];
    } catch (error) {
      this.#plan.tally.failed(to, error);
      return [];
    } finally {
      await source?.close();
    }
  }

  async #one(item: UploadItem): Promise<void> {
    const { tally, overwrite, call } = this.#plan;
    const options = { overwrite, ifMatch: undefined };
    let source: LocalSource | undefined;
    try {
      source = await LocalSource.open(item.path);
      const done = await uploadContent(this.#service, item.to, source, options, { signal: call.signal });
      this.#stored(item, done.replaced ? done.undo : undefined);
    } catch (error) {
      if (await this.#wasStored(item, error)) tally.same(1);
      else tally.failed(item.to, named(error, item));
    } finally {
      await source?.close();
    }
  }

  /**
   * Whether a file that is in the way is the same one: the server finishes a batch whose sender was stopped, and
   * another transfer may store the same folder. One that was written just now may not have its time yet.
   */
  async #wasStored(item: UploadItem, error: unknown): Promise<boolean> {
    if (!isAppError(error, 'exists', 'locked', 'precondition_failed')) return false;
    const { account } = this.#service;
    const { signal } = this.#plan.call;
    for (let look = 1; ; look++) {
      const there = await statIfThere(this.#service, item.to, { signal }).catch(() => undefined);
      if (looksSameInCloud(there, item)) return true;
      const isNew = (there?.modified ?? Infinity) >= account.serverTime(this.#began) - TICK_MS;
      const mayBecome = isNew && (error.code === 'locked' || there?.size === item.size);
      if (!mayBecome || look === SETTLING.looks) return false;
      await pause(SETTLING.ms, signal);
    }
  }

  #isSame(item: UploadItem, there: RemoteFiles): boolean {
    if (!looksSameInCloud(there.get(item.to), item)) return false;
    this.#plan.tally.same(1);
    return true;
  }

  #isStored(item: UploadItem, stored: ReadonlySet<RemotePath>): boolean {
    if (!stored.has(item.to)) return false;
    this.#stored(item, undefined);
    return true;
  }

  #stored(item: UploadItem, undo: string | undefined): void {
    const { tally, bytes, call } = this.#plan;
    if (undo === undefined) this.made.push(item.to);
    else this.undos.push(undo);
    tally.stored(item.size);
    call.report?.(tally.bytes, bytes, item.to);
  }
}

/** All that is in a folder, or nothing where there is none. */
export async function listRemoteFiles(
  service: Service,
  folder: RemotePath,
  depth: 1 | 'infinity',
  call: Call,
): Promise<RemoteFiles> {
  try {
    const { resources } = await propfind(service.account, folder, depth, { ...call, properties: looked });
    return new Map(resources.map((resource) => [resource.path, resource]));
  } catch (error) {
    if (isAppError(error, 'not_found')) return new Map();
    throw error;
  }
}

const looked = ['d:getetag', 'd:getlastmodified', 'd:resourcetype', 'oc:size'] as const;

// What ends all is told once, so it has to say where.
function named(error: unknown, { to }: UploadItem): unknown {
  return isAppError(error, 'quota_exceeded')
    ? error.restate(`${to} was not stored: ${error.message}`)
    : error;
}

function* batches(items: readonly UploadItem[]): Generator<UploadItem[]> {
  let batch: UploadItem[] = [];
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
