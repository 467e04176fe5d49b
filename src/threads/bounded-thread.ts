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

interface Job<Question, Answer> {
  readonly id: number;
  readonly question: Question;
  readonly ms: number;
  readonly signal: AbortSignal | undefined;
  readonly abort: () => void;
  resolve(answer: Answer): void;
  reject(reason: unknown): void;
}

/**
 * A worker thread and its queue of questions. They are answered one at a time, so that each has a time limit of its own.
 * Nothing but its end makes a busy thread stop: one that exceeds its time or memory is terminated, and so is one whose
 * caller gives up. The next question starts a new thread.
 */
export class BoundedThread<Question, Answer> {
  readonly #script: URL;
  readonly #limits: ThreadLimits;
  readonly #settings: unknown;
  #worker: Worker | undefined;
  #queue: Job<Question, Answer>[] = [];
  #running: Job<Question, Answer> | undefined;
  #timeout: NodeJS.Timeout | undefined;
  #memoryCheck: NodeJS.Timeout | undefined;
  #idleTimeout: NodeJS.Timeout | undefined;
  #lastId = 0;

  constructor(script: URL, limits: ThreadLimits, settings?: unknown) {
    this.#script = script;
    this.#limits = limits;
    this.#settings = settings;
  }

  /** The number of questions that are answered or wait. */
  get load(): number {
    return this.#queue.length + (this.#running ? 1 : 0);
  }

  /**
   * @param ms counted from when the thread starts on the question
   * @throws ThreadError when the thread had to be ended
   */
  async ask(question: Question, ms: number, signal?: AbortSignal): Promise<Answer> {
    signal?.throwIfAborted();
    return new Promise((resolve, reject) => {
      const abort = (): void => this.#abort(job);
      const job: Job<Question, Answer> = {
        id: ++this.#lastId,
        question,
        ms,
        signal,
        abort,
        resolve,
        reject,
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#queue.push(job);
      this.#next();
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
    for (const job of this.#queue.splice(0)) this.#end(job).reject(closed);
    if (this.#running) this.#end(this.#running).reject(closed);
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
    this.#timeout = setTimeout(
      () => this.#fail(new ThreadError('time', `No answer within ${job.ms} ms`)),
      job.ms,
    );
    worker.postMessage({ id: job.id, question: job.question } satisfies ThreadMessage<Question>, []);
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
    if (crash === undefined) job.resolve(answer as Answer);
    else job.reject(new ThreadError('crash', crash));
    this.#next();
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
    this.#next();
  }

  #abort(job: Job<Question, Answer>): void {
    const position = this.#queue.indexOf(job);
    if (position >= 0) {
      this.#queue.splice(position, 1);
      job.reject(job.signal?.reason);
    } else if (this.#running === job) this.#fail(job.signal?.reason);
  }

  #finish(): void {
    clearTimeout(this.#timeout);
    clearInterval(this.#memoryCheck);
    if (this.#running) this.#end(this.#running);
    this.#running = undefined;
  }

  #end(job: Job<Question, Answer>): Job<Question, Answer> {
    job.signal?.removeEventListener('abort', job.abort);
    return job;
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
