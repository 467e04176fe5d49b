import {
  defaultDocumentLimits,
  type Document,
  type Hint,
  type DocumentLimits,
  type Part,
  type UnitRange,
} from '../kernel/document.ts';
import { ExtractError, documentTooLarge } from '../kernel/failure.ts';
import { formatOfName, formats } from '../kernel/format.ts';
import { DocumentWorker } from './worker.ts';
import type { WorkerAnswer, WorkerRequest } from './request.ts';

/** Reads documents in worker threads. Nothing is started before the first document is opened. */
export class Extractors {
  readonly limits: DocumentLimits;
  #lanes: DocumentWorker[] = [];
  #ids = 0;

  constructor(limits: Partial<DocumentLimits> = {}) {
    this.limits = { ...defaultDocumentLimits, ...limits };
  }

  async open(bytes: Uint8Array, hint: Hint, signal: AbortSignal): Promise<Document> {
    return (await this.#open(bytes, hint, undefined, signal)).document;
  }

  /** Opens it and reads a part of it, with one question to the thread. */
  async openAt(
    bytes: Uint8Array,
    hint: Hint,
    range: UnitRange,
    signal: AbortSignal,
  ): Promise<{ document: Document; part: Part }> {
    const { document, part } = await this.#open(bytes, hint, range, signal);
    return { document, part: given(part) };
  }

  async #open(
    bytes: Uint8Array,
    hint: Hint,
    range: UnitRange | undefined,
    signal: AbortSignal,
  ): Promise<{ document: Document; part: Part | undefined }> {
    const { inputBytes, openMs, readMs } = this.limits;
    if (bytes.length > inputBytes)
      throw documentTooLarge(
        `It has ${bytes.length} bytes; documents of up to ${inputBytes} bytes are read.`,
      );
    const key = ++this.#ids;
    const lane = this.#lane();
    const subject = { key, bytes: asShared(bytes), hint };
    const ask = async (
      what: Pick<WorkerRequest, 'summary' | 'range'>,
      ms: number,
      until: AbortSignal,
    ): Promise<WorkerAnswer> =>
      this.#check(await lane.ask({ id: ++this.#ids, ...subject, ...what }, ms, until));
    const { summary, part } = range
      ? await ask({ summary: true, range }, openMs + readMs, signal)
      : await ask({ summary: true }, openMs, signal);
    const document: Document = {
      ...given(summary),
      // The thread may have let go of it; then the time to open it is needed too.
      read: async (next, until) => given((await ask({ range: next }, openMs + readMs, until)).part),
      close: async () => lane.drop(key),
    };
    return { document, part };
  }

  /** Worth a call when a download starts: a cold start then costs nothing beside it. */
  prepare(name: string): void {
    const format = formatOfName(name);
    const family = format === undefined ? 'unknown' : formats.get(format)?.family;
    if (format !== undefined && family !== 'unknown' && family !== 'text') this.#lane().prepare(format);
  }

  async close(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.close()));
  }

  /** An idle lane, a new one, or the least busy. */
  #lane(): DocumentWorker {
    const idle = this.#lanes.find((lane) => lane.load === 0);
    if (idle) return idle;
    if (this.#lanes.length < this.limits.workers) {
      const lane = new DocumentWorker(this.limits);
      this.#lanes.push(lane);
      return lane;
    }
    return this.#lanes.reduce((best, lane) => (lane.load < best.load ? lane : best));
  }

  #check(answer: WorkerAnswer): WorkerAnswer {
    const { failure } = answer;
    if (failure) throw new ExtractError(failure.code, failure.message, failure.hint);
    return answer;
  }
}

/** Memory for a file that will be opened: the thread reads what is written here. */
export function sharedBytes(size: number): Buffer<SharedArrayBuffer> {
  return Buffer.from(new SharedArrayBuffer(size));
}

function asShared(bytes: Uint8Array): Uint8Array<SharedArrayBuffer> {
  if (bytes.buffer instanceof SharedArrayBuffer) return bytes as Uint8Array<SharedArrayBuffer>;
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  return shared;
}

function given<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('an answer without what was asked for');
  return value;
}
