import type { WriteStream } from 'node:tty';
import { formatBytes } from '../../text/byte-size.ts';
import { formatDuration } from '../../text/duration.ts';
import { escapeLine } from '../../text/foreign-text.ts';

const WIDTH = 20;
const EVERY_MS = 100;

/** A line that is redrawn in place. Prints nothing when the stream is not a terminal. */
export class ProgressBar {
  readonly #out: WriteStream;
  readonly #began = performance.now();
  #first: number | undefined;
  #last = 0;

  constructor(out: WriteStream) {
    this.#out = out;
  }

  show(done: number, total: number | undefined, name = ''): void {
    const now = performance.now();
    this.#first ??= done;
    if (!this.#out.isTTY || (now - this.#last < EVERY_MS && done !== total)) return;
    this.#last = now;
    const rate = (done - this.#first) / Math.max(0.001, (now - this.#began) / 1000);
    const share = total ? Math.min(1, done / total) : 0;
    const full = Math.round(share * WIDTH);
    const left =
      rate > 0 && total && done < total ? `, ${formatDuration(Math.ceil((total - done) / rate))} left` : '';
    const bar = `${'#'.repeat(full)}${'.'.repeat(WIDTH - full)} ${Math.floor(share * 100)}%`;
    const amount = total ? `${formatBytes(done)} of ${formatBytes(total)}` : formatBytes(done);
    const line = `${bar} ${amount}, ${formatBytes(Math.round(rate))}/s${left}  ${escapeLine(name)}`;
    this.#out.write(`\r\u001b[K${line.slice(0, this.#out.columns - 1)}`);
  }

  clear(): void {
    if (this.#out.isTTY && this.#last > 0) this.#out.write('\r\u001b[K');
  }
}
