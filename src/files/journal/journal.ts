import { createHash } from 'node:crypto';
import { mkdir, readdir, rm, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { writeFileAtomically } from '../../atomic-file.ts';
import { AppError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { readPlainFile } from '../../plain-file.ts';
import { LockFile } from './lock-file.ts';

/** Nextcloud removes the chunks of an upload after a day without a new one. */
const MAX_AGE_MS = 24 * 60 * 60 * 1000;

const recordSchema = z.object({
  kind: z.enum(['upload', 'download']),
  account: z.string(),
  remote_path: z.string(),
  local_path: z.string(),
  /** Size of the file in bytes. */
  size: z.number(),
  /** Identifies the version of the source. */
  version: z.string(),
  /** The id of the upload folder, or the path of the temporary file. */
  place: z.string(),
  /** Bytes of a chunk, or of the part that one stream fetches. */
  share: z.number(),
  /** Numbers of the chunks that the server has confirmed, or the offset up to which each stream's bytes are on the disk. */
  done: z.array(z.number()),
  /** Modification time of the new file in seconds since 1970. Upload only. */
  modified: z.number(),
  /** The etag of the file that is replaced. Upload only. */
  replaces: z.string().optional(),
  /** Milliseconds since 1970. */
  began: z.number(),
  /** When the server was asked to join the chunks, in milliseconds since 1970, if it may still be at it. Upload only. */
  merging: z.number().optional(),
});

/** The progress of a transfer, from which a call in another process can resume it. */
export type TransferRecord = z.infer<typeof recordSchema>;
/** What identifies a transfer. */
export type TransferSubject = Pick<TransferRecord, 'kind' | 'account' | 'remote_path' | 'local_path'>;

export interface Unfinished {
  readonly record: TransferRecord;
  /** A process works on it, perhaps another one. */
  readonly running: boolean;
}

/** The number of bytes that have been transferred. */
export function bytesIn({ kind, size, share, done }: TransferRecord): number {
  const sizes = done.map((one, index) =>
    kind === 'upload' ? Math.min(share, size - (one - 1) * share) : one - index * share,
  );
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}

/**
 * One small file per unfinished transfer, in a folder that only the user can read. Where no file can be
 * written, as in a container without a volume, transfers work and cannot be resumed.
 */
export class Journal {
  readonly #folder: string;
  readonly #log: Log;
  #warned = false;
  /** Streams report at the same time, so writes are queued. */
  #lastWrite: Promise<unknown> = Promise.resolve();

  constructor(folder: string, log: Log) {
    this.#folder = folder;
    this.#log = log;
  }

  /**
   * Runs the work while no other call or process works on the same transfer: two would write to one file or one
   * upload folder.
   *
   * @throws AppError `locked` when another one works on it already
   */
  async withLock<T>(subject: TransferSubject, work: () => Promise<T>): Promise<T> {
    const lock = await this.#acquire(this.#lock(subject));
    if (!lock) throw runsAlready(subject);
    try {
      return await work();
    } finally {
      await lock.release();
    }
  }

  async read(subject: TransferSubject): Promise<TransferRecord | undefined> {
    const record = await this.#parse(this.#file(subject));
    // A process may have been killed after it removed its record and before it released its lock.
    if (!record) await LockFile.removeStale(this.#lock(subject));
    return record;
  }

  async write(record: TransferRecord): Promise<void> {
    const file = this.#file(record);
    const write = async (): Promise<void> => {
      await writeFileAtomically(file, JSON.stringify(record), { temporary: `${file}.new` });
    };
    await (this.#lastWrite = this.#lastWrite.then(write).catch((error: unknown) => this.#warn(error)));
  }

  async remove(subject: TransferSubject): Promise<void> {
    await this.#lastWrite;
    const file = this.#file(subject);
    for (const one of [file, `${file}.new`])
      await rm(one, { force: true }).catch((error: unknown) => this.#warn(error));
  }

  /** The unfinished transfers of an account. Records that are too old to be resumed are removed with their bytes. */
  async unfinished(account: string): Promise<Unfinished[]> {
    const names = await readdir(this.#folder).catch(() => []);
    const unfinished: Unfinished[] = [];
    for (const name of names) {
      const file = join(this.#folder, name);
      const found = await stat(file).catch(() => undefined);
      if (!found) continue;
      const record = await this.#parse(file);
      if (Date.now() - found.mtimeMs > MAX_AGE_MS) {
        await unlink(file).catch(() => undefined);
        if (record?.kind === 'download' && record.place.endsWith('.part'))
          await rm(record.place, { force: true });
      } else if (record?.account === account)
        unfinished.push({ record, running: await LockFile.isTaken(this.#lock(record)) });
    }
    return unfinished;
  }

  async #acquire(file: string): Promise<Pick<LockFile, 'release'> | undefined> {
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      return await LockFile.take(file);
    } catch (error) {
      this.#warn(error);
      return { release: async () => Promise.resolve() };
    }
  }

  #warn(error: unknown): void {
    if (this.#warned) return;
    this.#warned = true;
    this.#log.warn(
      { err: error, folder: this.#folder },
      'a transfer cannot be recorded, and cannot be resumed',
    );
  }

  async #parse(file: string): Promise<TransferRecord | undefined> {
    try {
      return recordSchema.parse(JSON.parse(String(await readPlainFile(file, { followLinks: true }))));
    } catch {
      return undefined; // there is none, or a crash left it incomplete
    }
  }

  #lock(subject: TransferSubject): string {
    return `${this.#file(subject)}.lock`;
  }

  #file({ kind, account, remote_path, local_path }: TransferSubject): string {
    const key = JSON.stringify([kind, account, remote_path, local_path]);
    return join(this.#folder, `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.json`);
  }
}

function runsAlready({ kind, remote_path }: TransferSubject): AppError {
  return new AppError('locked', `The same ${kind} of ${remote_path} is running already`, {
    hint: 'Wait until it has ended, or cancel it first.',
  });
}
