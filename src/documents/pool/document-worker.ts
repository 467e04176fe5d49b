import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { DocumentLimits } from '../kernel/document.ts';
import { DocumentError, limit } from '../kernel/document-error.ts';
import type { WorkerAnswer, WorkerRequest, WorkerSetup } from './messages.ts';

interface Job {
  request: WorkerRequest;
  ms: number;
  signal: AbortSignal;
  resolve(answer: WorkerAnswer): void;
  reject(reason: unknown): void;
}

/** The script of the thread: beside this file when run from source, beside the bundle otherwise. */
const script = new URL(
  import.meta.url.endsWith('.ts') ? './worker-thread.ts' : './document-worker.js',
  import.meta.url,
);

/**
 * A worker thread and its queue of requests. They run one at a time, so that each has a time limit of its own.
 * A thread that exceeds the time or memory limit is terminated; the next request starts a new one.
 */
export class DocumentWorker {
  #limits: DocumentLimits;
  #worker: Worker | undefined;
  #queue: Job[] = [];
  #running: Job | undefined;
  #timeout: NodeJS.Timeout | undefined;
  #memoryCheck: NodeJS.Timeout | undefined;
  #idleTimeout: NodeJS.Timeout | undefined;

  constructor(limits: DocumentLimits) {
    this.#limits = limits;
  }

  /** The number of requests that run or wait. */
  get load(): number {
    return this.#queue.length + (this.#running ? 1 : 0);
  }

  /**
   * Sends a request to the thread.
   *
   * @param ms the time limit in milliseconds, counted from when the thread starts on the request.
   * @throws {DocumentError} with `timeout` or `limit` when the thread had to be terminated.
   */
  async ask(request: WorkerRequest, ms: number, signal: AbortSignal): Promise<WorkerAnswer> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const job: Job = { request, ms, signal, resolve, reject };
      signal.addEventListener('abort', () => this.#abort(job), { once: true });
      this.#queue.push(job);
      this.#next();
    });
  }

  /** Starts the thread and loads the library of a format, while the document is still being downloaded. */
  prepare(format: string): void {
    if (this.#running) return;
    this.#worker ??= this.#start();
    this.#worker.postMessage({ prepare: format }, []);
    this.#becomeIdle();
  }

  /** Closes a document in the thread. */
  drop(key: number): void {
    this.#worker?.postMessage({ drop: key });
  }

  async close(): Promise<void> {
    for (const job of this.#queue.splice(0)) job.reject(closed());
    this.#running?.reject(closed());
    await this.#stop();
  }

  #next(): void {
    if (this.#running) return;
    const job = this.#queue.shift();
    if (!job) return this.#becomeIdle();
    clearTimeout(this.#idleTimeout);
    const worker = (this.#worker ??= this.#start());
    worker.ref();
    this.#running = job;
    this.#timeout = setTimeout(() => {
      const seconds = Math.round(job.ms / 1_000);
      this.#fail(
        new DocumentError(
          'timeout',
          `The document could not be read within ${seconds} seconds.`,
          smallerRange,
        ),
      );
    }, job.ms);
    worker.postMessage(job.request, []);
    // Measured after the request is sent: it takes half a millisecond, during which the thread already works.
    const before = process.memoryUsage.rss();
    this.#memoryCheck = setInterval(() => {
      if (process.memoryUsage.rss() - before > this.#limits.growthMb * 1_048_576)
        this.#fail(limit(tooMuchMemory));
    }, 100);
  }

  #start(): Worker {
    // The folder for this version of Node; the thread is given the one above it.
    const codeCache = getCompileCacheDir();
    const setup: WorkerSetup = {
      limits: this.#limits,
      ...(codeCache === undefined ? {} : { codeCache: dirname(codeCache) }),
    };
    const worker = new Worker(script, {
      workerData: setup,
      // Documents must not see the environment, and libraries must not write to standard output.
      env: {},
      argv: [],
      execArgv: [],
      stdin: false,
      stdout: true,
      stderr: true,
      resourceLimits: {
        maxOldGenerationSizeMb: this.#limits.memoryMb,
        maxYoungGenerationSizeMb: Math.min(32, Math.ceil(this.#limits.memoryMb / 4)),
      },
    });
    worker.stdout.resume();
    worker.stderr.resume();
    worker.on('message', (answer: WorkerAnswer) => this.#onAnswer(worker, answer));
    worker.on('error', (error) => this.#onExit(worker, error));
    worker.on('exit', () => this.#onExit(worker));
    return worker;
  }

  #onAnswer(worker: Worker, answer: WorkerAnswer): void {
    const job = this.#running;
    if (worker !== this.#worker || job?.request.id !== answer.id) return;
    this.#finishRequest();
    job.resolve(answer);
    this.#next();
  }

  /** The thread ended on its own. */
  #onExit(worker: Worker, error?: unknown): void {
    if (worker !== this.#worker) return;
    const outOfMemory =
      error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    this.#fail(limit(outOfMemory ? tooMuchMemory : 'The reader crashed on this document.'));
  }

  #fail(reason: unknown): void {
    const job = this.#running;
    this.#finishRequest();
    void this.#stop();
    job?.reject(reason);
    this.#next();
  }

  #abort(job: Job): void {
    job.reject(job.signal.reason);
    const position = this.#queue.indexOf(job);
    if (position >= 0) this.#queue.splice(position, 1);
    // A busy thread can only be stopped by terminating it. Its other documents are reopened when needed.
    else if (this.#running === job) this.#fail(job.signal.reason);
  }

  #finishRequest(): void {
    clearTimeout(this.#timeout);
    clearInterval(this.#memoryCheck);
    this.#running = undefined;
  }

  #becomeIdle(): void {
    this.#worker?.unref();
    clearTimeout(this.#idleTimeout);
    this.#idleTimeout = setTimeout(() => void this.#stop(), this.#limits.idleMs).unref();
  }

  async #stop(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    clearTimeout(this.#timeout);
    clearInterval(this.#memoryCheck);
    clearTimeout(this.#idleTimeout);
    this.#running = undefined;
    await worker?.terminate();
  }
}

const tooMuchMemory = 'The document needs more memory than the limit for one document.';
const smallerRange =
  'Read fewer pages or rows at a time, or download the file and open it with another program.';

function closed(): DocumentError {
  return new DocumentError('unsupported', 'The server is shutting down.', 'Try again when it is running.');
}
