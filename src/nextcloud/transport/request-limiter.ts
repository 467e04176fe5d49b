import { cancelled, pause } from '../../pause.ts';

/**
 * Politeness towards one server: at most `width` requests at once, their starts `intervalMs` apart, and
 * a single one until the sign-in was accepted. With a wrong password, the calls that wait behind the
 * first are never sent, so that Nextcloud does not count them as attempts.
 */
export class RequestLimiter {
  readonly #width: number;
  readonly #intervalMs: number;
  readonly #waiting = new Set<() => void>();
  #under = 0;
  #accepted = false;
  #nextStart = 0;

  constructor(width: number, intervalMs: number) {
    this.#width = width;
    this.#intervalMs = intervalMs;
  }

  /** Waits for a turn; each one taken must be given back. */
  async take(signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted) throw cancelled(signal.reason);
    if (this.#under < this.#limit) this.#under++;
    else await this.#queue(signal);
    try {
      await this.#space(signal);
    } catch (error) {
      this.giveBack();
      throw error;
    }
  }

  giveBack(): void {
    this.#under--;
    this.#wake();
  }

  /** The server knows who we are: from now on requests may go side by side. */
  accept(): void {
    if (this.#accepted) return;
    this.#accepted = true;
    this.#wake();
  }

  get #limit(): number {
    return this.#accepted ? this.#width : 1;
  }

  #wake(): void {
    for (const start of this.#waiting) {
      if (this.#under >= this.#limit) return;
      this.#waiting.delete(start);
      this.#under++;
      start();
    }
  }

  #queue(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.delete(start);
        reject(cancelled(signal?.reason));
      };
      const start = (): void => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiting.add(start);
    });
  }

  async #space(signal: AbortSignal | undefined): Promise<void> {
    if (this.#intervalMs === 0) return;
    const now = Date.now();
    const start = Math.max(now, this.#nextStart);
    this.#nextStart = start + this.#intervalMs;
    if (start > now) await pause(start - now, signal);
  }
}
