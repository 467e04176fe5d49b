import type { WriteStream } from 'node:tty';
import { formatBytes } from '../../text/byte-size.ts';
import { formatDuration } from '../../text/duration.ts';
import { escapeLine } from '../../text/foreign-text.ts';

const WIDTH = 20;
const EVERY_MS = 100;
/** A rate of less time says nothing. */
const MEASURED_MS = 1000;

/** A line that is redrawn in place. Prints nothing when the stream is not a terminal. */
export class ProgressBar {
  readonly #out: WriteStream;
  readonly #began = performance.now();
  #first: number | undefined;
  #last = 0;
  #ended = false;

  constructor(out: WriteStream) {
    this.#out = out;
  }

  show(done: number, total: number | undefined, name = ''): void {
    const now = performance.now();
    this.#first ??= done;
    if (this.#ended || !this.#out.isTTY || (now - this.#last < EVERY_MS && done !== total)) return;
    this.#last = now;
    const elapsed = now - this.#began;
    const rate = elapsed < MEASURED_MS ? 0 : ((done - this.#first) * 1000) / elapsed;
    const share = total ? Math.min(1, done / total) : 0;
    const full = Math.floor(share * WIDTH);
    const left =
      rate > 0 && total && done < total ? `, ${formatDuration(Math.ceil((total - done) / rate))} left` : '';
    const bar = `${'#'.repeat(full)}${'.'.repeat(WIDTH - full)} ${Math.floor(share * 100)}%`;
    const amount = total ? `${formatBytes(done)} of ${formatBytes(total)}` : formatBytes(done);
    const speed = rate > 0 ? `, ${formatBytes(Math.round(rate))}/s` : '';
    const line = `${bar} ${amount}${speed}${left}  ${escapeLine(name)}`;
    this.#out.write(`\r\u001b[K${line.slice(0, this.#out.columns - 1)}`);
  }

  /** Ends it: what is reported late is not shown. */
  clear(): void {
    this.#ended = true;
    if (this.#out.isTTY && this.#last > 0) this.#out.write('\r\u001b[K');
  }
}
