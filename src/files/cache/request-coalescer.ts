import { cancelled } from '../../pause.ts';

interface Pending<T> {
  readonly result: Promise<T>;
  readonly ended: AbortController;
  waiting: number;
}

/**
 * Makes equal requests that are asked for at the same time once. A request is cancelled when the last caller that
 * waits for it has gone.
 */
export class RequestCoalescer<T> {
  readonly #pending = new Map<string, Pending<T>>();

  async join(
    key: string,
    signal: AbortSignal | undefined,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    if (signal?.aborted) throw cancelled(signal.reason);
    const pending = this.#pending.get(key) ?? this.#start(key, work);
    pending.waiting++;
    const leave = (): void => {
      if (--pending.waiting > 0) return;
      if (this.#pending.get(key) === pending) this.#pending.delete(key);
      pending.ended.abort(signal?.reason);
    };
    if (!signal) return pending.result;
    const gone = Promise.withResolvers<never>();
    const onAbort = (): void => {
      leave();
      gone.reject(cancelled(signal.reason));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await Promise.race([pending.result, gone.promise]);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  #start(key: string, work: (signal: AbortSignal) => Promise<T>): Pending<T> {
    const ended = new AbortController();
    const result = work(ended.signal).finally(() => {
      if (this.#pending.get(key) === pending) this.#pending.delete(key);
    });
    // Callers that wait see the failure; without any, it is of no interest.
    result.catch(() => undefined);
    const pending: Pending<T> = { result, ended, waiting: 0 };
    this.#pending.set(key, pending);
    return pending;
  }
}
