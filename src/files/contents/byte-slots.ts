import { cancelled } from '../../pause.ts';

interface Waiting {
  readonly bytes: number;
  readonly start: () => void;
}

/** Limits how many bytes are held at once. One larger than the limit is held alone. */
export class ByteSlots {
  #left: number;
  readonly #most: number;
  readonly #waiting: Waiting[] = [];

  constructor(bytes: number) {
    this.#most = bytes;
    this.#left = bytes;
  }

  /** @throws AppError `cancelled` */
  async hold<T>(bytes: number, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    const held = Math.min(bytes, this.#most);
    await this.#take(held, signal);
    try {
      return await work();
    } finally {
      this.#left += held;
      this.#next();
    }
  }

  async #take(bytes: number, signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted) throw cancelled(signal.reason);
    if (this.#waiting.length === 0 && bytes <= this.#left) {
      this.#left -= bytes;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const abort = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(cancelled(signal?.reason));
      };
      const start = (): void => {
        signal?.removeEventListener('abort', abort);
        resolve();
      };
      const waiting = { bytes, start };
      this.#waiting.push(waiting);
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  #next(): void {
    for (;;) {
      const [first] = this.#waiting;
      if (!first || first.bytes > this.#left) return;
      this.#waiting.shift();
      this.#left -= first.bytes;
      first.start();
    }
  }
}
