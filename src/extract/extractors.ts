import { defaultLimits, type Document, type Hint, type Limits, type Part, type Range } from './document.ts';
import { ExtractError, tooLarge } from './failure.ts';
import { formatOfName, formats } from './format.ts';
import { Lane } from './lane.ts';
import type { Answer, Request } from './request.ts';

/** Reads documents in worker threads. Nothing is started before the first document is opened. */
export class Extractors {
  readonly limits: Limits;
  #lanes: Lane[] = [];
  #ids = 0;

  constructor(limits: Partial<Limits> = {}) {
    this.limits = { ...defaultLimits, ...limits };
  }

  async open(bytes: Uint8Array, hint: Hint, signal: AbortSignal): Promise<Document> {
    if (bytes.length > this.limits.inputBytes)
      throw tooLarge(
        `It has ${bytes.length} bytes; documents of up to ${this.limits.inputBytes} bytes are read.`,
      );
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
    shared.set(bytes);
    const key = ++this.#ids;
    const ask = (range?: Range): Omit<Request, 'id'> =>
      range ? { key, bytes: shared, hint, range } : { key, bytes: shared, hint };
    const lane = this.#lane();
    const { openMs, readMs } = this.limits;
    const { summary } = this.#check(await lane.ask({ id: ++this.#ids, ...ask() }, openMs, signal));
    if (!summary) throw new Error('no summary');
    return {
      ...summary,
      read: async (range, signal): Promise<Part> => {
        // The thread may have let go of it; then the time to open it is needed too.
        const request = { id: ++this.#ids, ...ask(range) };
        const { part } = this.#check(await lane.ask(request, openMs + readMs, signal));
        if (!part) throw new Error('no part');
        return part;
      },
      close: async () => lane.drop(key),
    };
  }

  /** Worth a call when a download starts: a cold start then costs nothing beside it. */
  prepare(name: string): void {
    const format = formatOfName(name);
    const family = format === undefined ? 'unknown' : formats.get(format)?.family;
    if (format !== undefined && family !== 'unknown' && family !== 'text') this.#lane().prepare(format);
  }

  async close(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.close()));
  }

  /** An idle lane, a new one, or the least busy. */
  #lane(): Lane {
    const idle = this.#lanes.find((lane) => lane.load === 0);
    if (idle) return idle;
    if (this.#lanes.length < this.limits.workers) {
      const lane = new Lane(this.limits);
      this.#lanes.push(lane);
      return lane;
    }
    return this.#lanes.reduce((best, lane) => (lane.load < best.load ? lane : best));
  }

  #check(answer: Answer): Answer {
    const { failure } = answer;
    if (failure) throw new ExtractError(failure.code, failure.message, failure.hint);
    return answer;
  }
}
