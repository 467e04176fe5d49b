import { isAppError } from '../../errors.ts';
import type { AppError } from '../../errors.ts';

/** A file of a folder that was not stored. */
export interface FailedFile {
  readonly path: string;
  readonly error: AppError;
}

/** The result of the transfer of a folder. */
export interface TransferSummary {
  readonly remote_path: string;
  readonly local_path: string;
  /** Files that were stored. */
  readonly files: number;
  readonly bytes: number;
  /** Files that were there already, with the same size and time. */
  readonly same: number;
  readonly failed: readonly FailedFile[];
  /** How many files failed; not all of them need be listed. */
  readonly failures: number;
  readonly notes?: readonly string[];
  /** What somebody else has stored meanwhile in the folders that an upload has made. */
  readonly foreign?: readonly string[];
}

const MAX_LISTED_FAILURES = 50;
const MAX_NOTES = 20;

/** Counts what happens to the files of a folder while it is transferred. */
export class TransferCounter {
  #files = 0;
  #bytes = 0;
  #same = 0;
  #failures = 0;
  readonly #failed: FailedFile[] = [];
  readonly #notes: string[] = [];

  get files(): number {
    return this.#files;
  }

  get bytes(): number {
    return this.#bytes;
  }

  stored(bytes: number): void {
    this.#files++;
    this.#bytes += bytes;
  }

  same(files: number): void {
    this.#same += files;
  }

  note(text: string): void {
    this.#notes.push(text);
  }

  /** A failure of one file does not stop the others, unless they would fail in the same way. */
  failed(path: string, error: unknown): void {
    if (!isAppError(error) || concernsAllFiles(error)) throw error;
    this.#failures++;
    if (this.#failed.length < MAX_LISTED_FAILURES) this.#failed.push({ path, error });
  }

  summary(remote_path: string, local_path: string): TransferSummary {
    const notes = this.#notes.slice(0, MAX_NOTES);
    if (this.#notes.length > MAX_NOTES) notes.push(`and ${this.#notes.length - MAX_NOTES} more`);
    return {
      remote_path,
      local_path,
      files: this.#files,
      bytes: this.#bytes,
      same: this.#same,
      failed: this.#failed,
      failures: this.#failures,
      ...(notes.length > 0 ? { notes } : {}),
    };
  }
}

/** Whether every other file would fail, too. */
export function concernsAllFiles({ code }: AppError): boolean {
  return ['cancelled', 'unauthorized', 'quota_exceeded'].includes(code);
}
