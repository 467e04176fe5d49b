/** Generated paths of one run; every other number of runs is a part of it. */
export const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100_000);

export function part(share: number): { numRuns: number } {
  return { numRuns: Math.max(200, Math.round(RUNS * share)) };
}

/** Enough for the largest run on two slow cores. */
export const TIMEOUT = 60_000 + RUNS;
