import { RequestLimiter } from '../../nextcloud/transport/request-limiter.ts';

/** Limits the requests of long transfers to one fewer than all, so that other calls still get through. */
export class TransferSlots {
  /** The number of slots. */
  readonly width: number;
  readonly #limiter: RequestLimiter;

  /** @param maxConcurrency the most requests at the same time, of all kinds */
  constructor(maxConcurrency: number) {
    this.width = Math.max(1, maxConcurrency - 1);
    this.#limiter = new RequestLimiter(this.width, 0);
    this.#limiter.accept();
  }

  async use<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    await this.#limiter.take(signal);
    try {
      return await work();
    } finally {
      this.#limiter.giveBack();
    }
  }
}
