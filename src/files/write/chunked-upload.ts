import { randomUUID } from 'node:crypto';
import { AppError, isAppError } from '../../errors.ts';
import { ChunkedUpload } from '../../nextcloud/dav/chunks.ts';
import { some } from '../../nextcloud/dav/resource.ts';
import { parentOf } from '../../path.ts';
import type { Call } from '../context/call.ts';
import { reconcile } from '../context/reconcile.ts';
import { statIfThere } from '../context/stat.ts';
import type { TransferRecord } from '../journal/journal.ts';
import { isResumable, withResumeHint } from '../journal/suspended.ts';
import { LocalSource } from '../local/local-source.ts';
import { ChunkMerge, MAX_JOIN_MS } from './chunk-merge.ts';
import { ChunkSender, chunkLength } from './chunk-sender.ts';
import { contentSize } from './content.ts';
import { findUploaded } from './file-write.ts';
import type { FileWrite, SendParts, Uploaded } from './file-write.ts';

const MEBIBYTE = 1024 * 1024;
/** A chunk is a twentieth of the file, but not smaller than this: few requests, and little to send again. */
const MIN_CHUNK_BYTES = 10 * MEBIBYTE;
const CHUNKS_PER_FILE = 20;
/** The most that the server accepts. */
const MAX_CHUNKS = 10_000;

/**
 * Stores a file through the upload folder: chunks in parallel, each sent again until the server confirms it, then one
 * conditional MOVE. For a file from the disk, a later call resumes where this one ended.
 */
export async function uploadInChunks(parts: SendParts, write: FileWrite, call: Call): Promise<Uploaded> {
  const run = async (): Promise<Uploaded> => new ChunkedUploadRun(parts, write, call).run();
  if (!(write.content instanceof LocalSource)) return run();
  const { path: remote_path, content } = write;
  const subject = {
    kind: 'upload',
    account: parts.account.name,
    remote_path,
    local_path: content.path,
  } as const;
  return parts.journal.withLock(subject, run);
}

interface Preparation {
  readonly record: TransferRecord;
  /** `open`: an earlier call has sent chunks. `gone`: it had, and they may have become the file. */
  readonly resumed: 'open' | 'gone' | undefined;
}

class ChunkedUploadRun {
  readonly #parts: SendParts;
  readonly #write: FileWrite;
  readonly #call: Call;
  /** The file on the disk; contents from memory cannot be resumed. */
  readonly #source: LocalSource | undefined;

  constructor(parts: SendParts, write: FileWrite, call: Call) {
    this.#parts = parts;
    this.#write = write;
    this.#call = call;
    this.#source = write.content instanceof LocalSource ? write.content : undefined;
  }

  async run(): Promise<Uploaded> {
    const { account, journal, log } = this.#parts;
    const { record, resumed } = await this.#prepare();
    const upload = new ChunkedUpload(account, record.place, this.#write.path, record.size);
    const note = async (merging: number | undefined): Promise<void> => {
      const { merging: _, ...rest } = record;
      if (this.#source) await journal.write({ ...rest, ...some('merging', merging) });
    };
    const merge = new ChunkMerge(this.#parts, { upload, write: this.#write, record, note }, this.#call);
    try {
      const stored = resumed === 'gone' ? await this.#findUploaded(record) : undefined;
      // An earlier call has sent all chunks and asked the server to join them.
      if (!stored && !merge.mayRun) await this.#send(upload, record, resumed);
      const result = stored ?? (await merge.run());
      await journal.remove(record);
      return result;
    } catch (error) {
      if (this.#source && isResumable(error, this.#call.signal)) throw withResumeHint(error);
      if (merge.mayRun) throw mayStillCome(error, this.#write.path);
      await journal.remove(record);
      await upload.remove().catch((cause: unknown) => log.warn({ err: cause }, 'upload left behind'));
      throw error;
    }
  }

  async #send(upload: ChunkedUpload, record: TransferRecord, resumed: Preparation['resumed']): Promise<void> {
    await this.#assertTargetFree();
    if (this.#source) await this.#parts.journal.write(record);
    if (resumed !== 'open') await this.#open(upload);
    await new ChunkSender(
      this.#parts,
      { upload, content: this.#write.content, record },
      this.#call,
    ).sendAll();
    await this.#source?.mustBeSame();
  }

  /** Tells before gigabytes are sent what the MOVE would say after them. */
  async #assertTargetFree(): Promise<void> {
    const { path, replaces } = this.#write;
    if (replaces) return;
    const found = await statIfThere(this.#parts, path, this.#call);
    if (found && !found.folder)
      throw new AppError('precondition_failed', 'The name is taken', { status: 412 });
    const parent = await statIfThere(this.#parts, parentOf(path), this.#call);
    if (found || !parent?.folder)
      throw new AppError('conflict', 'There cannot be a file here', { status: 409 });
  }

  async #open(upload: ChunkedUpload): Promise<void> {
    const { signal } = this.#call;
    const open = async (): Promise<object> => upload.open(signal).then(() => ({}));
    await reconcile(open, async () => ((await upload.arrived(signal)) ? {} : undefined), this.#call);
  }

  async #findUploaded(record: TransferRecord): Promise<Uploaded | undefined> {
    return findUploaded(this.#parts, this.#write.path, record, this.#call);
  }

  async #prepare(): Promise<Preparation> {
    const { account, journal } = this.#parts;
    const { signal } = this.#call;
    const fresh = await this.#newRecord();
    const old = this.#source ? await journal.read(fresh) : undefined;
    if (!old) return { record: fresh, resumed: undefined };
    const before = new ChunkedUpload(account, old.place, this.#write.path, old.size);
    const isSameSource = old.version === fresh.version;
    const arrived = await before.arrived(signal);
    if (isSameSource && !arrived) {
      const { merging: _, ...rest } = old;
      return { record: { ...rest, done: [] }, resumed: 'gone' };
    }
    const mayMerge = old.merging !== undefined && Date.now() < old.merging + MAX_JOIN_MS;
    if (mayMerge && isSameSource) return { record: old, resumed: 'open' };
    if (!isSameSource || !arrived || old.replaces !== fresh.replaces) {
      // Of another version of the source, or to replace another version of the target.
      if (!mayMerge) await before.remove(signal);
      return { record: fresh, resumed: undefined };
    }
    // Only a confirmed chunk counts: one that broke off may have the full size (observed).
    const done = old.done.filter((number) => arrived.get(number) === chunkLength(old, number));
    return { record: { ...old, done }, resumed: 'open' };
  }

  async #newRecord(): Promise<TransferRecord> {
    const { account, capabilities } = this.#parts;
    const { path, content, modified, replaces } = this.#write;
    const size = contentSize(content);
    return {
      kind: 'upload',
      account: account.name,
      remote_path: path,
      local_path: this.#source?.path ?? '',
      size,
      version: this.#source?.version ?? '',
      place: `nextcloud-files-mcp-${randomUUID()}`,
      share: chunkSize(size, (await capabilities(this.#call)).maxChunk),
      done: [],
      modified,
      ...(replaces?.etag === undefined ? {} : { replaces: replaces.etag }),
      began: Date.now(),
    };
  }
}

/** A cancelled call has no other way to say what the server may still do. */
function mayStillCome(error: unknown, path: string): unknown {
  if (!isAppError(error, 'cancelled')) return error;
  return error.restate(`${error.message}, but the server may still put the parts of ${path} together`, {
    remedy: { kind: 'verify-change' },
  });
}

/** The size of a chunk in bytes, at most `max` unless that would make too many of them. */
export function chunkSize(size: number, max: number): number {
  const wanted = Math.max(MIN_CHUNK_BYTES, Math.ceil(size / CHUNKS_PER_FILE));
  return Math.max(Math.min(wanted, max), Math.ceil(size / MAX_CHUNKS));
}
