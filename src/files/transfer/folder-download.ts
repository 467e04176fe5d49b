import { lstat, stat as statLocal } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, isAppError } from '../../errors.ts';
import { listingProperties } from '../../nextcloud/dav/resource.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import { runParallel } from '../../parallel.ts';
import { segments, within } from '../../path.ts';
import type { RemotePath } from '../../path.ts';
import type { Call } from '../context/call.ts';
import { notReady, oddNameNotes } from '../context/left-out.ts';
import { wholeFolder } from '../context/whole-folder.ts';
import { clashing, localName } from '../local/local-name.ts';
import { downloadFile } from './download.ts';
import type { DownloadItem, FolderDownloadJob, FolderDownloadParts } from './download-job.ts';
import { archivePays, FolderArchive } from './folder-archive.ts';
import { looksSameOnDisk } from './same-on-disk.ts';
import { TransferCounter } from './transfer-counter.ts';
import type { TransferSummary } from './transfer-counter.ts';

/** Stores a folder on this computer with all that is in it. Files that are there and identical are left as they are. */
export async function downloadFolder(
  parts: FolderDownloadParts,
  job: FolderDownloadJob,
  call: Call,
): Promise<TransferSummary> {
  return new FolderDownload(parts, job, call).run();
}

interface Layout {
  readonly items: readonly DownloadItem[];
  /** Remote paths that have no place on this computer, with all that is below them. */
  readonly excluded: readonly RemotePath[];
}

class FolderDownload {
  readonly #parts: FolderDownloadParts;
  readonly #job: FolderDownloadJob;
  readonly #call: Call;
  readonly #counter = new TransferCounter();
  /** Bytes of the files that are fetched. */
  #totalBytes = 0;

  constructor(parts: FolderDownloadParts, job: FolderDownloadJob, call: Call) {
    this.#parts = parts;
    this.#job = job;
    this.#call = call;
  }

  async run(): Promise<TransferSummary> {
    const { policy, slots } = this.#parts;
    const { from, root } = this.#job;
    const { resources, odd } = await wholeFolder(this.#parts.account, from, listingProperties, this.#call);
    for (const resource of resources) this.#tellUnready(resource);
    for (const note of oddNameNotes(odd.filter(({ folder }) => policy.isWhollyVisible(folder))))
      this.#counter.note(note);
    const visible = resources.filter(({ path }) => policy.isVisible(path));
    const files = await this.#makeFolders(this.#layOut(visible));
    const needed: DownloadItem[] = [];
    for (const item of files) if (await this.#isNeeded(item)) needed.push(item);
    this.#totalBytes = needed.reduce((sum, { file }) => sum + (file.size ?? 0), 0);
    const archive = new FolderArchive(this.#parts, this.#job, this.#call);
    const left = archivePays(policy, from, resources, needed)
      ? await archive.fetch(needed, (item) => this.#countStored(item))
      : needed;
    await runParallel(left, slots.width, this.#call.signal, async (item) => this.#fetchOne(item));
    return this.#counter.summary(from, root);
  }

  /** What is in such a folder is not fetched. */
  #tellUnready(resource: Resource): void {
    if (resource.pending === undefined || !this.#parts.policy.isVisible(resource.path)) return;
    this.#counter.failed(resource.path, notReady(resource));
  }

  async #isNeeded({ file, to }: DownloadItem): Promise<boolean> {
    const found = await lstat(to).catch(() => undefined);
    if (looksSameOnDisk(found, file)) this.#counter.same(1);
    else if (found?.isDirectory()) this.#counter.failed(to, folderHere(to));
    else if (found && !this.#job.overwrite) this.#counter.failed(to, inTheWay(to));
    else return true;
    return false;
  }

  #countStored({ file }: DownloadItem): void {
    this.#counter.stored(file.size ?? 0);
    this.#call.report?.(this.#counter.bytes, this.#totalBytes, file.path);
  }

  async #fetchOne(item: DownloadItem): Promise<void> {
    const { file, to: localPath } = item;
    const { overwrite } = this.#job;
    try {
      await downloadFile(this.#parts, { file, localPath, overwrite }, { signal: this.#call.signal });
      this.#countStored(item);
    } catch (error) {
      // Another transfer may fetch the same folder.
      if (isAppError(error, 'exists') && (await isThere(item))) this.#counter.same(1);
      else this.#counter.failed(file.path, error);
    }
  }

  /** The place on this computer of all that is in the folder. */
  #layOut(resources: readonly Resource[]): Layout {
    const { platform } = process;
    const { from, root } = this.#job;
    const depth = segments(from).length;
    const all = resources.flatMap((file): DownloadItem[] => {
      const names = segments(file.path).slice(depth);
      if (names.length === 0) return [];
      const stored = names.map((name) => localName(name, platform));
      const last = stored.at(-1) ?? '';
      if (last !== names.at(-1)) this.#counter.note(`${file.path} is called ${last} here`);
      return [{ file, to: join(root, ...stored) }];
    });
    const clashes = clashing(
      all.map(({ to }) => to),
      platform,
    );
    const excluded = all.filter((_, index) => clashes.has(index)).map(({ file }) => file.path);
    for (const path of excluded) this.#counter.failed(path, clash(path));
    return { items: all.filter((_, index) => !clashes.has(index)), excluded };
  }

  /** Makes the folders. @returns the files whose folders exist */
  async #makeFolders(layout: Layout): Promise<DownloadItem[]> {
    const excluded = [...layout.excluded];
    const isIncluded = ({ file }: DownloadItem): boolean =>
      !excluded.some((above) => within(file.path, above));
    for (const item of layout.items) {
      if (!item.file.folder || !isIncluded(item)) continue;
      const found = await statLocal(item.to).catch(() => undefined);
      try {
        if (found?.isFile()) throw fileHere(item.to);
        await this.#parts.local.folder(item.to, '');
      } catch (error) {
        const told = isAppError(error) ? error.restate(`${error.message}. Nothing in it was fetched`) : error;
        this.#counter.failed(item.to, told);
        excluded.push(item.file.path);
      }
    }
    return layout.items.filter((item) => !item.file.folder && isIncluded(item));
  }
}

async function isThere({ file, to }: DownloadItem): Promise<boolean> {
  return looksSameOnDisk(await lstat(to).catch(() => undefined), file);
}

function inTheWay(path: string): AppError {
  return new AppError('exists', `${path} exists already and is another one`, {
    remedy: { kind: 'overwrite' },
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
  return new AppError('exists', `This computer cannot tell ${path} from another name`, {
    hint: 'It cannot store both: download this one alone under another name.',
  });
}
