import type { Log } from '../log.ts';

/** Milliseconds for what has to be done between the end of the service and the end of the process. */
export const EXIT_MS = 4000;

/**
 * Ends this process `ms` milliseconds from now, unless it has ended by itself: work that hangs must not keep a process
 * alive that has somebody's password in its memory.
 *
 * It is killed, since `process.exit` waits for the threads of libuv, and one of them may be inside a system call that
 * never returns, such as opening a named pipe.
 */
export function exitWithin(ms: number, log: Log): void {
  const kill = (): void => {
    log.warn('something hangs: the process is killed');
    process.kill(process.pid, 'SIGKILL');
  };
  setTimeout(kill, ms).unref();
}
