import type { RequestLimiter } from '../../nextcloud/transport/request-limiter.ts';

/** Limits the requests of long transfers to fewer than all, so that other calls still get through. */
export class TransferSlots {
  /** The number of slots. */
  readonly width: number;
  readonly #limiter: RequestLimiter;

  /** @param limiter shared by all sessions of one person */
  constructor(limiter: RequestLimiter) {
    this.width = limiter.width;
    this.#limiter = limiter;
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
