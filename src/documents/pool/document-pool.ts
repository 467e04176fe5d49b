import {
  defaultDocumentLimits,
  type Document,
  type Hint,
  type DocumentLimits,
  type Part,
  type UnitRange,
} from '../kernel/document.ts';
import { DocumentError, documentTooLarge } from '../kernel/document-error.ts';
import { formatOfName, formats } from '../kernel/format.ts';
import { DocumentWorker } from './document-worker.ts';
import type { WorkerAnswer, WorkerRequest } from './messages.ts';

/** Reads documents in worker threads. No thread is started before the first document is opened. */
export class DocumentPool {
  readonly limits: DocumentLimits;
  #workers: DocumentWorker[] = [];
  #lastKey = 0;

  constructor(limits: Partial<DocumentLimits> = {}) {
    this.limits = { ...defaultDocumentLimits, ...limits };
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
    const { inputBytes, openMs, readMs } = this.limits;
    if (bytes.length > inputBytes)
      throw documentTooLarge(`The document has ${bytes.length} bytes; the limit is ${inputBytes} bytes.`);
    const key = ++this.#lastKey;
    const worker = this.#worker();
    const subject = { key, bytes: toShared(bytes), hint };
    const ask = async (
      wanted: Pick<WorkerRequest, 'summary' | 'range'>,
      ms: number,
      until: AbortSignal,
    ): Promise<WorkerAnswer> => throwOnError(await worker.ask({ ...subject, ...wanted }, ms, until));
    const { summary, part } = range
      ? await ask({ summary: true, range }, openMs + readMs, signal)
      : await ask({ summary: true }, openMs, signal);
    const document: Document = {
      ...required(summary),
      // The worker may have closed the document since; the time to open it again is then needed too.
      read: async (next, until) => required((await ask({ range: next }, openMs + readMs, until)).part),
      close: async () => worker.drop(key),
    };
    return { document, part };
  }

  /**
   * Starts a worker and loads the library for a file of this name. To be called when a download starts,
   * so that the start of the worker takes no time of its own.
   */
  prepare(name: string): void {
    const format = formatOfName(name);
    const family = format === undefined ? 'unknown' : formats.get(format)?.family;
    if (format !== undefined && family !== 'unknown' && family !== 'text') this.#worker().prepare(format);
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.close()));
  }

  /** An idle worker, a new one, or the least busy one. */
  #worker(): DocumentWorker {
    const idle = this.#workers.find((worker) => worker.load === 0);
    if (idle) return idle;
    if (this.#workers.length < this.limits.workers) {
      const worker = new DocumentWorker(this.limits);
      this.#workers.push(worker);
      return worker;
    }
    return this.#workers.reduce((best, worker) => (worker.load < best.load ? worker : best));
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
