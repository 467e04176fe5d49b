import { closeSync, constants, fstatSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { historySchema } from './sqlite-history.ts';

/** This Node was built without SQLite. */
export class NoSqliteError extends Error {
  override readonly name = 'NoSqliteError';
}

/** The file was written by a newer version of this program, or is no database of it. */
export class ForeignDatabaseError extends Error {
  override readonly name = 'ForeignDatabaseError';
}

/** How long another process is waited for, in milliseconds. Nothing else runs meanwhile, so it is short. */
const BUSY_MS = 250;

/** What brings the tables from one version to the next. Only ever add to the end. */
const migrations: readonly string[] = [historySchema];

/**
 * Opens the database, which only this user can read, and brings its tables up to date.
 *
 * @throws NoSqliteError, ForeignDatabaseError, or the error of SQLite or of the file system
 */
export function openDatabase(file: string): DatabaseSync {
  const { DatabaseSync } = loadSqlite();
  prepareFile(file);
  const database = new DatabaseSync(file);
  try {
    database.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
    // Readers and the writer do not wait for each other. A crash of the computer may lose the last notes, never the file.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON');
    migrate(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function migrate(database: DatabaseSync): void {
  if (versionOf(database) === migrations.length) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    const version = versionOf(database);
    if (version > migrations.length)
      throw new ForeignDatabaseError('it was written by a newer version of this program');
    for (const migration of migrations.slice(version)) database.exec(migration);
    database.exec(`PRAGMA user_version = ${migrations.length}`);
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
}

/** SQLite gives the files beside it the permissions of this one. A pipe in its place would be waited for. */
function prepareFile(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // Windows has no O_NONBLOCK, which changes nothing.
  const { O_RDWR, O_CREAT, O_NONBLOCK } = constants;
  const handle = openSync(file, O_RDWR | O_CREAT | O_NONBLOCK, 0o600);
  try {
    if (!fstatSync(handle).isFile()) throw new ForeignDatabaseError('it is not a plain file');
  } finally {
    closeSync(handle);
  }
}

/** Several versions of Node warn that SQLite is experimental, which neither a protocol nor a person needs to see. */
function loadSqlite(): typeof import('node:sqlite') {
  const own = Object.getOwnPropertyDescriptor(process, 'emitWarning');
  process.emitWarning = () => undefined;
  try {
    const sqlite = process.getBuiltinModule('node:sqlite') as typeof import('node:sqlite') | undefined;
    if (!sqlite) throw new NoSqliteError('this Node.js was built without SQLite');
    return sqlite;
  } finally {
    if (own) Object.defineProperty(process, 'emitWarning', own);
  }
}
