import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { cpuTime } from './cpu-time.ts';

/** The longest times for which the event loop was held up, in milliseconds. */
export interface LoopDelay {
  /** By the clock, as a client feels it. On a busy machine other processes are part of it. */
  readonly clock: number;
  /** By the processor time of this thread: what the work itself has cost. */
  readonly processor: number;
}

export interface MeasuredDelay extends LoopDelay {
  /** The processor time of this thread for all of the work. */
  readonly all: number;
}

/**
 * The longest time for which a piece of work may hold up the event loop, in milliseconds of processor time: 50, and on
 * a slow machine a fifth of what all of it takes.
 */
export function allowedDelay({ all }: MeasuredDelay): number {
  return Math.max(50, all / 5);
}

/** Does a piece of work and measures for how long nothing else could be done meanwhile. */
export async function measureLoopDelay<T>(
  work: () => Promise<T>,
): Promise<{ delay: MeasuredDelay; outcome: PromiseSettledResult<T> }> {
  collectGarbage();
  const monitor = monitorEventLoopDelay({ resolution: 1 });
  monitor.enable();
  // What came before is not counted.
  await sleep(10);
  monitor.reset();
  const first = cpuTime();
  let [last, processor] = [first, 0];
  const look = (): void => {
    const now = cpuTime();
    processor = Math.max(processor, now - last);
    last = now;
  };
  const timer = setInterval(look, 1);
  const [outcome] = await Promise.allSettled([Promise.resolve().then(work)]);
  await sleep(5);
  look();
  clearInterval(timer);
  monitor.disable();
  return { delay: { clock: monitor.max / 1e6, processor, all: last - first }, outcome };
}

/** What the tests before have left would be cleared away at the cost of the work that is measured. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}
