import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { DocumentLimits } from '../kernel/document.ts';
import { ExtractError, limit } from '../kernel/failure.ts';
import type { WorkerAnswer, WorkerRequest, WorkerSetup } from './request.ts';

interface Job {
  request: WorkerRequest;
  ms: number;
  signal: AbortSignal;
  resolve(answer: WorkerAnswer): void;
  reject(reason: unknown): void;
}

/** Next to this file when run from source, next to the bundle otherwise. */
const script = new URL(
  import.meta.url.endsWith('.ts') ? './worker-thread.ts' : './document-worker.js',
  import.meta.url,
);

/**
 * One worker thread and the requests waiting for it, one at a time so that each has its own time limit. A thread that
 * is too slow or runs out of memory is ended, and the next request starts another.
 */
export class DocumentWorker {
  #limits: DocumentLimits;
  #worker: Worker | undefined;
  #queue: Job[] = [];
  #running: Job | undefined;
  #timer: NodeJS.Timeout | undefined;
  #watch: NodeJS.Timeout | undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor(limits: DocumentLimits) {
    this.#limits = limits;
  }

  get load(): number {
    return this.#queue.length + (this.#running ? 1 : 0);
  }

  async ask(request: WorkerRequest, ms: number, signal: AbortSignal): Promise<WorkerAnswer> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const job: Job = { request, ms, signal, resolve, reject };
      signal.addEventListener('abort', () => this.#abort(job), { once: true });
      this.#queue.push(job);
      this.#next();
    });
  }

  /** Starts the thread and loads what a format needs, while the document is still on its way. */
  prepare(format: string): void {
    if (this.#running) return;
    this.#worker ??= this.#start();
    this.#worker.postMessage({ prepare: format }, []);
    this.#rest();
  }

  /** Lets the thread forget a document. */
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
    if (!job) return this.#rest();
    clearTimeout(this.#idle);
    const worker = (this.#worker ??= this.#start());
    worker.ref();
    this.#running = job;
    this.#timer = setTimeout(() => {
      const seconds = Math.round(job.ms / 1_000);
      this.#fail(new ExtractError('timeout', `It could not be read within ${seconds} seconds.`, tooSlow));
    }, job.ms);
    worker.postMessage(job.request, []);
    const before = process.memoryUsage.rss(); // takes half a millisecond, in which the thread works already
    this.#watch = setInterval(() => {
      if (process.memoryUsage.rss() - before > this.#limits.growthMb * 1_048_576) this.#fail(limit(tooMuch));
    }, 100);
  }

  #start(): Worker {
    const codeCache = getCompileCacheDir(); // with a folder per version in it
    const setup: WorkerSetup = {
      limits: this.#limits,
      ...(codeCache === undefined ? {} : { codeCache: dirname(codeCache) }),
    };
    const worker = new Worker(script, {
      workerData: setup,
      // A document has no business with the environment, and libraries none with the standard output.
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
    worker.on('message', (answer: WorkerAnswer) => this.#settle(worker, answer));
    worker.on('error', (error) => this.#lose(worker, error));
    worker.on('exit', () => this.#lose(worker));
    return worker;
  }

  #settle(worker: Worker, answer: WorkerAnswer): void {
    const job = this.#running;
    if (worker !== this.#worker || job?.request.id !== answer.id) return;
    this.#free();
    job.resolve(answer);
    this.#next();
  }

  /** The thread ended by itself. */
  #lose(worker: Worker, error?: unknown): void {
    if (worker !== this.#worker) return;
    const memory = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    const why = memory ? tooMuch : 'It made its reader stop unexpectedly.';
    this.#fail(limit(why));
  }

  #fail(reason: unknown): void {
    const job = this.#running;
    this.#free();
    void this.#stop();
    job?.reject(reason);
    this.#next();
  }

  #abort(job: Job): void {
    job.reject(job.signal.reason);
    const waiting = this.#queue.indexOf(job);
    if (waiting >= 0) this.#queue.splice(waiting, 1);
    // Nothing but its end makes a busy thread stop; its other documents open again by themselves.
    else if (this.#running === job) this.#fail(job.signal.reason);
  }

  #free(): void {
    clearTimeout(this.#timer);
    clearInterval(this.#watch);
    this.#running = undefined;
  }

  #rest(): void {
    this.#worker?.unref();
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => void this.#stop(), this.#limits.idleMs).unref();
  }

  async #stop(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    clearTimeout(this.#timer);
    clearInterval(this.#watch);
    clearTimeout(this.#idle);
    this.#running = undefined;
    await worker?.terminate();
  }
}

const tooMuch = 'It needs more memory than one document may have.';
const tooSlow = 'Ask for fewer pages or rows at a time, or download it to look at it with another program.';

function closed(): ExtractError {
  return new ExtractError('unsupported', 'The server is shutting down.', 'Ask again when it runs.');
}
