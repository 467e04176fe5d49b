import { HttpError } from './http-error.ts';

/** Limits the number of parallel requests of each client. */
export class ConcurrencyLimit {
  readonly #most: number;
  readonly #running = new Map<unknown, number>();

  constructor(most: number) {
    this.#most = most;
  }

  /**
   * @returns a function to call when the request has ended
   * @throws HttpError 429
   */
  enter(client: unknown): () => void {
    const running = this.#running.get(client) ?? 0;
    if (running >= this.#most)
      throw new HttpError(429, `At most ${this.#most} requests at once are allowed. Wait for some to end.`, {
        'retry-after': '1',
      });
    this.#running.set(client, running + 1);
    return () => {
      const left = (this.#running.get(client) ?? 1) - 1;
      if (left === 0) this.#running.delete(client);
      else this.#running.set(client, left);
    };
  }
}
