import { performance } from 'node:perf_hooks';

/** Lower quartiles of what was measured in turns. */
export interface Pair {
  readonly ours: number;
  readonly theirs: number;
}

type Work = (round: number) => Promise<unknown>;

/** Runs both in turns, the first of them thrown away, so that a busy moment hits both alike. */
export async function compare(rounds: number, ours: Work, theirs: Work): Promise<Pair> {
  const times: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
  for (let round = -1; round < rounds; round++) {
    const order = round % 2 === 0 ? (['ours', 'theirs'] as const) : (['theirs', 'ours'] as const);
    for (const who of order) {
      const time = await timed(async () => (who === 'ours' ? ours : theirs)(round));
      if (round >= 0) times[who].push(time);
    }
  }
  return { ours: quiet(times.ours), theirs: quiet(times.theirs) };
}

/** Milliseconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** The lower quartile: what else a machine does only makes a run longer. */
export function quiet(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 4)] ?? NaN;
}
