import { AppError, isAppError } from '../../errors.ts';
import { joinMs } from '../../nextcloud/dav/chunks.ts';
import type { ChunkedUpload } from '../../nextcloud/dav/chunks.ts';
import { backoff } from '../../nextcloud/transport/retry.ts';
import { pause } from '../../pause.ts';
import type { Call } from '../context/call.ts';
import { isAnswered, notKnown } from '../context/reconcile.ts';
import { statIfThere } from '../context/stat.ts';
import type { TransferRecord } from '../journal/journal.ts';
import { findUploaded, uploadedFile } from './file-write.ts';
import type { FileWrite, SendParts, Uploaded } from './file-write.ts';

/** How often to look whether the server has joined the chunks after a proxy gave up waiting for it. */
const CHECK_MS = 2000;
/** How often to ask anew a server that says that the file is locked. */
const ASK_AGAIN_MS = 20_000;
/** The longest time for which chunks are taken to be joined still. */
export const MAX_JOIN_MS = 30 * 60 * 1000;
/** How often the chunks are asked to be joined when the connection breaks each time. */
const MAX_ATTEMPTS = 3;

export interface MergeJob {
  readonly upload: ChunkedUpload;
  readonly write: FileWrite;
  readonly record: TransferRecord;
  /** Notes on the disk that the server was asked, or with undefined that it is done with it. */
  readonly note: (merging: number | undefined) => Promise<void>;
}

/**
 * Lets the server join the chunks to the file, which may take minutes. A proxy may give up before, while the server
 * goes on: then the file is looked for, because the server needs the chunks until it has them joined, and refuses to
 * join them a second time meanwhile (423, observed on 34).
 */
export class ChunkMerge {
  readonly #parts: SendParts;
  readonly #job: MergeJob;
  readonly #call: Call;
  /** When the server was asked, if it may still be at it. */
  #asked: number | undefined;

  constructor(parts: SendParts, job: MergeJob, call: Call) {
    this.#parts = parts;
    this.#job = job;
    this.#call = call;
    this.#asked = job.record.merging;
  }

  /** The server may be joining the chunks, so that they must not be removed. */
  get mayRun(): boolean {
    return this.#asked !== undefined;
  }

  async run(): Promise<Uploaded> {
    let stored = this.#asked === undefined ? undefined : await this.#watch(this.#asked + this.#patienceMs);
    for (let attempt = 1; !stored; attempt++) {
      const isInDoubt = this.mayRun;
      try {
        return await this.#ask();
      } catch (error) {
        if (!isAppError(error) || error.code === 'cancelled') throw error;
        stored =
          isInDoubt && error.code === 'locked'
            ? await this.#awaitLock(error)
            : await this.#settle(error, attempt, isInDoubt);
      }
    }
    return stored;
  }

  get #patienceMs(): number {
    return this.#parts.account.patienceMs + joinMs(this.#job.record.size);
  }

  async #ask(): Promise<Uploaded> {
    const { upload, write, record, note } = this.#job;
    this.#asked ??= Date.now();
    await note(this.#asked);
    return uploadedFile(write, await upload.merge({ ...record, signal: this.#call.signal }));
  }

  /** What became of a request that failed. @returns undefined when it is to be sent again */
  async #settle(error: AppError, attempt: number, isInDoubt: boolean): Promise<Uploaded | undefined> {
    const { signal } = this.#call;
    const isLost = error.uncertain && !isAnswered(error);
    if (isLost) {
      const isSilent = error.code === 'timeout' || error.status !== undefined;
      if (!isSilent) await pause(backoff(attempt, Math.random()), signal);
      const stored = await this.#watch(isSilent ? Date.now() + this.#patienceMs : 0, error);
      if (!stored && attempt >= MAX_ATTEMPTS) throw notKnown(error);
      return stored;
    }
    const stored = error.uncertain || isInDoubt ? await this.#look(error) : undefined;
    if (stored) return stored;
    this.#asked = undefined;
    await this.#job.note(undefined);
    if (!error.uncertain) throw error;
    if (error.status === 503 && attempt < MAX_ATTEMPTS) {
      await pause(backoff(attempt, Math.random()), signal);
      return undefined;
    }
    throw error.restate(`${error.message}. The change has not been made`, {
      hint: 'Try again.',
      remedy: error.remedy,
    });
  }

  /** The lock is that of the server's own work on the chunks, unless the file names another holder. */
  async #awaitLock(refusal: AppError): Promise<Uploaded | undefined> {
    const { path } = this.#job.write;
    const until = (this.#asked ?? Date.now()) + MAX_JOIN_MS;
    const stored = await this.#watch(Math.min(until, Date.now() + ASK_AGAIN_MS), refusal);
    if (stored) return stored;
    const target = await statIfThere(this.#parts, path, this.#call).catch(() => undefined);
    if (target?.detail?.lock) throw refusal;
    if (Date.now() >= until) throw notKnown(stillJoining(path, refusal));
    return undefined;
  }

  /** Looks for the file until then, at least once, as long as the upload is there. */
  async #watch(until: number, reason?: AppError): Promise<Uploaded | undefined> {
    const { upload } = this.#job;
    const { signal } = this.#call;
    for (;;) {
      const stored = await this.#look(reason);
      if (stored || Date.now() >= until) return stored;
      if (!(await upload.arrived(signal).catch(() => true))) return this.#look(reason);
      await pause(Math.min(CHECK_MS, Math.max(0, until - Date.now())), signal);
    }
  }

  async #look(reason: AppError | undefined): Promise<Uploaded | undefined> {
    try {
      return await findUploaded(this.#parts, this.#job.write.path, this.#job.record, this.#call);
    } catch (cause) {
      if (!reason || isAppError(cause, 'cancelled')) throw cause;
      throw notKnown(reason);
    }
  }
}

function stillJoining(path: string, cause: AppError): AppError {
  return new AppError('unavailable', `The server has not put the parts of ${path} together yet`, {
    uncertain: true,
    retryable: true,
    cause,
  });
}
