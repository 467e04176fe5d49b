import { copyFileSync, existsSync, lstatSync, mkdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeFileAtomically } from '../../atomic-file.ts';
import type { Machine } from '../../machine.ts';
import { AppError, isAppError } from '../../errors.ts';
import { readPlainFileSync } from '../../plain-file.ts';
import { readJsonEntry, writeJsonEntry } from './json-file.ts';
import { entryFor } from './table.ts';
import type { Client, Server } from './table.ts';
import { addTomlEntry, isWholeToml, readTomlEntry, removeTomlEntry } from './toml-file.ts';

/** A planned change of a client's file. */
export interface Change {
  readonly file: string;
  /** Undefined if the file does not exist yet. */
  readonly before: string | undefined;
  /** Undefined if there is to be no file: it does not exist, or only this program had written into it. */
  readonly after: string | undefined;
}

/** Plans to add the server under this name. @throws AppError `config` when the name belongs to another server */
export function planInstall(client: Client, machine: Machine, name: string, server: Server): Change {
  return plan(client, machine, name, (text) =>
    client.format === 'toml'
      ? addTomlEntry(text, client.key, name, server)
      : writeJsonEntry(text, client.key, name, entryFor(client, server)),
  );
}

/** Plans to take the server out. A file that `install` has made, and that nobody has changed since, goes as a whole. */
export function planUninstall(client: Client, machine: Machine, name: string): Change {
  const change = plan(client, machine, name, (text) =>
    client.format === 'toml'
      ? removeTomlEntry(text, client.key, name)
      : writeJsonEntry(text, client.key, name, undefined),
  );
  const { file, before } = change;
  const isOurs = before === undefined || (isAllOurs(client, before, name) && !isLink(file));
  return isOurs ? { ...change, after: undefined } : change;
}

/** Whether the text is what `install` writes where there is no file. */
function isAllOurs(client: Client, text: string, name: string): boolean {
  if (client.format === 'toml') return isWholeToml(text, client.key, name);
  const entry = readJsonEntry(text, client.key, name);
  if (!entry) return false;
  const { command, args } = entry;
  return writeJsonEntry('', client.key, name, { ...client.more, command, args }) === text;
}

function isLink(file: string): boolean {
  return lstatSync(file).isSymbolicLink();
}

/** Whether the client's file has an entry with this name. */
export function isInstalled(client: Client, machine: Machine, name: string): boolean {
  try {
    return readEntry(client, readIfThere(client.file(machine)) ?? '', name) !== undefined;
  } catch (error) {
    if (isAppError(error)) return false;
    throw error;
  }
}

function plan(client: Client, machine: Machine, name: string, edit: (text: string) => string): Change {
  const file = client.file(machine);
  const before = readIfThere(file);
  try {
    const entry = readEntry(client, before ?? '', name);
    if (entry !== undefined && !/nextcloud-files-mcp|[/\\\\]dist[/\\\\]main\.js/.test(entry))
      throw new AppError('config', `${JSON.stringify(name)} is the name of another server in that file`, {
        hint: 'Choose another name with --name.',
      });
    return { file, before, after: edit(before ?? '') };
  } catch (error) {
    throw isAppError(error) ? error.restate(`${file}: ${error.message}`) : error;
  }
}

function readEntry(client: Client, text: string, name: string): string | undefined {
  if (client.format === 'toml') return readTomlEntry(text, client.key, name);
  const entry = readJsonEntry(text, client.key, name);
  return entry && JSON.stringify(entry);
}

/**
 * Makes the planned change, after copying the file to a backup beside it. A file that goes as a whole needs none:
 * `install` makes the same again.
 *
 * @returns the path of the backup; undefined if there is none
 * @throws AppError `conflict` when the file has changed since the plan was made
 */
export async function applyChange({ file, before, after }: Change, now: Date): Promise<string | undefined> {
  if (after === undefined) {
    assertUnchanged(file, before);
    rmSync(file, { force: true });
    return undefined;
  }
  mkdirSync(dirname(file), { recursive: true });
  // A symbolic link, as people use for their dot files, stays one.
  const real = existsSync(file) ? realpathSync(file) : file;
  const mode = before === undefined ? 0o600 : statSync(real).mode & 0o777;
  const stamp = now.toISOString().replace(/\D/g, '').slice(0, 14);
  const copy = before === undefined ? undefined : `${file}.${stamp}.backup`;
  if (copy !== undefined) copyFileSync(real, copy);
  assertUnchanged(file, before);
  await writeFileAtomically(real, after, { mode });
  return copy;
}

function assertUnchanged(file: string, before: string | undefined): void {
  if (readIfThere(file) === before) return;
  throw new AppError('conflict', `${file} was changed by another program in the meantime`, {
    hint: 'Close the assistant, then run the same command again.',
  });
}

function readIfThere(file: string): string | undefined {
  try {
    return readPlainFileSync(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new AppError('config', `${file} cannot be read`, { cause: error });
  }
}

/** The lines that differ, without context: the lines around them may be secrets of other servers. */
export function difference({ before = '', after = '' }: Change): string[] {
  const old = before.split(/\r?\n/);
  const fresh = after.split(/\r?\n/);
  let start = 0;
  while (start < Math.min(old.length, fresh.length) && old[start] === fresh[start]) start++;
  let end = 0;
  while (end < Math.min(old.length, fresh.length) - start && old.at(-1 - end) === fresh.at(-1 - end)) end++;
  return [
    ...old.slice(start, old.length - end).map((line) => `- ${line}`),
    ...fresh.slice(start, fresh.length - end).map((line) => `+ ${line}`),
  ].filter((line) => line.length > 2);
}
