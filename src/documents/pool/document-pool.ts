import {
  defaultDocumentLimits,
  type Document,
  type Hint,
  type DocumentLimits,
  type Part,
  type UnitRange,
} from '../kernel/document.ts';
import { ThreadError } from '../../threads/bounded-thread.ts';
import { ThreadPool } from '../../threads/thread-pool.ts';
import { DocumentError, documentTooLarge, limit } from '../kernel/document-error.ts';
import { formatOfName, formats } from '../kernel/format.ts';
import type { WorkerAnswer, WorkerNotice, WorkerRequest } from './messages.ts';

/** The script of a thread: beside this file when run from source, beside the bundle otherwise. */
const script = new URL(
  import.meta.url.endsWith('.ts') ? './worker-thread.ts' : './document-worker.js',
  import.meta.url,
);

/** Whose documents are read where nobody else has any. */
const ONLY_OWNER = '';

type Threads = ThreadPool<WorkerRequest | WorkerNotice, WorkerAnswer>;

/** Pools share their threads, and what is open in a thread is known by its key. */
let lastKey = 0;

/** Reads documents in worker threads. No thread is started before the first document is opened. */
export class DocumentPool {
  readonly limits: DocumentLimits;
  readonly #owner: string;
  readonly #threads: Threads;

  constructor(limits: Partial<DocumentLimits> = {}, share?: { owner: string; threads: Threads }) {
    this.limits = { ...defaultDocumentLimits, ...limits };
    this.#owner = share?.owner ?? ONLY_OWNER;
    this.#threads =
      share?.threads ?? new ThreadPool(script, { ...this.limits, threads: this.limits.workers }, this.limits);
  }

  /**
   * The same threads for the documents of one owner. They are shared fairly: who has many documents to read does not
   * keep those of others waiting.
   *
   * @param owner identifies a principal
   */
  forOwner(owner: string): DocumentPool {
    return new DocumentPool(this.limits, { owner, threads: this.#threads });
  }

  /**
   * Opens a document and reads its summary.
   *
   * @throws {DocumentError} when the document cannot be read.
   */
  async open(bytes: Uint8Array, hint: Hint, signal: AbortSignal): Promise<Document> {
    return (await this.#open(bytes, hint, undefined, signal)).document;
  }

  /** Opens a document and reads a part of it, in a single message to the worker thread. */
  async openAt(
    bytes: Uint8Array,
    hint: Hint,
    range: UnitRange,
    signal: AbortSignal,
  ): Promise<{ document: Document; part: Part }> {
    const { document, part } = await this.#open(bytes, hint, range, signal);
    return { document, part: required(part) };
  }

  async #open(
    bytes: Uint8Array,
    hint: Hint,
    range: UnitRange | undefined,
    signal: AbortSignal,
  ): Promise<{ document: Document; part: Part | undefined }> {
    const { inputBytes } = this.limits;
    if (bytes.length > inputBytes)
      throw documentTooLarge(`The document has ${bytes.length} bytes; the limit is ${inputBytes} bytes.`);
    const subject = { key: ++lastKey, bytes: toShared(bytes), hint };
    const ask = async (
      wanted: Pick<WorkerRequest, 'summary' | 'range' | 'walk'>,
      until: AbortSignal,
    ): Promise<WorkerAnswer> => this.#ask({ ...subject, ...wanted }, subject, until);
    const { summary, part } = await ask({ summary: true, ...(range ? { range } : {}) }, signal);
    const document: Document = {
      ...required(summary),
      read: async (next, until) => required((await ask({ range: next }, until)).part),
      walk: async (place, until) => required((await ask({ walk: place }, until)).step),
      close: async () => this.#threads.tell({ drop: subject.key }),
    };
    return { document, part };
  }

  /** @throws DocumentError with `timeout` or `limit` when the thread had to be terminated */
  async #ask(request: WorkerRequest, about: object, signal: AbortSignal): Promise<WorkerAnswer> {
    const { callMs } = this.limits;
    try {
      const answer = await this.#threads.ask(request, { owner: this.#owner, ms: callMs, signal, about });
      return throwOnError(answer);
    } catch (error) {
      throw error instanceof ThreadError ? toDocumentError(error, callMs) : error;
    }
  }

  /**
   * Starts a worker and loads the library for a file of this name. To be called when a download starts,
   * so that the start of the worker takes no time of its own.
   */
  prepare(name: string): void {
    const format = formatOfName(name);
    const family = format === undefined ? 'unknown' : formats.get(format)?.family;
    if (format !== undefined && family !== 'unknown' && family !== 'text')
      this.#threads.prepare({ prepare: format });
  }

  /** Ends the threads, for all owners. */
  async close(): Promise<void> {
    await this.#threads.close();
  }
}

/** A buffer in shared memory. A worker thread reads a document from it without a copy. */
export function sharedBytes(size: number): Buffer<SharedArrayBuffer> {
  return Buffer.from(new SharedArrayBuffer(size));
}

function toShared(bytes: Uint8Array): Uint8Array<SharedArrayBuffer> {
  if (bytes.buffer instanceof SharedArrayBuffer) return bytes as Uint8Array<SharedArrayBuffer>;
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  return shared;
}

function throwOnError(answer: WorkerAnswer): WorkerAnswer {
  const { error } = answer;
  if (error) throw new DocumentError(error.code, error.message, error);
  return answer;
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The worker did not return what it was asked for.');
  return value;
}

function toDocumentError({ fault }: ThreadError, ms: number): DocumentError {
  switch (fault) {
    case 'time':
      return new DocumentError(
        'timeout',
        `The document could not be read within ${Math.round(ms / 1_000)} seconds.`,
        'Read fewer pages or rows at a time, or download the file and open it with another program.',
      );
    case 'memory':
      return limit('The document needs more memory than the limit for one document.');
    case 'crash':
      return limit('The reader crashed on this document.');
    case 'closed':
      return new DocumentError(
        'unsupported',
        'The server is shutting down.',
        'Try again when it is running.',
      );
  }
}
