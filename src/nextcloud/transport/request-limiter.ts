import { cancelled, pause } from '../../pause.ts';

/**
 * Limits the requests to one server: at most `width` at once, starting at least `intervalMs` apart, and only
 * one until the login has been accepted. With a wrong password the requests behind the first one are never
 * sent, so that Nextcloud does not count them as failed logins.
 */
export class RequestLimiter {
  readonly #width: number;
  readonly #intervalMs: number;
  readonly #waiting = new Set<() => void>();
  #running = 0;
  #accepted = false;
  #nextStart = 0;

  constructor(width: number, intervalMs: number) {
    this.#width = width;
    this.#intervalMs = intervalMs;
  }

  /** Waits until a request may start. Each slot that was taken must be given back. */
  async take(signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted) throw cancelled(signal.reason);
    if (this.#running < this.#limit) this.#running++;
    else await this.#queue(signal);
    try {
      await this.#space(signal);
    } catch (error) {
      this.giveBack();
      throw error;
    }
  }

  giveBack(): void {
    this.#running--;
    this.#wake();
  }

  /** The login was accepted: from now on requests may run in parallel. */
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
      if (this.#running >= this.#limit) return;
      this.#waiting.delete(start);
      this.#running++;
      start();
    }
  }

  #queue(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = (): void => {
        this.#waiting.delete(start);
        reject(cancelled(signal?.reason));
      };
      const start = (): void => {
        signal?.removeEventListener('abort', cancel);
        resolve();
      };
      signal?.addEventListener('abort', cancel, { once: true });
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
