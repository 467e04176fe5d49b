import { HttpError } from './http-error.ts';

/** Counts the requests that each client has running. */
export class ConcurrencyLimit {
  readonly #most: number;
  readonly #running = new Map<unknown, number>();

  constructor(most: number) {
    this.#most = most;
  }

  /**
   * @returns what to call when the request is over
   * @throws Refusal 429
   */
  enter(client: unknown): () => void {
    const running = this.#running.get(client) ?? 0;
    if (running >= this.#most)
      throw new HttpError(429, `At most ${this.#most} requests at once. Wait for some to end.`, {
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
