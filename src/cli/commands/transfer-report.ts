import { dirname } from 'node:path';
import { parentOf, parsePath } from '../../path.ts';
import { formatBytes } from '../../text/byte-size.ts';
import { formatDuration } from '../../text/duration.ts';
import type { AppError } from '../../errors.ts';
import type { Fact } from '../../files/history/fact.ts';
import type { Downloaded } from '../../files/transfer/download.ts';
import type { FailedFile, TransferSummary } from '../../files/transfer/transfer-counter.ts';
import type { Transfer } from '../../files/transfer/transfers.ts';
import type { Uploaded } from '../../files/write/file-write.ts';
import { escapeLine } from '../../text/foreign-text.ts';
import { failureWords } from '../terminal/remedies.ts';
import { undoWords } from '../terminal/undo-words.ts';

/** What came of one source. */
export type TransferResult = Uploaded | Downloaded | TransferSummary | Transfer;

/** More ways back than this are not listed one by one. */
const MAX_UNDO = 3;

const verbs = { put: ['Uploaded', 'upload'], get: ['Downloaded', 'download'] } as const;

/** What a `put` or a `get` has done, for people and as JSON. */
export class TransferReport {
  readonly #command: 'put' | 'get';
  readonly #several: boolean;
  readonly #began = performance.now();
  readonly #results: TransferResult[] = [];
  /** What each of them takes to be undone, in words. */
  readonly #ways: string[] = [];
  readonly #failed: FailedFile[] = [];
  #failures = 0;
  #files = 0;
  #bytes = 0;
  #same = 0;

  /** @param several there are several sources */
  constructor(command: 'put' | 'get', several: boolean) {
    this.#several = several;
    this.#command = command;
  }

  get hasFailures(): boolean {
    return this.#failures > 0;
  }

  /** @param facts what was changed */
  add(result: TransferResult, facts: readonly Fact[]): void {
    this.#results.push(result);
    this.#ways.push(undoWords(facts, 'foreign' in result ? result.foreign : []));
    if ('failures' in result) {
      this.#files += result.files;
      this.#bytes += result.bytes;
      this.#same += result.same;
      this.#failures += result.failures;
      this.#failed.push(...result.failed);
    } else if ('same' in result && result.same) this.#same++;
    else if ('bytes' in result) {
      this.#files++;
      this.#bytes += result.bytes;
    }
  }

  failed(path: string, error: AppError): void {
    this.#failed.push({ path, error });
    this.#failures++;
  }

  /** `Uploaded 10 files to /Notes, 1.5 MB, 0.3 s; 9 unchanged, 1 failed`, and what else is worth knowing. */
  text(): string {
    const seconds = (performance.now() - this.#began) / 1000;
    const [done, todo] = verbs[this.#command];
    const rest = [
      ...(this.#same > 0 ? [`${this.#same} unchanged`] : []),
      ...(this.#failures > 0 ? [`${this.#failures} failed`] : []),
    ].join(', ');
    const summary =
      this.#files === 0
        ? `Nothing to ${todo}${rest === '' ? '' : `: ${rest}`}`
        : `${done} ${this.#what()}${this.#where()}, ${formatBytes(this.#bytes)}, ${formatDuration(seconds)}${rest === '' ? '' : `; ${rest}`}`;
    return [summary, ...this.#notes(), ...this.#undo().map((way) => `To undo: ${way}`)]
      .map((line) => escapeLine(line))
      .join('\n');
  }

  /** One line for each file that failed. */
  failures(): string[] {
    const more = this.#failures - this.#failed.length;
    return [
      ...this.#failed.map(({ path, error }) => escapeLine(`${path}: ${failureWords(error)}`)),
      ...(more > 0 ? [`and ${more} more`] : []),
    ];
  }

  json(): string {
    const failed = this.#failed.map(({ path, error }) => ({
      path,
      code: error.code,
      message: failureWords(error),
    }));
    const results = this.#results.map((result, index) => ({
      ...result,
      ...('failures' in result ? { failed: undefined } : {}),
      ...(this.#ways[index] ? { undo: this.#ways[index] } : {}),
    }));
    const seconds = Math.round(performance.now() - this.#began) / 1000;
    const counts = {
      files: this.#files,
      bytes: this.#bytes,
      unchanged: this.#same,
      failures: this.#failures,
    };
    return JSON.stringify({ command: this.#command, ...counts, seconds, failed, results }, null, 2);
  }

  /** A single file is named by where it is now. */
  #what(): string {
    const [only] = this.#results;
    if (this.#results.length > 1 || this.#failures > 0 || !only || 'failures' in only)
      return `${this.#files} ${this.#files === 1 ? 'file' : 'files'}`;
    return this.#placeOf(only);
  }

  #placeOf(result: TransferResult): string {
    if (this.#command === 'get' && 'local_path' in result) return result.local_path;
    return 'remote_path' in result ? result.remote_path : result.path;
  }

  /** ` to /Notes`: what a folder has become, or the folder that several sources went into. */
  #where(): string {
    const [first] = this.#results;
    if (!first) return '';
    const place = this.#placeOf(first);
    if (!this.#several) return 'failures' in first ? ` to ${place}` : '';
    return ` to ${this.#command === 'put' ? parentOf(parsePath(place)) : dirname(place)}`;
  }

  #notes(): string[] {
    const [only] = this.#results;
    const isFile = this.#results.length === 1 && only && 'verified' in only && only.same !== true;
    const proof = isFile
      ? [
          only.verified
            ? 'The checksum matches that of the Nextcloud.'
            : 'The sizes are the same. There is no checksum to compare: this Nextcloud has none for the file.',
        ]
      : [];
    return [...proof, ...this.#results.flatMap((result) => ('notes' in result ? (result.notes ?? []) : []))];
  }

  #undo(): string[] {
    const ways = this.#ways.filter((words) => words !== '');
    return ways.length > MAX_UNDO ? [] : ways;
  }
}
