import { isAppError } from '../../errors.ts';
import type { AppError } from '../../errors.ts';

/** What came of the transfer of a folder. */
export interface TransferSummary {
  readonly remote_path: string;
  readonly local_path: string;
  /** Files stored. */
  readonly files: number;
  readonly bytes: number;
  /** Files that were there already, with the same size and time. */
  readonly same: number;
  readonly failed: readonly { readonly path: string; readonly error: string }[];
  /** How many failed, where not all are listed. */
  readonly failures: number;
  readonly notes?: readonly string[];
  /** What takes an upload back, where a few calls do. */
  readonly undo?: string;
}

const LISTED = 50;
const NOTED = 20;

/** Counts while a folder is on its way, and reports it as one. */
export class TransferCounter {
  #files = 0;
  #bytes = 0;
  #same = 0;
  #failures = 0;
  readonly #failed: { path: string; error: string }[] = [];
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

  /** One file's failure does not stop the others, unless it would be theirs too. */
  failed(path: string, error: unknown): void {
    if (!isAppError(error) || endsAll(error)) throw error;
    this.#failures++;
    if (this.#failed.length < LISTED) this.#failed.push({ path, error: error.sentence() });
  }

  summary(remote_path: string, local_path: string): TransferSummary {
    const notes = this.#notes.slice(0, NOTED);
    if (this.#notes.length > NOTED) notes.push(`and ${this.#notes.length - NOTED} more`);
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

/** Of no use to try the next file. */
export function endsAll({ code }: AppError): boolean {
  return ['cancelled', 'unauthorized', 'quota_exceeded'].includes(code);
}
