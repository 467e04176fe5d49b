import { RequestLimiter } from '../../nextcloud/transport/request-limiter.ts';

/** Long transfers share these, one fewer than the requests that may go at once: an assistant can go on working. */
export class TransferSlots {
  readonly width: number;
  readonly #turns: RequestLimiter;

  constructor(maxConcurrency: number) {
    this.width = Math.max(1, maxConcurrency - 1);
    this.#turns = new RequestLimiter(this.width, 0);
    this.#turns.accept();
  }

  async use<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    await this.#turns.take(signal);
    try {
      return await work();
    } finally {
      this.#turns.giveBack();
    }
  }
}
