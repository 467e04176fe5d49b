import { AppError, isAppError } from '../../errors.ts';
import { some } from '../../nextcloud/dav/resource.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import { baseName } from '../../path.ts';
import type { Call } from '../context/call.ts';
import type { TransferRecord, TransferSubject } from '../journal/journal.ts';
import { isResumable, withResumeHint } from '../journal/suspended.ts';
import { localName } from '../local/local-name.ts';
import { LocalTarget } from '../local/local-target.ts';
import { isStillEncrypted } from '../read/container.ts';
import { readRange } from '../read/range.ts';
import { withTrueSize } from '../read/true-size.ts';
import { PassingHash, verify } from './checksum.ts';
import type { Digests } from './checksum.ts';
import type { DownloadJob, DownloadParts } from './download-job.ts';
import { fetchParts } from './download-parts.ts';
import { isSameOnDisk } from './same-on-disk.ts';

export interface Downloaded {
  readonly remote_path: string;
  readonly local_path: string;
  /** Bytes that were stored. */
  readonly bytes: number;
  /** The same file was there already, and nothing was fetched. */
  readonly same?: true;
  /** Of a large file only if the server has one to compare with: hashing takes longer than fetching. */
  readonly checksum?: string;
  /** Whether the server has a checksum and it is the same. */
  readonly verified: boolean;
  /** The server has handed out its own container for an encrypted file instead of the contents. */
  readonly encrypted?: boolean;
}

/** From this size on a file is fetched in parallel parts, and the progress is recorded for a later call. */
const LARGE_BYTES = 32 * 1024 * 1024;

/** Stores a file on this computer. It gets its name only when it is complete, and of the right size and checksum. */
export async function downloadFile(
  parts: DownloadParts,
  wanted: DownloadJob,
  call: Call,
): Promise<Downloaded> {
  const { local, journal, account } = parts;
  const file = await withTrueSize(parts, wanted.file, call);
  const job = { ...wanted, file };
  const name = localName(baseName(file.path), process.platform);
  const local_path = await local.finalPath(job.localPath, name);
  const subject = { kind: 'download', account: account.name, remote_path: file.path, local_path } as const;
  const run = async (): Promise<Downloaded> => new FileDownload(parts, job, subject, call).run();
  const hasRecord = isLarge(file) || (await journal.read(subject)) !== undefined;
  return hasRecord ? journal.withLock(subject, run) : run();
}

function isLarge({ size = 0 }: Resource): boolean {
  return size >= LARGE_BYTES;
}

class FileDownload {
  readonly #parts: DownloadParts;
  readonly #job: DownloadJob;
  readonly #subject: TransferSubject;
  readonly #call: Call;
  /** What the first bytes that passed have told. */
  #isEncrypted: boolean | undefined;

  constructor(parts: DownloadParts, job: DownloadJob, subject: TransferSubject, call: Call) {
    this.#parts = parts;
    this.#job = job;
    this.#subject = subject;
    this.#call = call;
  }

  async run(): Promise<Downloaded> {
    const { journal } = this.#parts;
    const { file } = this.#job;
    const { local_path, remote_path } = this.#subject;
    const old = await this.#oldRecord();
    if (await isSameOnDisk(this.#parts, file, local_path, this.#call)) {
      if (old) await this.#forget(old);
      return { remote_path, local_path, bytes: 0, same: true, verified: false };
    }
    const target = await this.#openTarget(old);
    try {
      return await this.#fetchInto(target, target.reopened ? old : undefined);
    } catch (error) {
      if (isLarge(file) && isResumable(error, this.#call.signal)) {
        await target.keep();
        throw withResumeHint(error);
      }
      await target.discard();
      await journal.remove(this.#subject);
      throw isAppError(error, 'conflict') ? changedMeanwhile(file.path) : error;
    }
  }

  /** What an earlier call has recorded, if it is about the same version of the file. */
  async #oldRecord(): Promise<TransferRecord | undefined> {
    const { file } = this.#job;
    const found = await this.#parts.journal.read(this.#subject);
    if (!found || (isLarge(file) && found.version === versionOf(file))) return found;
    await this.#forget(found);
    return undefined;
  }

  /** Removes the record of an earlier call and the bytes that it has fetched. */
  async #forget(record: TransferRecord): Promise<void> {
    await LocalTarget.remove(this.#subject.local_path, record.place);
    await this.#parts.journal.remove(this.#subject);
  }

  async #openTarget(old: TransferRecord | undefined): Promise<LocalTarget> {
    const { local, journal } = this.#parts;
    const { file, overwrite } = this.#job;
    const { local_path } = this.#subject;
    const place = old?.place ?? LocalTarget.placeFor(local_path);
    // Recorded before the file exists: whatever happens, a later call finds it.
    if (isLarge(file) && !old) await journal.write(this.#newRecord(place, undefined));
    return local.target(local_path, '', overwrite, place).catch(async (error: unknown) => {
      // An earlier call may have finished, and ended before it removed its record. An unfinished file is kept.
      if (!old || (await LocalTarget.settled(local_path, place))) await journal.remove(this.#subject);
      throw error;
    });
  }

  async #fetchInto(target: LocalTarget, old: TransferRecord | undefined): Promise<Downloaded> {
    const { file } = this.#job;
    const { size = 0, modified } = file;
    await target.reserve(size);
    let digests: Digests | undefined;
    if (isLarge(file)) {
      const record = this.#newRecord(target.temporary, old);
      await fetchParts(this.#parts, { file, target, record }, this.#call);
    } else digests = await this.#fetchWhole(target);
    const verification = await verify(file, target, digests);
    const isEncrypted = this.#isEncrypted ?? (await beginsEncrypted(target));
    await target.finish(size, modified === undefined ? undefined : new Date(modified));
    await this.#parts.journal.remove(this.#subject);
    return {
      remote_path: file.path,
      local_path: target.path,
      bytes: size,
      ...verification,
      ...some('encrypted', isEncrypted || undefined),
    };
  }

  /** Writes the body as it arrives, and hashes it on the way. */
  async #fetchWhole(target: LocalTarget): Promise<Digests> {
    const { file } = this.#job;
    const { size = 0, path } = file;
    const hash = new PassingHash(file);
    let received = 0;
    await readRange(this.#parts, { file, start: 0, end: size }, this.#call, async (chunk) => {
      this.#isEncrypted ??= isStillEncrypted(chunk);
      await target.write(chunk, received);
      hash.update(chunk);
      received += chunk.length;
      this.#call.report?.(received, size, path);
      return true;
    });
    return hash.digests();
  }

  #newRecord(place: string, old: TransferRecord | undefined): TransferRecord {
    const { file } = this.#job;
    return {
      ...this.#subject,
      size: file.size ?? 0,
      version: versionOf(file),
      place,
      share: old?.share ?? 0,
      done: old?.done ?? [],
      modified: 0,
      began: Date.now(),
    };
  }
}

async function beginsEncrypted(target: LocalTarget): Promise<boolean> {
  for await (const piece of target.read()) return isStillEncrypted(piece);
  return false;
}

/** Tells one version of a file from every other one. */
function versionOf({ fileId, etag, size }: Resource): string {
  return `${fileId ?? ''} ${etag ?? ''} ${size ?? ''}`;
}

function changedMeanwhile(path: string): AppError {
  return new AppError('conflict', `${path} changed while it was downloaded. Nothing was kept`, {
    hint: 'Download it again.',
  });
}
