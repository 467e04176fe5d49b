import { cancelled } from '../../pause.ts';

interface Flight<T> {
  readonly result: Promise<T>;
  readonly ended: AbortController;
  waiting: number;
}

/**
 * Equal work that is asked for at the same time is done once. It is given up when the last of those
 * who wait for it has gone.
 */
export class RequestCoalescer<T> {
  readonly #flights = new Map<string, Flight<T>>();

  async join(
    key: string,
    signal: AbortSignal | undefined,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    if (signal?.aborted) throw cancelled(signal.reason);
    const flight = this.#flights.get(key) ?? this.#start(key, work);
    flight.waiting++;
    const leave = (): void => {
      if (--flight.waiting > 0) return;
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
      flight.ended.abort(signal?.reason);
    };
    if (!signal) return flight.result;
    const gone = Promise.withResolvers<never>();
    const onAbort = (): void => {
      leave();
      gone.reject(cancelled(signal.reason));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await Promise.race([flight.result, gone.promise]);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  #start(key: string, work: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const ended = new AbortController();
    const result = work(ended.signal).finally(() => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    });
    // Whoever waits sees the failure; when all have gone, nobody has to.
    result.catch(() => undefined);
    const flight: Flight<T> = { result, ended, waiting: 0 };
    this.#flights.set(key, flight);
    return flight;
  }
}
