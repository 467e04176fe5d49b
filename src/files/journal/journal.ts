import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { AppError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { LockFile } from './lock-file.ts';

/** Nextcloud drops the chunks of an upload after a day without a new one. */
const KEPT_MS = 24 * 60 * 60 * 1000;

const noteSchema = z.object({
  kind: z.enum(['upload', 'download']),
  account: z.string(),
  remote_path: z.string(),
  local_path: z.string(),
  /** Bytes. */
  size: z.number(),
  /** Which version of the source this is about. */
  version: z.string(),
  /** Id of the upload folder, or path of the temporary file. */
  place: z.string(),
  /** Bytes of a chunk or of a stream's share. */
  share: z.number(),
  /** Chunks that were answered, or how far each stream's bytes are safely on the disk. */
  done: z.array(z.number()),
  /** Seconds since 1970, of the file to be made. */
  modified: z.number(),
  /** Upload: etag of what is to be replaced. */
  replaces: z.string().optional(),
  /** Milliseconds since 1970. */
  began: z.number(),
});

/** How far a transfer has come, for a call in another process to go on from there. */
export type TransferRecord = z.infer<typeof noteSchema>;
export type Subject = Pick<TransferRecord, 'kind' | 'account' | 'remote_path' | 'local_path'>;

export interface Unfinished {
  readonly note: TransferRecord;
  /** Somebody works on it, perhaps another process. */
  readonly running: boolean;
}

/** How many bytes of it are done. */
export function bytesIn({ kind, size, share, done }: TransferRecord): number {
  const sizes = done.map((one, index) =>
    kind === 'upload' ? Math.min(share, size - (one - 1) * share) : one - index * share,
  );
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}

/**
 * One small file per unfinished transfer, in a folder that only the user can read. Where none can be
 * written, as in a container without a volume, transfers work and cannot be gone on with.
 */
export class Journal {
  readonly #folder: string;
  readonly #log: Log;
  #warned = false;
  /** One write after the other: streams report at the same time. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(folder: string, log: Log) {
    this.#folder = folder;
    this.#log = log;
  }

  /**
   * Nobody else works on the same transfer meanwhile: two would write into one file or one upload folder.
   *
   * @throws AppError `locked` when another call or process does already
   */
  async alone<T>(subject: Subject, work: () => Promise<T>): Promise<T> {
    const claim = await this.#claim(this.#lock(subject));
    if (!claim) throw runsAlready(subject);
    try {
      return await work();
    } finally {
      await claim.release();
    }
  }

  async read(subject: Subject): Promise<TransferRecord | undefined> {
    const note = await this.#parse(this.#file(subject));
    // Killed when all was done, and before it could give up its claim.
    if (!note) await LockFile.forget(this.#lock(subject));
    return note;
  }

  async write(note: TransferRecord): Promise<void> {
    const file = this.#file(note);
    const write = async (): Promise<void> => {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await writeFile(`${file}.new`, JSON.stringify(note), { mode: 0o600 });
      await rename(`${file}.new`, file);
    };
    await (this.#last = this.#last.then(write).catch((error: unknown) => this.#warn(error)));
  }

  async remove(subject: Subject): Promise<void> {
    await this.#last;
    const file = this.#file(subject);
    for (const one of [file, `${file}.new`])
      await rm(one, { force: true }).catch((error: unknown) => this.#warn(error));
  }

  /** The unfinished transfers of an account; what is too old to go on is cleared away with its bytes. */
  async unfinished(account: string): Promise<Unfinished[]> {
    const names = await readdir(this.#folder).catch(() => []);
    const notes: Unfinished[] = [];
    for (const name of names) {
      const file = join(this.#folder, name);
      const found = await stat(file).catch(() => undefined);
      if (!found) continue;
      const note = await this.#parse(file);
      if (Date.now() - found.mtimeMs > KEPT_MS) {
        await unlink(file).catch(() => undefined);
        if (note?.kind === 'download' && note.place.endsWith('.part')) await rm(note.place, { force: true });
      } else if (note?.account === account)
        notes.push({ note, running: await LockFile.isTaken(this.#lock(note)) });
    }
    return notes;
  }

  async #claim(file: string): Promise<Pick<LockFile, 'release'> | undefined> {
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
      'a transfer is not noted, and cannot be gone on with',
    );
  }

  async #parse(file: string): Promise<TransferRecord | undefined> {
    try {
      return noteSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    } catch {
      return undefined; // none, or one that a crash left half-written: start anew
    }
  }

  #lock(subject: Subject): string {
    return `${this.#file(subject)}.lock`;
  }

  #file({ kind, account, remote_path, local_path }: Subject): string {
    const key = JSON.stringify([kind, account, remote_path, local_path]);
    return join(this.#folder, `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.json`);
  }
}

function runsAlready({ kind, remote_path }: Subject): AppError {
  return new AppError('locked', `The same ${kind} of ${remote_path} is running already`, {
    hint: 'Wait until it has ended, or end it first.',
  });
}
