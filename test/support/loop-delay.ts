import { writeFileSync } from 'node:fs';

/**
 * Loaded into the server by NODE_OPTIONS. At each SIGUSR2 it writes the longest time for which the event
 * loop was blocked since the last one, in milliseconds, into the file that LOOP_DELAY_FILE names.
 *
 * Counted in processor time of the thread: time for which another process had the processor is not ours.
 */
const used = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

let last = used();
let longest = 0;

setInterval(() => {
  const now = used();
  longest = Math.max(longest, now - last);
  last = now;
}, 1).unref();

process.on('SIGUSR2', () => {
  writeFileSync(process.env['LOOP_DELAY_FILE'] ?? '', longest.toFixed(1));
  longest = 0;
});
