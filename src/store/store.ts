import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Log } from '../log.ts';
import type { HistoryTable } from './history-table.ts';

/** After a failure, the file is not tried again for this long, so that changes do not wait for it one by one. */
const RETRY_MS = 30_000;

/** The name of the file in the state folder. */
export const STORE_FILE = 'store.db';

interface Opened {
  readonly history: HistoryTable;
  readonly database?: DatabaseSync;
}

/**
 * What this program keeps in the state folder, in one file for all accounts and processes. It is opened, and its code
 * is loaded, when something is kept or looked up for the first time.
 */
export class Store {
  readonly #file: string;
  readonly #log: Log;
  readonly #now: () => number;
  #opened: Promise<Opened> | undefined;
  #failedAt = -Infinity;
  #failure: unknown;

  constructor(folder: string, log: Log, now: () => number = Date.now) {
    this.#file = join(folder, STORE_FILE);
    this.#log = log;
    this.#now = now;
  }

  get file(): string {
    return this.#file;
  }

  /** @throws the error of SQLite when the file is not usable */
  async history(): Promise<HistoryTable> {
    if (this.#now() - this.#failedAt < RETRY_MS) throw this.#failure;
    this.#opened ??= this.#open();
    try {
      return (await this.#opened).history;
    } catch (error) {
      this.failed(error);
      throw error;
    }
  }

  /** Something could not be kept or looked up. It is said once, and not tried again for a while. */
  failed(error: unknown): void {
    this.#log.warn({ err: error, file: this.#file }, 'changes cannot be noted');
    this.#failedAt = this.#now();
    this.#failure = error;
    void this.close();
  }

  async close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = undefined;
    try {
      (await opened)?.database?.close();
    } catch {
      // It was never open, or is closed already.
    }
  }

  async #open(): Promise<Opened> {
    const [{ openDatabase, NoSqliteError }, { SqliteHistory }, { MemoryHistory }] = await Promise.all([
      import('./database.ts'),
      import('./sqlite-history.ts'),
      import('./memory-history.ts'),
    ]);
    try {
      const database = openDatabase(this.#file);
      return { database, history: new SqliteHistory(database) };
    } catch (error) {
      const why = error instanceof NoSqliteError ? error.message : unwritable(error);
      if (why === undefined) throw error;
      this.#log.warn({ err: error, file: this.#file }, 'changes are noted until this process ends');
      return { history: new MemoryHistory(why) };
    }
  }
}

/** In a container without a volume there may be no folder that can be written. */
function unwritable(error: unknown): string | undefined {
  const code = (error as { code?: unknown }).code;
  return ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR'].includes(String(code))
    ? 'its state folder cannot be written'
    : undefined;
}
