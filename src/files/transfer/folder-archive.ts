import { basename, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { fromFdPromise } from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import { isAppError } from '../../errors.ts';
import { propfind } from '../../nextcloud/dav/propfind.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import { fetchZip } from '../../nextcloud/dav/zip-stream.ts';
import { runParallel } from '../../parallel.ts';
import { ROOT, segments } from '../../path.ts';
import type { RemotePath } from '../../path.ts';
import type { AccessPolicy } from '../context/access-policy.ts';
import type { Call } from '../context/call.ts';
import { LocalTarget } from '../local/local-target.ts';
import type { DownloadItem, FolderDownloadJob, FolderDownloadParts } from './download-job.ts';

/** A request costs the server as much as this many unneeded bytes of an archive. */
const BYTES_PER_REQUEST = 4 * 1024 * 1024;
const MIN_FILES = 20;
const MAX_BYTES = 2 * 1024 ** 3;
/** Members of the archive that are extracted at the same time. */
const PARALLEL_MEMBERS = 4;

/** Whether one archive of the whole folder is cheaper than a request for each file that is needed. */
export function archivePays(
  policy: AccessPolicy,
  from: RemotePath,
  all: readonly Resource[],
  needed: readonly DownloadItem[],
): boolean {
  // It would bring denied files onto the disk. That of the home folder has wrong names (observed).
  if (policy.hidesInside || from === ROOT || needed.length < MIN_FILES) return false;
  const bytes = (files: readonly Resource[]): number =>
    files.reduce((sum, { folder, size = 0 }) => sum + (folder ? 0 : size), 0);
  const allBytes = bytes(all);
  const neededBytes = bytes(needed.map(({ file }) => file));
  const limit = needed.length * BYTES_PER_REQUEST;
  return allBytes <= MAX_BYTES && allBytes - neededBytes < limit && neededBytes < limit;
}

/** The archive of a folder, from which files are extracted as if each had been fetched on its own. */
export class FolderArchive {
  readonly #parts: FolderDownloadParts;
  readonly #job: FolderDownloadJob;
  readonly #call: Call;

  constructor(parts: FolderDownloadParts, job: FolderDownloadJob, call: Call) {
    this.#parts = parts;
    this.#job = job;
    this.#call = call;
  }

  /**
   * Fetches the archive and extracts the files.
   *
   * @returns the files that are not in it as they were listed, or have changed since, to be fetched on their own
   */
  async fetch(
    items: readonly DownloadItem[],
    onStored: (item: DownloadItem) => void,
  ): Promise<readonly DownloadItem[]> {
    const { root } = this.#job;
    const archive = await LocalTarget.open(join(root, `${basename(root)}.zip`), false);
    try {
      await archive.reserve(2 * items.reduce((sum, { file }) => sum + (file.size ?? 0), 0));
      await this.#fetchInto(archive);
      const extracted = await this.#extract(archive, await this.#unchanged(items));
      for (const item of extracted) onStored(item);
      return items.filter((item) => !extracted.has(item));
    } catch (error) {
      // There is no complete archive: the files can still be fetched one by one.
      if (isAppError(error, 'invalid_response', 'unavailable', 'invalid_input')) return items;
      throw error;
    } finally {
      await archive.discard();
    }
  }

  async #fetchInto(archive: LocalTarget): Promise<void> {
    const { account, slots } = this.#parts;
    const { signal } = this.#call;
    await slots.use(signal, async () =>
      fetchZip(account, this.#job.from, signal, async (body) => {
        let position = 0;
        for await (const piece of body) {
          await archive.write(piece, position);
          position += piece.length;
        }
      }),
    );
  }

  /** The files that are still the same after the archive was made. */
  async #unchanged(items: readonly DownloadItem[]): Promise<readonly DownloadItem[]> {
    const now = await propfind(this.#parts.account, this.#job.from, 'infinity', this.#call);
    const etags = new Map(now.resources.map(({ path, etag }) => [path, etag]));
    return items.filter(({ file }) => etags.get(file.path) === file.etag);
  }

  async #extract(archive: LocalTarget, items: readonly DownloadItem[]): Promise<ReadonlySet<DownloadItem>> {
    const extracted = new Set<DownloadItem>();
    const depth = segments(this.#job.from).length - 1;
    // Its descriptor stays the archive's own: what is under the path may be another file by now.
    const zip = await fromFdPromise(archive.fd, { lazyEntries: true, autoClose: false }).catch(
      () => undefined,
    );
    if (!zip) return extracted;
    try {
      const entries = new Map<string, Entry>();
      for await (const entry of zip.eachEntry()) entries.set(entry.fileName.normalize('NFC'), entry);
      await runParallel(items, PARALLEL_MEMBERS, this.#call.signal, async (item) => {
        const entry = entries.get(segments(item.file.path).slice(depth).join('/'));
        if (entry && (await this.#extractOne(zip, entry, item))) extracted.add(item);
      });
    } catch (error) {
      if (isAppError(error)) throw error;
      // The directory is damaged. What was extracted so far is complete, by its own checksum.
    }
    return extracted;
  }

  /** @returns whether the member is complete, with the listed size and the checksum of the archive */
  async #extractOne(zip: ZipFile, entry: Entry, { file, to }: DownloadItem): Promise<boolean> {
    if (entry.uncompressedSize !== file.size) return false;
    let target: LocalTarget | undefined;
    try {
      const { overwrite } = this.#job;
      target = await this.#parts.local.target(to, basename(to), overwrite);
      let position = 0;
      let checksum = 0;
      for await (const piece of (await zip.openReadStreamPromise(entry, {})) as AsyncIterable<Buffer>) {
        await target.write(piece, position);
        checksum = crc32(piece, checksum);
        position += piece.length;
      }
      const isComplete = position === file.size && checksum === entry.crc32;
      const modified = file.modified === undefined ? undefined : new Date(file.modified);
      if (isComplete) await target.finish(position, modified, false);
      else await target.discard();
      return isComplete;
    } catch (error) {
      await target?.discard();
      if (isAppError(error, 'quota_exceeded')) throw error;
      return false; // fetched on its own, the file gives the precise error
    }
  }
}
