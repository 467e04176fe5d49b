import { isUtf8 } from 'node:buffer';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AppError } from '../../errors.ts';
import { HeldFolder } from './held-folder.ts';
import { localError, throwLocalError } from './local-error.ts';

export interface LocalFile {
  /** Names below the folder that was walked. */
  readonly names: readonly string[];
  readonly path: string;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

export interface LocalTree {
  readonly folders: readonly (readonly string[])[];
  readonly files: readonly LocalFile[];
  /** Links, devices and the like, which are left out. */
  readonly skipped: readonly string[];
  /** What this computer does not give out. */
  readonly failed: readonly { readonly path: string; readonly error: AppError }[];
}

/**
 * All that is below a folder, parents first. Links are not followed. What cannot be read, or went meanwhile, is
 * told and stops nothing else.
 *
 * @throws AppError when the folder itself cannot be read
 */
export async function walk(root: string): Promise<LocalTree> {
  const folders: string[][] = [];
  const files: LocalFile[] = [];
  const skipped: string[] = [];
  const failed: { path: string; error: AppError }[] = [];
  for (const queue: string[][] = [[]]; queue.length > 0;) {
    const names = queue.shift() ?? [];
    const folder = join(root, ...names);
    let held: HeldFolder | undefined;
    try {
      held = await HeldFolder.open(folder);
      const entries = await readdir(held.at('.'), { withFileTypes: true, encoding: 'buffer' });
      await held.assertInPlace();
      if (names.length > 0) folders.push(names);
      for (const entry of entries.toSorted((a, b) => Buffer.compare(a.name, b.name))) {
        const below = [...names, entry.name.toString()];
        const path = join(root, ...below);
        // Under the name that it becomes as text, the file would not be found again.
        if (!isUtf8(entry.name)) failed.push({ path, error: unreadable(path) });
        else if (entry.isDirectory()) queue.push(below);
        else if (!entry.isFile()) skipped.push(path);
        else
          try {
            const { size, mtimeMs } = await lstat(held.at(entry.name.toString()));
            files.push({ names: below, path, size, modified: mtimeMs });
          } catch (cause) {
            failed.push({ path, error: localError(cause, path, 'read') });
          }
      }
    } catch (cause) {
      const error = localError(cause, folder, 'read');
      if (names.length === 0) throw error;
      failed.push({ path: folder, error });
    } finally {
      await held?.close();
    }
  }
  return { folders, files, skipped, failed };
}

function unreadable(path: string): AppError {
  return throwLocalError(path, 'has a name that is not valid UTF-8', 'Rename it.');
}
