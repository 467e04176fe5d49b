import { rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { readPlainFile } from '../../plain-file.ts';
import { codeOf } from '../local/local-error.ts';

/** How often the owner renews the time of the file. */
const RENEW_MS = 15_000;
/** A lock that was not renewed for this long is stale. */
const STALE_MS = 60_000;

/** The locks of this process: after a restart in a container another process has the same process id. */
const held = new Set<string>();

/**
 * A lock that holds until it is released or the process ends. Processes on the same computer detect a stale lock by
 * the process id in it, processes on other computers by the age of the file.
 */
export class LockFile {
  readonly #file: string;
  readonly #timer: NodeJS.Timeout;

  private constructor(file: string) {
    this.#file = file;
    held.add(file);
    const renew = (): void => void utimes(file, new Date(), new Date()).catch(() => undefined);
    this.#timer = setInterval(renew, RENEW_MS).unref();
  }

  /**
   * @returns undefined if another process has the lock
   * @throws the file system's error if the folder is not writable
   */
  static async take(file: string): Promise<LockFile | undefined> {
    const mine = JSON.stringify({ pid: process.pid, host: hostname() });
    for (;;) {
      try {
        await writeFile(file, mine, { flag: 'wx', mode: 0o600 });
        return new LockFile(file);
      } catch (error) {
        if (codeOf(error) !== 'EEXIST') throw error;
      }
      const theirs = await readIfThere(file);
      if (theirs === undefined) continue; // just released
      if (!(await isStale(file, theirs)) || !(await removeLock(file, theirs))) return undefined;
    }
  }

  /** Whether a process has the lock now. */
  static async isTaken(file: string): Promise<boolean> {
    const text = await readIfThere(file).catch(() => undefined);
    return text !== undefined && !(await isStale(file, text));
  }

  /** Removes the lock of a process that has ended. */
  static async removeStale(file: string): Promise<void> {
    const text = await readIfThere(file).catch(() => undefined);
    if (text !== undefined && (await isStale(file, text))) await removeLock(file, text);
  }

  async release(): Promise<void> {
    clearInterval(this.#timer);
    await rm(this.#file, { force: true }).catch(() => undefined);
    held.delete(this.#file);
  }
}

/** @throws the file system's error where what is there cannot be read */
async function readIfThere(file: string): Promise<string | undefined> {
  return readPlainFile(file, { followLinks: true }).then(String, (error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  });
}

async function isStale(file: string, text: string): Promise<boolean> {
  const [, pid, host] = /^\{"pid":(\d+),"host":"(.*)"\}$/.exec(text) ?? [];
  if (host === hostname() && !isRunning(Number(pid), file)) return true;
  const found = await stat(file).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > STALE_MS;
}

function isRunning(pid: number, file: string): boolean {
  if (pid === process.pid) return held.has(file);
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

// Renamed first: of two processes that remove a stale lock at once, the second must not remove the new lock of the first.
async function removeLock(file: string, text: string): Promise<boolean> {
  const aside = `${file}.${process.pid}`;
  await rename(file, aside).catch(() => undefined);
  const taken = (await readIfThere(aside).catch(() => text)) ?? text;
  if (taken === text) await rm(aside, { force: true });
  else await rename(aside, file);
  return taken === text;
}
