import { isAppError } from '../../errors.ts';
import { putMany } from '../../nextcloud/dav/bulk.ts';
import type { BulkFile, StoredFile } from '../../nextcloud/dav/bulk.ts';
import { propfind } from '../../nextcloud/dav/propfind.ts';
import { pause } from '../../pause.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import { parentOf, ROOT, within } from '../../path.ts';
import type { RemotePath } from '../../path.ts';
import { LocalSource } from '../local/local-source.ts';
import type { LocalFile } from '../local/local-tree.ts';
import { runParallel } from '../../parallel.ts';
import type { Account } from '../../nextcloud/account.ts';
import type { Call } from '../context/call.ts';
import { statIfThere } from '../context/stat.ts';
import type { NotedChange } from '../history/recorder.ts';
import { secondsOf } from '../write/mtime-allocator.ts';
import { looksSameInCloud } from '../write/same-file.ts';
import { uploadFile } from '../write/upload.ts';
import type { UploadParts } from '../write/upload.ts';
import { concernsAllFiles } from './transfer-counter.ts';
import type { TransferCounter } from './transfer-counter.ts';

/** The largest file that is sent in a batch with others: a request then takes the server seconds, not minutes. */
export const MAX_BATCHED_FILE_BYTES = 512 * 1024;
const BATCH = { files: 100, bytes: 4 * 1024 * 1024 };

/** One more listing costs the server as much as this many entries in a listing. */
const ENTRIES_PER_LISTING = 500;

/** The server writes a file of a batch before it sets its time; meanwhile the file is locked. */
const WAIT_FOR_TIME = { ms: 1000, checks: 5 };
/** The server's clock is read from a header with whole seconds. */
const CLOCK_TOLERANCE_MS = 2000;

export interface UploadItem extends LocalFile {
  /** The path in the Nextcloud. */
  readonly to: RemotePath;
}

export type RemoteFiles = ReadonlyMap<RemotePath, Resource>;

export interface FolderUploadPlan {
  readonly counter: TransferCounter;
  readonly overwrite: boolean;
  /** Of all files. */
  readonly bytes: number;
  /** How many files and folders there are on both sides. */
  readonly entries: number;
}

/** Uploads the files of a folder. */
export class FolderUploadRun {
  readonly #parts: UploadParts;
  readonly #plan: FolderUploadPlan;
  readonly #call: Call;
  readonly #began = Date.now();

  constructor(parts: UploadParts, plan: FolderUploadPlan, call: Call) {
    this.#parts = parts;
    this.#plan = plan;
    this.#call = call;
  }

  async inBatches(items: readonly UploadItem[]): Promise<void> {
    const { slots } = this.#parts;
    const { signal } = this.#call;
    await runParallel(batches(items), slots.width, signal, async (batch) =>
      slots.use(signal, async () => this.#batch(batch)),
    );
  }

  async oneByOne(items: readonly UploadItem[]): Promise<void> {
    const { signal } = this.#call;
    await runParallel(items, this.#parts.slots.width, signal, async (item) => this.#one(item));
  }

  /**
   * A batch would replace what somebody else has stored since the folder was listed, so its names are looked up
   * right before. A file that appears between that and the end of the request is replaced; Nextcloud keeps it
   * as a version. The rest, and what a broken batch has left, is sent file by file, under the usual conditions.
   */
  async #batch(batch: readonly UploadItem[]): Promise<void> {
    let left = batch;
    try {
      const found = await this.#lookUp(batch);
      left = batch.filter((item) => !this.#isSame(item, found));
      const files: BulkFile[] = [];
      for (const item of left) if (!found.has(item.to)) files.push(...(await this.#read(item)));
      const sent = new Set(files.map(({ path }) => path));
      left = left.filter((item) => sent.has(item.to) || found.has(item.to));
      const stored = await this.#putMany(files);
      left = left.filter((item) => !this.#isStored(item, stored));
    } catch (error) {
      if (!isAppError(error) || concernsAllFiles(error)) throw error;
      const found = await this.#lookUp(left);
      const stored = new Set(
        left.filter((item) => looksSameInCloud(found.get(item.to), item)).map(({ to }) => to),
      );
      left = left.filter((item) => !this.#isStored(item, stored));
    }
    for (const item of left) await this.#one(item);
  }

  async #putMany(files: readonly BulkFile[]): Promise<ReadonlySet<RemotePath>> {
    const { changes, signal } = this.#call;
    const notes =
      (await changes?.begin(
        files.map(({ path, bytes, modified }) => ({
          fact: { kind: 'made', path, folder: false, how: 'written', size: bytes.length, modified },
        })),
      )) ?? [];
    const stored = await putMany(this.#parts.account, files, signal);
    // A file that was not stored in the batch is sent, and noted, once more.
    const drop: NotedChange[] = [];
    const settle: [NotedChange, StoredFile][] = [];
    for (const [index, note] of notes.entries()) {
      const found = stored.get(files[index]?.path ?? ROOT);
      if (found) settle.push([note, found]);
      else drop.push(note);
    }
    changes?.settle(settle);
    changes?.drop(drop);
    return new Set(stored.keys());
  }

  /** What the server has now under the names of these files. */
  async #lookUp(items: readonly UploadItem[]): Promise<RemoteFiles> {
    const { signal } = this.#call;
    const folders = [...new Set(items.map(({ to }) => parentOf(to)))];
    if (folders.length * ENTRIES_PER_LISTING < this.#plan.entries + ENTRIES_PER_LISTING) {
      const all = new Map<RemotePath, Resource>();
      for (const folder of folders)
        for (const [path, found] of await listRemoteFiles(this.#parts.account, folder, 1, { signal }))
          all.set(path, found);
      return all;
    }
    let above = folders[0] ?? ROOT;
    while (!folders.every((folder) => within(folder, above))) above = parentOf(above);
    return listRemoteFiles(this.#parts.account, above, 'infinity', { signal });
  }

  /** Nothing, if the file cannot be read. */
  async #read({ to, path }: UploadItem): Promise<BulkFile[]> {
    let source: LocalSource | undefined;
    try {
      source = await LocalSource.open(path);
      return [{ path: to, bytes: await source.whole(), modified: secondsOf(source.modified) }];
    } catch (error) {
      this.#plan.counter.failed(to, error);
      return [];
    } finally {
      await source?.close();
    }
  }

  async #one(item: UploadItem): Promise<void> {
    const { counter, overwrite } = this.#plan;
    let source: LocalSource | undefined;
    try {
      source = await LocalSource.open(item.path);
      const job = { path: item.to, content: source, overwrite, isOneOfMany: true };
      const { signal, changes } = this.#call;
      await uploadFile(this.#parts, job, { signal, changes });
      this.#countStored(item);
    } catch (error) {
      if (await this.#wasStored(item, error)) counter.same(1);
      else counter.failed(item.to, withName(error, item));
    } finally {
      await source?.close();
    }
  }

  /**
   * Whether a file that is in the way is the same one: the server finishes a batch whose sender was stopped, and
   * another transfer may store the same folder. A file that was written just now may not have its time yet.
   */
  async #wasStored(item: UploadItem, error: unknown): Promise<boolean> {
    if (!isAppError(error, 'exists', 'locked', 'precondition_failed')) return false;
    const { account } = this.#parts;
    const { signal } = this.#call;
    for (let checks = 1; ; checks++) {
      const found = await statIfThere(this.#parts, item.to, { signal }).catch(() => undefined);
      if (looksSameInCloud(found, item)) return true;
      const isNew = (found?.modified ?? Infinity) >= account.serverTime(this.#began) - CLOCK_TOLERANCE_MS;
      const mayBecomeSame = isNew && (error.code === 'locked' || found?.size === item.size);
      if (!mayBecomeSame || checks === WAIT_FOR_TIME.checks) return false;
      await pause(WAIT_FOR_TIME.ms, signal);
    }
  }

  #isSame(item: UploadItem, found: RemoteFiles): boolean {
    if (!looksSameInCloud(found.get(item.to), item)) return false;
    this.#plan.counter.same(1);
    return true;
  }

  #isStored(item: UploadItem, stored: ReadonlySet<RemotePath>): boolean {
    if (!stored.has(item.to)) return false;
    this.#countStored(item);
    return true;
  }

  #countStored(item: UploadItem): void {
    const { counter, bytes } = this.#plan;
    counter.stored(item.size);
    this.#call.report?.(counter.bytes, bytes, item.to);
  }
}

/** The folder and all that is in it; nothing if it does not exist. */
export async function listRemoteFiles(
  account: Account,
  folder: RemotePath,
  depth: 1 | 'infinity',
  call: Call,
): Promise<RemoteFiles> {
  try {
    const { resources } = await propfind(account, folder, depth, { ...call, properties });
    return new Map(resources.map((resource) => [resource.path, resource]));
  } catch (error) {
    if (isAppError(error, 'not_found')) return new Map();
    throw error;
  }
}

const properties = ['d:getetag', 'd:getlastmodified', 'd:resourcetype', 'oc:size', 'oc:fileid'] as const;

// An error that ends the whole transfer is reported once, so it has to name the file.
function withName(error: unknown, { to }: UploadItem): unknown {
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
