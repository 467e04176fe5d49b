import { renameSync, writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/**
 * Loaded into the server by NODE_OPTIONS. At each SIGUSR2 it writes the longest times for which the event loop was
 * blocked since the last one, in milliseconds, into the file that LOOP_DELAY_FILE names: JSON with the fields of
 * LoopDelay in event-loop.ts.
 *
 * `processor` is the processor time of the thread: time for which another process had the processor is not ours.
 */
const used = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

const monitor = monitorEventLoopDelay({ resolution: 1 });
monitor.enable();
let last = used();
let longest = 0;

const look = (): void => {
  const now = used();
  longest = Math.max(longest, now - last);
  last = now;
};

setInterval(look, 1).unref();

process.on('SIGUSR2', () => {
  look();
  const file = process.env['LOOP_DELAY_FILE'] ?? '';
  writeFileSync(`${file}.part`, JSON.stringify({ clock: monitor.max / 1e6, processor: longest }));
  renameSync(`${file}.part`, file);
  monitor.reset();
  longest = 0;
});
