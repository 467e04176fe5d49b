import { performance } from 'node:perf_hooks';

/** Lower quartiles of interleaved measurements. */
export interface Pair {
  readonly ours: number;
  readonly theirs: number;
}

type Work = (round: number) => Promise<unknown>;

/** Interleaves both, so that a busy moment affects both alike. The first round does not count. */
export async function compare(rounds: number, ours: Work, theirs: Work): Promise<Pair> {
  const times: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
  for (let round = -1; round < rounds; round++) {
    const order = round % 2 === 0 ? (['ours', 'theirs'] as const) : (['theirs', 'ours'] as const);
    for (const who of order) {
      const time = await timed(async () => (who === 'ours' ? ours : theirs)(round));
      if (round >= 0) times[who].push(time);
    }
  }
  return { ours: lowerQuartile(times.ours), theirs: lowerQuartile(times.theirs) };
}

/** Milliseconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** The lower quartile, because other load on the machine only makes a run longer. */
export function lowerQuartile(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 4)] ?? NaN;
}
