import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

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
}

/** All that is below a folder, parents first. Links are not followed. */
export async function walk(root: string): Promise<LocalTree> {
  const folders: string[][] = [];
  const files: LocalFile[] = [];
  const skipped: string[] = [];
  for (const queue: string[][] = [[]]; queue.length > 0;) {
    const names = queue.shift() ?? [];
    const entries = await readdir(join(root, ...names), { withFileTypes: true });
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const below = [...names, entry.name];
      const path = join(root, ...below);
      if (entry.isDirectory()) {
        folders.push(below);
        queue.push(below);
      } else if (entry.isFile()) {
        const { size, mtimeMs } = await lstat(path);
        files.push({ names: below, path, size, modified: mtimeMs });
      } else skipped.push(path);
    }
  }
  return { folders, files, skipped };
}
