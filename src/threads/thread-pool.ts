import { BoundedThread, ThreadError } from './bounded-thread.ts';
import type { ThreadLimits } from './bounded-thread.ts';
import { TurnQueue } from './turn-queue.ts';

export interface PoolLimits extends ThreadLimits {
  readonly threads: number;
  /** How many questions of one owner may wait; 32 if absent. */
  readonly maxWaiting?: number;
}

/** How a question is answered. */
export interface Terms {
  /** Whose question it is: the threads are shared fairly between owners. */
  readonly owner: string;
  /** The time limit in milliseconds, counted from when a thread starts on the question. */
  readonly ms: number;
  readonly signal?: AbortSignal | undefined;
  /** What the question is about: if the thread that answered the last one about it is free, it answers this one. */
  readonly about?: object;
}

interface Job<Question, Answer> extends Terms {
  readonly question: Question;
  readonly abort: () => void;
  resolve(answer: Answer): void;
  reject(reason: unknown): void;
}

const MAX_WAITING = 32;

/** Some threads that answer the same questions. None is started before the first question. */
export class ThreadPool<Question, Answer> {
  readonly #script: URL;
  readonly #limits: PoolLimits;
  readonly #settings: unknown;
  readonly #threads: BoundedThread<Question, Answer>[] = [];
  readonly #queue: TurnQueue<Job<Question, Answer>>;
  readonly #lastThreads = new WeakMap<object, BoundedThread<Question, Answer>>();

  /** @param settings what the script of the threads is given */
  constructor(script: URL, limits: PoolLimits, settings?: unknown) {
    this.#script = script;
    this.#limits = limits;
    this.#settings = settings;
    this.#queue = new TurnQueue(limits.maxWaiting ?? MAX_WAITING);
  }

  /**
   * @throws ThreadError when the thread had to be ended
   * @throws AppError `rate_limited` when too many questions of the owner wait
   */
  async ask(question: Question, terms: Terms): Promise<Answer> {
    const { signal } = terms;
    signal?.throwIfAborted();
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        if (this.#queue.remove(job)) job.reject(signal?.reason);
      };
      const job: Job<Question, Answer> = { ...terms, question, abort, resolve, reject };
      this.#queue.add(job);
      signal?.addEventListener('abort', abort, { once: true });
      this.#next();
    });
  }

  /** Sends what needs no answer to the threads that run. */
  tell(message: Question): void {
    for (const thread of this.#threads) thread.tell(message);
  }

  /** Starts a thread with what needs no answer, unless all are busy. */
  prepare(message: Question): void {
    this.#free()?.prepare(message);
  }

  async close(): Promise<void> {
    for (const job of this.#queue.drain()) {
      job.signal?.removeEventListener('abort', job.abort);
      job.reject(new ThreadError('closed', 'The thread was closed'));
    }
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }

  #next(): void {
    for (;;) {
      if (!this.#free()) return;
      const job = this.#queue.take();
      if (!job) return;
      void this.#run(job);
    }
  }

  async #run(job: Job<Question, Answer>): Promise<void> {
    const { question, ms, signal, about } = job;
    signal?.removeEventListener('abort', job.abort);
    try {
      const thread = this.#free(about);
      if (!thread) throw new Error('All threads are busy.');
      if (about) this.#lastThreads.set(about, thread);
      job.resolve(await thread.ask(question, ms, signal));
    } catch (error) {
      job.reject(error);
    } finally {
      this.#queue.done(job);
      this.#next();
    }
  }

  /** The thread that knows the subject, an idle one, or a new one; undefined when all are busy. */
  #free(about?: object): BoundedThread<Question, Answer> | undefined {
    const known = about && this.#lastThreads.get(about);
    if (known && !known.busy) return known;
    const idle = this.#threads.find((thread) => !thread.busy);
    if (idle || this.#threads.length >= this.#limits.threads) return idle;
    const thread = new BoundedThread<Question, Answer>(this.#script, this.#limits, this.#settings);
    this.#threads.push(thread);
    return thread;
  }
}
