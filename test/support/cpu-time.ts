/** Milliseconds of processor time that this thread has used: time for which another process had it is not ours. */
export function cpuTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** Milliseconds of processor time of the fastest of some runs, the first of which are not compiled yet. */
export function fastestOf(runs: number, work: () => unknown): number {
  const times = Array.from({ length: runs }, () => {
    const start = cpuTime();
    work();
    return cpuTime() - start;
  });
  return Math.min(...times);
}
