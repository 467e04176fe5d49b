import { constants, watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { secretsIn } from './secrets.ts';
import type { Login } from './secrets.ts';

const MOST_BYTES = 1024 * 1024;

/**
 * Reads every file that appears or changes below a folder while it watches, and what is there at the end, and
 * remembers those in which a secret lies as it is.
 */
export class SecretWatch {
  readonly found = new Set<string>();
  /** Files read. */
  read = 0;
  readonly #logins: readonly Login[];
  readonly #except: RegExp | undefined;
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #waiting = new Map<string, Promise<void>>();
  #closed = false;

  /** @param except paths that are not read */
  constructor(logins: readonly Login[], except?: RegExp) {
    this.#logins = logins;
    this.#except = except;
  }

  /** Watches a folder and all that will be in it. A folder that is not there is left out. */
  async add(folder: string): Promise<void> {
    if (this.#closed || this.#watchers.has(folder)) return;
    try {
      const watcher = watch(folder, (_event, name) => name !== null && this.#look(join(folder, name)));
      watcher.on('error', () => this.#drop(folder));
      this.#watchers.set(folder, watcher);
    } catch {
      return; // gone already
    }
    // What was put in before the watch began.
    const entries = await readdir(folder).catch(() => []);
    for (const name of entries) this.#look(join(folder, name));
  }

  /** Waits for what is being read, and ends. */
  async close(): Promise<void> {
    while (this.#waiting.size > 0) await Promise.all(this.#waiting.values());
    this.#closed = true;
    for (const folder of this.#watchers.keys()) this.#drop(folder);
  }

  #look(path: string): void {
    if (this.#closed || this.#waiting.has(path) || this.#except?.test(path)) return;
    const done = this.#read(path).finally(() => this.#waiting.delete(path));
    this.#waiting.set(path, done);
  }

  async #read(path: string): Promise<void> {
    // A link may lead out of the folder, to files of the computer. A pipe would wait for a writer for ever.
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const file = await open(path, flags).catch(() => undefined);
    if (!file) return this.#drop(path);
    try {
      const seen = await file.stat();
      if (seen.isDirectory()) return await this.add(path);
      if (!seen.isFile()) return;
      const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(seen.size, MOST_BYTES)), 0);
      this.read++;
      const text = buffer.toString('latin1', 0, bytesRead);
      for (const what of this.#logins.flatMap((login) => secretsIn(text, login)))
        this.found.add(`${what} in ${path}`);
    } catch {
      // It went away meanwhile.
    } finally {
      await file.close();
    }
  }

  #drop(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }
}
