import { BoundedThread, ThreadError } from '../../threads/bounded-thread.ts';
import type { DocumentLimits } from '../kernel/document.ts';
import { DocumentError, limit } from '../kernel/document-error.ts';
import type { WorkerAnswer, WorkerNotice, WorkerRequest } from './messages.ts';

/** The script of the thread: beside this file when run from source, beside the bundle otherwise. */
const script = new URL(
  import.meta.url.endsWith('.ts') ? './worker-thread.ts' : './document-worker.js',
  import.meta.url,
);

/** A worker thread that reads documents, with a queue of requests. */
export class DocumentWorker {
  readonly #thread: BoundedThread<WorkerRequest | WorkerNotice, WorkerAnswer>;

  constructor(limits: DocumentLimits) {
    this.#thread = new BoundedThread(script, limits, limits);
  }

  /** The number of requests that run or wait. */
  get load(): number {
    return this.#thread.load;
  }

  /**
   * Sends a request to the thread.
   *
   * @param ms the time limit in milliseconds, counted from when the thread starts on the request.
   * @throws {DocumentError} with `timeout` or `limit` when the thread had to be terminated.
   */
  async ask(request: WorkerRequest, ms: number, signal: AbortSignal): Promise<WorkerAnswer> {
    return this.#thread.ask(request, ms, signal).catch((error: unknown) => {
      throw error instanceof ThreadError ? toDocumentError(error, ms) : error;
    });
  }

  /** Starts the thread and loads the library of a format, while the document is still being downloaded. */
  prepare(format: string): void {
    this.#thread.prepare({ prepare: format });
  }

  /** Closes a document in the thread. */
  drop(key: number): void {
    this.#thread.tell({ drop: key });
  }

  async close(): Promise<void> {
    await this.#thread.close();
  }
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
