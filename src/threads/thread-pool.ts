import { BoundedThread } from './bounded-thread.ts';
import type { ThreadLimits } from './bounded-thread.ts';

export interface PoolLimits extends ThreadLimits {
  readonly threads: number;
}

/** Some threads that answer the same questions. None is started before the first question. */
export class ThreadPool<Question, Answer> {
  readonly #script: URL;
  readonly #limits: PoolLimits;
  readonly #threads: BoundedThread<Question, Answer>[] = [];

  constructor(script: URL, limits: PoolLimits) {
    this.#script = script;
    this.#limits = limits;
  }

  /**
   * @param ms counted from when a thread starts on the question
   * @throws ThreadError when the thread had to be ended
   */
  async ask(question: Question, ms: number, signal?: AbortSignal): Promise<Answer> {
    return this.#thread().ask(question, ms, signal);
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }

  /** An idle thread, a new one, or the least busy one. */
  #thread(): BoundedThread<Question, Answer> {
    const idle = this.#threads.find((thread) => thread.load === 0);
    if (idle) return idle;
    if (this.#threads.length < this.#limits.threads) {
      const thread = new BoundedThread<Question, Answer>(this.#script, this.#limits);
      this.#threads.push(thread);
      return thread;
    }
    return this.#threads.reduce((best, thread) => (thread.load < best.load ? thread : best));
  }
}
