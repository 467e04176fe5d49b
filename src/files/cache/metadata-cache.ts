import { LRUCache } from 'lru-cache';
import { noMeter } from '../../meter.ts';
import type { Meter } from '../../meter.ts';
import type { FoundResources } from '../../nextcloud/dav/found-resources.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import { parentOf, ROOT, within } from '../../path.ts';
import type { RemotePath } from '../../path.ts';
import { FolderTree } from './folder-tree.ts';
import type { Level, Levels } from './folder-tree.ts';
import { RequestCoalescer } from './request-coalescer.ts';

/** For this long a listing is answered as it is, which is within one turn of an assistant; later its etag is compared. */
const FRESH_MS = 5000;
const MAX_RESOURCES = 5000;
const MAX_SEARCHES = 200;
const MAX_SEARCH_BYTES = 16 * 1024 * 1024;
/** Estimate of what an entry of a search takes. */
const ENTRY_BYTES = 400;

export interface MetadataCacheOptions {
  /** Seconds until a listing or a search is dropped; 0 keeps none. */
  readonly listingSeconds: number;
  readonly searchSeconds: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly meter?: Meter;
}

/**
 * The properties, listings and searches of one account that this process has seen. They are held in memory
 * only. A change that the process makes itself drops what it touches at once.
 */
export class MetadataCache {
  readonly #searches: LRUCache<string, FoundResources>;
  readonly #resources: LRUCache<RemotePath, Resource>;
  readonly tree: FolderTree;
  /** Requests for listings and searches that have not been answered yet. */
  readonly listings = new RequestCoalescer<Levels>();
  readonly searches = new RequestCoalescer<FoundResources>();
  readonly #options: MetadataCacheOptions;
  readonly #meter: Meter;
  readonly now: () => number;
  #changes = 0;

  constructor(options: MetadataCacheOptions) {
    this.#options = options;
    this.now = options.now;
    this.#meter = options.meter ?? noMeter;
    this.tree = new FolderTree(options.listingSeconds);
    this.#searches = new LRUCache({
      max: MAX_SEARCHES,
      maxSize: MAX_SEARCH_BYTES,
      sizeCalculation: ({ resources }) => Math.max(1, resources.length * ENTRY_BYTES),
      ttl: Math.max(1, options.searchSeconds * 1000),
    });
    this.#resources = new LRUCache({ max: MAX_RESOURCES, ttl: FRESH_MS });
  }

  /** Rises with each own change, so that the answer to a request from before a change is not kept after it. */
  get changes(): number {
    return this.#changes;
  }

  /** What was seen of a folder, however old. */
  level(folder: RemotePath): Level | undefined {
    const level = this.tree.level(folder);
    this.#meter.cache('listing', level !== undefined);
    return level;
  }

  isFresh(level: Level): boolean {
    return this.now() - level.provedAt < FRESH_MS;
  }

  /** @param askedAt when the levels were requested, milliseconds since 1970 */
  putLevels(levels: Levels, askedAt: number): void {
    if (this.#options.listingSeconds === 0) return;
    for (const level of levels.values()) level.provedAt = askedAt;
    this.tree.put(levels);
  }

  search(key: string): FoundResources | undefined {
    if (this.#options.searchSeconds === 0) return undefined;
    const found = this.#searches.get(key);
    this.#meter.cache('search', found !== undefined);
    return found;
  }

  /** @param asOf `changes` when the search was requested */
  putSearch(key: string, found: FoundResources, asOf: number): void {
    if (this.#options.searchSeconds > 0 && asOf === this.#changes) this.#searches.set(key, found);
  }

  /** A resource, if it was seen within the last seconds. */
  getFresh(path: RemotePath): Resource | undefined {
    const resource = this.#resources.get(path);
    if (resource) return resource;
    const level = this.tree.level(parentOf(path));
    if (!level || !this.isFresh(level)) return undefined;
    return path === ROOT ? level.self : level.children.find((child) => child.path === path);
  }

  /** A resource, however long ago it was seen. Its file id is still right: Nextcloud never gives one twice. */
  get(path: RemotePath): Resource | undefined {
    const listed = this.tree.level(parentOf(path))?.children;
    return this.#resources.get(path) ?? listed?.find((resource) => resource.path === path);
  }

  /** @param asOf `changes` when the resource was requested */
  put(resource: Resource, asOf: number): void {
    if (this.#options.listingSeconds > 0 && asOf === this.#changes)
      this.#resources.set(resource.path, resource);
  }

  /** Drops what a change at these paths may have made wrong: them, what is below and the folders above. */
  changed(...paths: RemotePath[]): void {
    this.#changes++;
    this.#searches.clear();
    for (const path of paths) this.tree.changed(path);
    // A copy of the keys: reading an entry makes it the newest, and an open iteration would not end.
    const keys = [...this.#resources.keys()];
    for (const key of keys)
      if (paths.some((path) => within(path, key) || within(key, path))) this.#resources.delete(key);
  }
}
