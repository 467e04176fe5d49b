import { AppError, isAppError } from '../../errors.ts';
import { formatBytes } from '../../text/byte-size.ts';
import { join, parentOf, within } from '../../path.ts';
import type { RemotePath } from '../../path.ts';
import type { Call } from '../context/call.ts';
import { notAFolder, statIfThere } from '../context/stat.ts';
import { walk } from '../local/local-tree.ts';
import type { LocalTree } from '../local/local-tree.ts';
import { createFolder } from '../write/create-folder.ts';
import { hasNoTimeThere } from '../write/mtime-allocator.ts';
import { looksSameInCloud } from '../write/same-file.ts';
import type { UploadParts } from '../write/upload.ts';
import { FolderUploadRun, listRemoteFiles, MAX_BATCHED_FILE_BYTES } from './folder-upload-run.ts';
import type { RemoteFiles, UploadItem } from './folder-upload-run.ts';
import { TransferCounter } from './transfer-counter.ts';
import type { TransferSummary } from './transfer-counter.ts';

export interface FolderUploadJob {
  readonly to: RemotePath;
  /** The path of the folder on this computer. */
  readonly from: string;
  readonly overwrite: boolean;
}

/** Stores a folder of this computer with all that is in it. Files that are there and identical are left as they are. */
export async function uploadFolder(
  parts: UploadParts,
  job: FolderUploadJob,
  call: Call,
): Promise<TransferSummary> {
  return new FolderUpload(parts, job, call).run();
}

interface Layout {
  readonly folders: readonly RemotePath[];
  readonly items: readonly UploadItem[];
}

/** More of what others have stored is not named. */
const MAX_FOREIGN = 20;

class FolderUpload {
  readonly #parts: UploadParts;
  readonly #job: FolderUploadJob;
  readonly #call: Call;
  readonly #counter = new TransferCounter();
  readonly #madeFolders = new Set<RemotePath>();

  constructor(parts: UploadParts, job: FolderUploadJob, call: Call) {
    this.#parts = parts;
    this.#job = job;
    this.#call = call;
  }

  async run(): Promise<TransferSummary> {
    const { to, from } = this.#job;
    this.#parts.policy.assertWritable(to);
    const tree = await walk(from);
    for (const path of tree.skipped)
      this.#counter.note(`${path} is a link or no plain file, and was left out`);
    const before = await listRemoteFiles(this.#parts.account, to, 'infinity', this.#call);
    if (before.get(to)?.folder === false) throw notAFolder(to);
    for (const { path, error } of tree.failed) this.#counter.failed(path, error);
    const { folders, items } = this.#layOut(tree);
    const placeless = await this.#makeFolders(folders.filter((folder) => !before.get(folder)?.folder));
    const placed = items.filter((item) => !placeless.some((folder) => within(item.to, folder)));
    await this.#sendFiles(placed, before);
    this.#noteFolders();
    const foreign = await this.#foreign(placed);
    return { ...this.#counter.summary(to, from), ...(foreign.length === 0 ? {} : { foreign }) };
  }

  async #sendFiles(items: readonly UploadItem[], before: RemoteFiles): Promise<void> {
    const { to, overwrite } = this.#job;
    const changed = items.filter((item) => !looksSameInCloud(before.get(item.to), item));
    this.#counter.same(items.length - changed.length);
    const old = changed.filter(({ modified }) => hasNoTimeThere(modified)).length;
    if (old > 0)
      this.#counter.note(
        `The time of ${old === 1 ? 'one file' : `${old} files`} is before 2 January 1970. Nextcloud stores no such time, and uses that day instead`,
      );
    const plan = {
      counter: this.#counter,
      overwrite,
      bytes: items.reduce((sum, { size }) => sum + size, 0),
      entries: before.size + items.length,
    };
    const run = new FolderUploadRun(this.#parts, plan, this.#call);
    const isSmall = (item: UploadItem): boolean =>
      item.size <= MAX_BATCHED_FILE_BYTES && !before.has(item.to);
    const small = changed.filter(isSmall);
    const areBatched = small.length > 1 && (await this.#parts.capabilities(this.#call)).bulk;
    try {
      if (areBatched) await run.inBatches(small);
      await run.oneByOne(areBatched ? changed.filter((item) => !isSmall(item)) : changed);
    } catch (error) {
      throw isAppError(error, 'quota_exceeded') ? await this.#quotaError(error, changed.length) : error;
    } finally {
      this.#parts.metadata.changed(to);
    }
  }

  // Without a file in it, the summary would not show that anything was done.
  #noteFolders(): void {
    const { size } = this.#madeFolders;
    if (this.#counter.files > 0 || size === 0) return;
    const [first] = this.#madeFolders;
    this.#counter.note(size === 1 ? `The folder ${first ?? ''} was made` : `${size} folders were made`);
  }

  /** Says how far the transfer came before the space was used up. */
  async #quotaError(refusal: AppError, files: number): Promise<AppError> {
    const found = await statIfThere(this.#parts, this.#job.to, {}).catch(() => undefined);
    const { quotaAvailable: free = -1 } = found?.detail ?? {};
    const left = free < 0 ? '' : `. ${formatBytes(free)} are left`;
    return refusal.restate(
      `${refusal.message}${left}. ${this.#counter.files} of ${files} files were stored before`,
      { hint: `${refusal.hint ?? 'Free some space.'} The same call then goes on with the rest.` },
    );
  }

  // Everything is stored by now: if this request fails, only this is not known.
  async #foreign(items: readonly UploadItem[]): Promise<RemotePath[]> {
    if (this.#madeFolders.size === 0) return [];
    const ours = new Set([...this.#madeFolders, ...items.map(({ to }) => to)]);
    const after = await listRemoteFiles(this.#parts.account, this.#job.to, 'infinity', this.#call).catch(
      (error: unknown) => {
        if (isAppError(error) && error.code !== 'cancelled') return undefined;
        throw error;
      },
    );
    const isOurs = (path: RemotePath): boolean => ours.has(path) || !this.#madeFolders.has(parentOf(path));
    return [...(after?.keys() ?? [])].filter((path) => !isOurs(path)).slice(0, MAX_FOREIGN);
  }

  /**
   * The remote path of everything, parents first. Names that differ only in their Unicode form are the same in the
   * Nextcloud, where the second would replace the first. A folder that has no place is left out with all that is in it.
   */
  #layOut(tree: LocalTree): Layout {
    const folders = new Map<string, RemotePath>([['', this.#job.to]]);
    const taken = new Set<RemotePath>();
    const place = (names: readonly string[], consequence: string): RemotePath | undefined => {
      const parent = folders.get(names.slice(0, -1).join('/'));
      if (parent === undefined) return undefined;
      try {
        const path = join(parent, names.at(-1) ?? '');
        this.#parts.policy.assertWritable(path);
        if (taken.has(path)) throw oneName(path);
        taken.add(path);
        return path;
      } catch (error) {
        const told = isAppError(error) ? error.restate(`${error.message}${consequence}`) : error;
        this.#counter.failed(names.join('/'), told);
        return undefined;
      }
    };
    const items: UploadItem[] = [];
    for (const names of tree.folders) {
      const path = place(names, '. Nothing in it was stored');
      if (path !== undefined) folders.set(names.join('/'), path);
    }
    for (const file of tree.files) {
      const path = place(file.names, '');
      if (path !== undefined) items.push({ ...file, to: path });
    }
    return { folders: [...folders.values()], items };
  }

  /** @returns those that cannot be made. Nothing that belongs into them is stored. */
  async #makeFolders(folders: readonly RemotePath[]): Promise<RemotePath[]> {
    const failed: RemotePath[] = [];
    for (const folder of folders) {
      if (failed.some((above) => within(folder, above))) continue;
      try {
        const { created } = await createFolder(this.#parts, folder, this.#call);
        if (created) this.#madeFolders.add(folder);
      } catch (error) {
        const told = isAppError(error) ? error.restate(`${error.message}. Nothing in it was stored`) : error;
        this.#counter.failed(folder, told);
        failed.push(folder);
      }
    }
    return failed;
  }
}

function oneName(path: RemotePath): AppError {
  return new AppError('exists', `Two names here are one in the Nextcloud, ${path}, and this is the second`, {
    hint: 'They differ in their Unicode form only: rename one of them.',
  });
}
