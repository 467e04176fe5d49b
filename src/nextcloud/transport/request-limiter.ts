import { cancelled, pause } from '../../pause.ts';

/** Requests wait here until they may start. */
export interface Turns {
  /** Each turn that was taken must be given back. @throws AppError `cancelled` */
  take(signal: AbortSignal | undefined): Promise<void>;
  giveBack(): void;
}

/**
 * Limits the requests to one server: at most `width` at once, starting at least `intervalMs` apart, and only
 * one until the login has been accepted. With a wrong password the requests behind the first one are never
 * sent, so that Nextcloud does not count them as failed logins.
 */
export class RequestLimiter implements Turns {
  /** The most requests at once. */
  readonly width: number;
  readonly #behind: Turns;
  readonly #waiting = new Set<() => void>();
  #running = 0;
  #accepted = false;

  /** @param behind what a request waits for next: the milliseconds between two starts, or turns that several limiters share */
  constructor(width: number, behind: number | Turns) {
    this.width = width;
    this.#behind = typeof behind === 'number' ? new Spacing(behind) : behind;
  }

  async take(signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted) throw cancelled(signal.reason);
    if (this.#running < this.#limit) this.#running++;
    else await this.#queue(signal);
    try {
      await this.#behind.take(signal);
    } catch (error) {
      this.#end();
      throw error;
    }
  }

  giveBack(): void {
    this.#behind.giveBack();
    this.#end();
  }

  /** The login was accepted: from now on requests may run in parallel. */
  accept(): void {
    if (this.#accepted) return;
    this.#accepted = true;
    this.#wake();
  }

  get #limit(): number {
    return this.#accepted ? this.width : 1;
  }

  #end(): void {
    this.#running--;
    this.#wake();
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
}

/** Starts at least `intervalMs` apart. */
export class Spacing implements Turns {
  readonly #intervalMs: number;
  #nextStart = 0;

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  async take(signal: AbortSignal | undefined): Promise<void> {
    if (this.#intervalMs === 0) return;
    const now = Date.now();
    const start = Math.max(now, this.#nextStart);
    this.#nextStart = start + this.#intervalMs;
    if (start > now) await pause(start - now, signal);
  }

  giveBack(): void {
    // Any number may run at once.
  }
}

/** Limits the requests of long transfers to one fewer than all, so that other calls still get through. */
export function transferLimiter(maxConcurrency: number): RequestLimiter {
  const limiter = new RequestLimiter(Math.max(1, maxConcurrency - 1), 0);
  limiter.accept();
  return limiter;
}
