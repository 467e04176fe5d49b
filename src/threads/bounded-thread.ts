import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ThreadMessage, ThreadReply, ThreadSetup } from './messages.ts';

export interface ThreadLimits {
  /** JavaScript heap of the thread. */
  readonly memoryMb: number;
  /** What the whole process may grow by while one question is answered: buffers are not part of a thread's heap. */
  readonly growthMb: number;
  /** After this long without a question the thread ends; the next question starts a new one. */
  readonly idleMs: number;
}

export type ThreadFault = 'time' | 'memory' | 'crash' | 'closed';

/** A question was not answered, and the thread was ended. */
export class ThreadError extends Error {
  override readonly name = 'ThreadError';
  readonly fault: ThreadFault;

  constructor(fault: ThreadFault, message: string) {
    super(message);
    this.fault = fault;
  }
}

interface Job<Answer> {
  readonly id: number;
  readonly signal: AbortSignal | undefined;
  readonly abort: () => void;
  resolve(answer: Answer): void;
  reject(reason: unknown): void;
}

/**
 * A worker thread that answers one question at a time, so that each has a time limit of its own. Nothing but its end
 * makes a busy thread stop: one that exceeds its time or memory is terminated, and so is one whose caller gives up. The
 * next question starts a new thread.
 */
export class BoundedThread<Question, Answer> {
  readonly #script: URL;
  readonly #limits: ThreadLimits;
  readonly #settings: unknown;
  #worker: Worker | undefined;
  #running: Job<Answer> | undefined;
  #timeout: NodeJS.Timeout | undefined;
  #memoryCheck: NodeJS.Timeout | undefined;
  #idleTimeout: NodeJS.Timeout | undefined;
  #lastId = 0;

  constructor(script: URL, limits: ThreadLimits, settings?: unknown) {
    this.#script = script;
    this.#limits = limits;
    this.#settings = settings;
  }

  /** Whether a question is being answered. */
  get busy(): boolean {
    return this.#running !== undefined;
  }

  /**
   * Asks a thread that is not busy.
   *
   * @param ms the time limit in milliseconds
   * @throws ThreadError when the thread had to be ended
   */
  async ask(question: Question, ms: number, signal?: AbortSignal): Promise<Answer> {
    signal?.throwIfAborted();
    if (this.busy) throw new Error('The thread is busy.');
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        if (this.#running === job) this.#fail(signal?.reason);
      };
      const job: Job<Answer> = { id: ++this.#lastId, signal, abort, resolve, reject };
      signal?.addEventListener('abort', abort, { once: true });
      this.#run(job, question, ms);
    });
  }

  /** Sends what needs no answer to the thread, if it runs. */
  tell(message: Question): void {
    this.#worker?.postMessage({ question: message } satisfies ThreadMessage<Question>, []);
  }

  /** Starts the thread with what needs no answer, unless it is busy. */
  prepare(message: Question): void {
    if (this.#running) return;
    this.#worker ??= this.#start();
    this.tell(message);
    this.#becomeIdle();
  }

  async close(): Promise<void> {
    const closed = new ThreadError('closed', 'The thread was closed');
    const job = this.#running;
    this.#finish();
    job?.reject(closed);
    await this.#stop();
  }

  #run(job: Job<Answer>, question: Question, ms: number): void {
    clearTimeout(this.#idleTimeout);
    const worker = (this.#worker ??= this.#start());
    worker.ref();
    this.#running = job;
    this.#timeout = setTimeout(() => this.#fail(new ThreadError('time', `No answer within ${ms} ms`)), ms);
    worker.postMessage({ id: job.id, question } satisfies ThreadMessage<Question>, []);
    // Measured after the question is sent: it takes half a millisecond, during which the thread already works.
    const before = process.memoryUsage.rss();
    this.#memoryCheck = setInterval(() => {
      if (process.memoryUsage.rss() - before > this.#limits.growthMb * 1_048_576)
        this.#fail(new ThreadError('memory', `The process grew by ${this.#limits.growthMb} MB`));
    }, 100);
  }

  #start(): Worker {
    const { memoryMb } = this.#limits;
    // The folder for this version of Node; the thread is given the one above it.
    const codeCache = getCompileCacheDir();
    const worker = new Worker(this.#script, {
      workerData: {
        settings: this.#settings,
        ...(codeCache === undefined ? {} : { codeCache: dirname(codeCache) }),
      } satisfies ThreadSetup,
      // The work must not see the environment, and libraries must not write to standard output.
      env: {},
      argv: [],
      execArgv: [],
      stdin: false,
      stdout: true,
      stderr: true,
      resourceLimits: {
        maxOldGenerationSizeMb: memoryMb,
        maxYoungGenerationSizeMb: Math.min(32, Math.ceil(memoryMb / 4)),
      },
    });
    worker.stdout.resume();
    worker.stderr.resume();
    worker.on('message', (reply: ThreadReply<Answer>) => this.#onReply(worker, reply));
    worker.on('error', (error) => this.#onExit(worker, error));
    worker.on('exit', () => this.#onExit(worker));
    return worker;
  }

  #onReply(worker: Worker, { id, answer, crash }: ThreadReply<Answer>): void {
    const job = this.#running;
    if (worker !== this.#worker || job?.id !== id) return;
    this.#finish();
    this.#becomeIdle();
    if (crash === undefined) job.resolve(answer as Answer);
    else job.reject(new ThreadError('crash', crash));
  }

  /** The thread ended on its own. */
  #onExit(worker: Worker, error?: unknown): void {
    if (worker !== this.#worker) return;
    const outOfMemory =
      error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    const detail = error instanceof Error ? error.message : 'The thread ended';
    this.#fail(new ThreadError(outOfMemory ? 'memory' : 'crash', detail));
  }

  #fail(reason: unknown): void {
    const job = this.#running;
    this.#finish();
    void this.#stop();
    job?.reject(reason);
  }

  #finish(): void {
    clearTimeout(this.#timeout);
    clearInterval(this.#memoryCheck);
    const job = this.#running;
    job?.signal?.removeEventListener('abort', job.abort);
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
