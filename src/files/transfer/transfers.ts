import { randomBytes } from 'node:crypto';
import { AppError, isAppError } from '../../errors.ts';
import { bytesIn } from '../journal/journal.ts';
import type { Unfinished } from '../journal/journal.ts';
import { Suspended } from '../journal/suspended.ts';
import type { Call } from '../context/call.ts';

export interface TransferRoute {
  readonly kind: 'upload' | 'download';
  readonly remote_path: string;
  readonly local_path: string;
}

/** The state of a transfer. */
export interface Transfer extends TransferRoute {
  readonly transfer_id: string;
  readonly state: 'running' | 'done' | 'failed' | 'cancelled' | 'interrupted';
  readonly bytes_done: number;
  readonly bytes_total?: number;
  readonly bytes_per_second?: number;
  readonly seconds_left?: number;
  /** Why it failed or was interrupted. */
  readonly error?: string | AppError;
  readonly result?: object;
}

/** Ended transfers are kept until there are more than this many. */
const MAX_TRANSFERS = 50;

interface Running {
  readonly id: string;
  readonly key: string;
  readonly route: TransferRoute;
  readonly control: AbortController;
  readonly began: number;
  done: number;
  total: number | undefined;
  /** Bytes that an earlier call had transferred already. */
  first: number | undefined;
  ended: { readonly at: number; readonly result?: object; readonly error?: unknown } | undefined;
  outcome: Promise<unknown>;
}

/**
 * The transfers of this process. A call waits for its transfer for a limited time, as clients have a time limit;
 * after that the transfer continues in the background under an id.
 */
export class Transfers {
  readonly #maxWaitMs: number;
  readonly #all = new Map<string, Running>();

  /** @param maxWaitMs how long a call waits for its transfer, in milliseconds */
  constructor(maxWaitMs: number) {
    this.#maxWaitMs = maxWaitMs;
  }

  /** The result if it comes in time, else the state of the transfer. The same call twice is one transfer. */
  async run<T extends object>(
    route: TransferRoute,
    options: object,
    call: Call,
    work: (call: Call) => Promise<T>,
  ): Promise<T | Transfer> {
    const key = JSON.stringify([route, options]);
    const known = [...this.#all.values()].find((one) => one.key === key && !one.ended);
    const running = known ?? this.#start(key, route, call, work);
    const abort = (): void => running.control.abort(call.signal?.reason);
    if (!known) call.signal?.addEventListener('abort', abort, { once: true });
    try {
      await this.#wait(running, this.#maxWaitMs);
    } finally {
      call.signal?.removeEventListener('abort', abort);
    }
    const { ended } = running;
    if (!ended) return this.#state(running);
    this.#all.delete(running.id);
    if ('error' in ended) throw ended.error;
    return ended.result as T;
  }

  /** Waits up to `waitMs` milliseconds for its end. */
  async status(id: string, waitMs: number, call: Call): Promise<Transfer[]> {
    const running = this.#find(id);
    await this.#wait(running, Math.min(waitMs, this.#maxWaitMs), call.signal);
    return [this.#state(running)];
  }

  /** The transfers of this process, those of other processes, and unfinished ones of processes that have ended. */
  async all(waitMs: number, unfinished: readonly Unfinished[], call: Call): Promise<Transfer[]> {
    const running = [...this.#all.values()];
    const last = running.findLast((one) => !one.ended);
    if (last) await this.#wait(last, Math.min(waitMs, this.#maxWaitMs), call.signal);
    const left = unfinished
      .filter(({ record }) => !running.some(({ route }) => route.remote_path === record.remote_path))
      .map(({ record, running: elsewhere }): Transfer => {
        const { kind, remote_path, local_path, place, size } = record;
        const error = 'It stopped before its end. The same call goes on from there.';
        const route = { kind, remote_path, local_path };
        return {
          transfer_id: place,
          ...route,
          state: elsewhere ? 'running' : 'interrupted',
          bytes_done: bytesIn(record),
          bytes_total: size,
          ...(elsewhere ? {} : { error }),
        };
      });
    return [...running.map((one) => this.#state(one)), ...left];
  }

  /** Ends it for good: what was sent or fetched is removed. */
  async cancel(id: string): Promise<Transfer[]> {
    const running = this.#find(id);
    running.control.abort();
    await running.outcome;
    return [this.#state(running)];
  }

  /** Suspends all of them, so that later calls can resume them. */
  async close(): Promise<void> {
    const running = [...this.#all.values()].filter((one) => !one.ended);
    for (const { control } of running) control.abort(new Suspended('the process ends'));
    await Promise.all(running.map(({ outcome }) => outcome));
  }

  #start<T extends object>(
    key: string,
    route: TransferRoute,
    call: Call,
    work: (call: Call) => Promise<T>,
  ): Running {
    const control = new AbortController();
    const running: Running = {
      id: randomBytes(4).toString('hex'),
      key,
      route,
      control,
      began: performance.now(),
      done: 0,
      total: undefined,
      first: undefined,
      ended: undefined,
      outcome: Promise.resolve(),
    };
    const report = (done: number, total?: number, message?: string): void => {
      running.first ??= done;
      running.done = done;
      running.total = total;
      call.report?.(done, total, message);
    };
    running.outcome = work({ signal: control.signal, report, changes: call.changes }).then(
      (result) => (running.ended = { at: performance.now(), result }),
      (error: unknown) => (running.ended = { at: performance.now(), error }),
    );
    this.#all.set(running.id, running);
    for (const [id, { ended }] of this.#all)
      if (ended && this.#all.size > MAX_TRANSFERS) this.#all.delete(id);
    return running;
  }

  async #wait({ outcome }: Running, ms: number, signal?: AbortSignal): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => {
      timer = ms === Infinity ? undefined : setTimeout(resolve, ms);
      signal?.addEventListener('abort', () => resolve(), { once: true });
    });
    await Promise.race([outcome, timeout]);
    clearTimeout(timer);
  }

  #find(id: string): Running {
    const found = this.#all.get(id);
    if (found) return found;
    throw new AppError('not_found', `There is no transfer ${JSON.stringify(id.slice(0, 40))}`, {
      hint: 'After a restart, the same upload or download call goes on where it stopped.',
      remedy: { kind: 'list-transfers' },
    });
  }

  #state({ id, route, began, done, total, first = 0, ended }: Running): Transfer {
    const seconds = ((ended?.at ?? performance.now()) - began) / 1000;
    const rate = seconds > 0 ? Math.round((done - first) / seconds) : 0;
    const error = ended?.error;
    return {
      transfer_id: id,
      ...route,
      state: !ended ? 'running' : !error ? 'done' : isAppError(error, 'cancelled') ? 'cancelled' : 'failed',
      bytes_done: done,
      ...(total === undefined ? {} : { bytes_total: total }),
      ...(rate > 0 ? { bytes_per_second: rate } : {}),
      ...(!ended && rate > 0 && total !== undefined
        ? { seconds_left: Math.ceil((total - done) / rate) }
        : {}),
      ...(error === undefined ? {} : { error: isAppError(error) ? error : messageOf(error) }),
      ...(ended?.result ? { result: ended.result } : {}),
    };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown';
}
