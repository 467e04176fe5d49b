import { LRUCache } from 'lru-cache';
import type { FoundResources } from '../../nextcloud/dav/found-resources.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import { parentOf, segments, within } from '../../path.ts';
import type { RemotePath } from '../../path.ts';
import { eachInSlices, nextSlice, sliceIsOver } from '../../time-slices.ts';
import { sortSiblings } from '../entry/order.ts';

/** One folder and what is directly in it, by name. */
export interface Level {
  readonly self: Resource;
  readonly children: readonly Resource[];
  /** Names of entries that were left out because no path can name them. */
  readonly odd: readonly string[];
  /** When it was last known to be right, milliseconds since 1970; `NEVER` after an own change below. */
  provedAt: number;
}

export type Levels = Map<RemotePath, Level>;

/** The `provedAt` of a level that is known to be out of date. */
export const NEVER = -Infinity;

const MAX_FOLDERS = 20_000;
const MAX_BYTES = 64 * 1024 * 1024;
/** Estimates of what a level and each of its entries take. */
const LEVEL_BYTES = 600;
const ENTRY_BYTES = 350;

/**
 * The folders that were listed, one level each. A level is right as long as its folder has the file id and
 * the etag with which it was listed. Nextcloud changes the etag of every folder above a change, so the etag
 * of a folder proves all levels below it that match each other.
 */
export class FolderTree {
  readonly #levels: LRUCache<RemotePath, Level>;

  /** @param seconds without use after which a level is dropped */
  constructor(seconds: number) {
    this.#levels = new LRUCache({
      max: MAX_FOLDERS,
      maxSize: MAX_BYTES,
      sizeCalculation: ({ children }) =>
        children.reduce((bytes, { path }) => bytes + ENTRY_BYTES + path.length, LEVEL_BYTES),
      ttl: Math.max(1, seconds * 1000),
      updateAgeOnGet: true, // an etag proves a level however old it is
    });
  }

  level(folder: RemotePath): Level | undefined {
    return this.#levels.get(folder);
  }

  put(levels: Levels): void {
    for (const [folder, level] of levels) if (this.level(folder) !== level) this.#levels.set(folder, level);
  }

  /** After an own change: drops what was there and the folder it is in; the folders above have to be proved again. */
  changed(path: RemotePath): void {
    // A copy of the keys: reading an entry makes it the newest, and an open iteration would not end.
    const folders = [...this.#levels.keys()];
    for (const folder of folders) {
      if (within(folder, path) || folder === parentOf(path)) this.#levels.delete(folder);
      else if (within(path, folder)) {
        const above = this.level(folder);
        if (above) above.provedAt = NEVER;
      }
    }
  }

  /**
   * Adds the levels of a folder down to a depth to `into`.
   *
   * @param folder what its parent, or the server, says of it now
   * @returns false if a level is missing or does not match; then `into` may hold a part of them
   */
  take(folder: Resource, depth: number, into: Levels): boolean {
    const level = this.level(folder.path);
    if (!level || !isSame(level.self, folder)) return false;
    into.set(folder.path, level);
    return depth === 1 || level.children.every((child) => !child.folder || this.take(child, depth - 1, into));
  }

  /** The number of entries that are known down to this depth, whether or not they are still right. */
  size(folder: RemotePath, depth: number): number {
    const level = this.level(folder);
    if (!level) return 0;
    const deeper = depth === 1 ? [] : subfoldersOf(level);
    return deeper.reduce((sum, child) => sum + this.size(child.path, depth - 1), level.children.length);
  }
}

/** A level for each folder whose contents the answer to a PROPFIND has. */
export async function toLevels(
  { resources, odd }: FoundResources,
  depth: number,
  now: number,
  signal?: AbortSignal,
): Promise<Levels> {
  const levels: Levels = new Map();
  const contents = new Map<RemotePath, { self: Resource; children: Resource[]; odd: string[] }>();
  const [top] = resources;
  const base = top ? segments(top.path).length : 0;
  await eachInSlices(
    resources,
    (resource) => {
      if (resource !== top) contents.get(parentOf(resource.path))?.children.push(resource);
      if (resource.folder && (depth === 1 ? resource === top : segments(resource.path).length - base < depth))
        contents.set(resource.path, { self: resource, children: [], odd: [] });
    },
    signal,
  );
  await eachInSlices(odd, ({ folder, name }) => contents.get(folder)?.odd.push(name), signal);
  for (const [path, { children, ...rest }] of contents) {
    const sorted = children.length > 1 ? await sortSiblings(children, signal) : children;
    levels.set(path, { ...rest, children: sorted, provedAt: now });
    if (sliceIsOver()) await nextSlice(signal);
  }
  return levels;
}

/** Folders stand before files in a level. */
export function subfoldersOf({ children }: Level): readonly Resource[] {
  const files = children.findIndex((child) => !child.folder);
  return files === -1 ? children : children.slice(0, files);
}

// A copy has the etag of its source, but an id of its own.
function isSame(a: Resource, b: Resource): boolean {
  return a.etag !== undefined && a.etag === b.etag && a.fileId === b.fileId;
}
