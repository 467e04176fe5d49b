import { readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { codeOf } from '../local/local-error.ts';

const BEAT_MS = 15_000;
/** A process that was not heard of for so long is not there any more. */
const SILENT_MS = 60_000;

/** Of this process: after a restart in a container another one has the same number. */
const held = new Set<string>();

/**
 * A file that says that this process works on something, until it is released or the process is gone.
 * Others on this computer know that by its number, others elsewhere by the file's age.
 */
export class LockFile {
  readonly #file: string;
  readonly #beat: NodeJS.Timeout;

  private constructor(file: string) {
    this.#file = file;
    held.add(file);
    const beat = (): void => void utimes(file, new Date(), new Date()).catch(() => undefined);
    this.#beat = setInterval(beat, BEAT_MS).unref();
  }

  /**
   * @returns undefined when another process has it
   * @throws what the file system says of a folder that cannot be written
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
      const theirs = await readFile(file, 'utf8').catch(() => undefined);
      if (theirs === undefined) continue; // just released
      if (!(await isLeft(file, theirs)) || !(await clear(file, theirs))) return undefined;
    }
  }

  /** Whether somebody works on it now. */
  static async isTaken(file: string): Promise<boolean> {
    const text = await readFile(file, 'utf8').catch(() => undefined);
    return text !== undefined && !(await isLeft(file, text));
  }

  /** Clears away what a process that is gone has left. */
  static async forget(file: string): Promise<void> {
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text !== undefined && (await isLeft(file, text))) await clear(file, text);
  }

  async release(): Promise<void> {
    clearInterval(this.#beat);
    await rm(this.#file, { force: true }).catch(() => undefined);
    held.delete(this.#file);
  }
}

async function isLeft(file: string, text: string): Promise<boolean> {
  const [, pid, host] = /^\{"pid":(\d+),"host":"(.*)"\}$/.exec(text) ?? [];
  if (host === hostname() && !isRunning(Number(pid), file)) return true;
  const found = await stat(file).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > SILENT_MS;
}

function isRunning(pid: number, file: string): boolean {
  if (pid === process.pid) return held.has(file);
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

// Aside first: of two that clear it away at once, the second must not take what the first has claimed since.
async function clear(file: string, text: string): Promise<boolean> {
  const aside = `${file}.${process.pid}`;
  await rename(file, aside).catch(() => undefined);
  const taken = await readFile(aside, 'utf8').catch(() => text);
  if (taken === text) await rm(aside, { force: true });
  else await rename(aside, file);
  return taken === text;
}
