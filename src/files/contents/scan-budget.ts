import { formatBytes } from '../../text/byte-size.ts';

/** What one call may download. A log of 1 GB is within it. */
const MAX_BYTES = 1280 * 1024 * 1024;
const MAX_MS = 40_000;

/** What one search may still take. */
export class ScanBudget {
  readonly #deadline: number;
  readonly #most: number;
  #bytes: number;

  constructor(bytes = MAX_BYTES, ms = MAX_MS) {
    this.#deadline = Date.now() + ms;
    this.#most = bytes;
    this.#bytes = bytes;
  }

  spend(bytes: number): void {
    this.#bytes -= bytes;
  }

  get isSpent(): boolean {
    return this.#bytes <= 0 || Date.now() > this.#deadline;
  }

  /** What is spent, in words. */
  get limit(): string {
    return this.#bytes <= 0 ? `the ${formatBytes(this.#most)} of one call` : 'the time of one call';
  }
}
