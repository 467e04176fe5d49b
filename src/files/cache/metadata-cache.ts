import { LRUCache } from 'lru-cache';
import { MemoryStore } from './memory-store.ts';
import type { Store } from './store.ts';
import type { Account } from '../../nextcloud/account.ts';
import { readCapabilities } from '../../nextcloud/apps/capabilities.ts';
import type { Capabilities } from '../../nextcloud/apps/capabilities.ts';
import type { FoundResources } from '../../nextcloud/dav/dav.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import { RequestCoalescer } from './request-coalescer.ts';
import { LineMarks } from './line-marks.ts';
import { noMeter } from '../../meter.ts';
import type { Meter } from '../../meter.ts';
import { parentOf, ROOT, within } from '../../path.ts';
import { Queue } from './queue.ts';
import type { RemotePath } from '../../path.ts';
import { FolderTree } from './folder-tree.ts';
import type { Level, Levels } from './folder-tree.ts';

/** Within one turn of an assistant a listing is served as it is; later it is proved by its etag. */
const FRESH_MS = 5000;
/** Apps are rarely switched on and off. */
const CAPABILITIES_MS = 60 * 60 * 1000;
const ENTRY_BYTES = 400;

interface Known {
  readonly resource: Resource;
  readonly at: number;
}

export interface MetadataCacheOptions {
  readonly listingSeconds: number;
  readonly searchSeconds: number;
  readonly now: () => number;
  readonly meter?: Meter;
}

/** What the service remembers of one account's files. Own changes are forgotten here at once. */
export class MetadataCache {
  readonly #searches: Store<FoundResources>;
  readonly #known: Store<Known>;
  readonly tree: FolderTree;
  /** Listings and searches that are under way. */
  readonly listings = new RequestCoalescer<Levels>();
  readonly searches = new RequestCoalescer<FoundResources>();
  readonly #lineMarks = new LRUCache<string, LineMarks>({ max: 100 });
  readonly #options: MetadataCacheOptions;
  readonly #meter: Meter;
  readonly now: () => number;
  /** Changes of one file come one after the other. */
  readonly queue = new Queue();
  /** When each name was last put into the trash, in milliseconds since 1970. */
  readonly deletions = new LRUCache<string, number>({ max: 1000 });
  /** Rises with each own change, so that what was asked before a change is not remembered after it. */
  #changes = 0;
  #capabilities: { readonly value: Capabilities; readonly at: number } | undefined;
  readonly #asking = new RequestCoalescer<Capabilities>();

  constructor(options: MetadataCacheOptions) {
    this.#options = options;
    this.now = options.now;
    this.#meter = options.meter ?? noMeter;
    this.tree = new FolderTree(options.listingSeconds);
    this.#searches = new MemoryStore({
      maxEntries: 200,
      maxBytes: 16 * 1024 * 1024,
      seconds: options.searchSeconds,
      sizeOf: (found) => found.resources.length * ENTRY_BYTES,
    });
    this.#known = new MemoryStore({
      maxEntries: 5000,
      maxBytes: 5000,
      seconds: FRESH_MS / 1000,
      sizeOf: () => 1,
    });
  }

  /** What the server can do, asked once in a while. */
  async capabilities(account: Account, signal?: AbortSignal): Promise<Capabilities> {
    const kept = this.#capabilities;
    if (kept && this.now() - kept.at < CAPABILITIES_MS) return kept.value;
    return this.learnCapabilities(account, signal);
  }

  /** The same, asked in any case. */
  async learnCapabilities(account: Account, signal?: AbortSignal): Promise<Capabilities> {
    const value = await this.#asking.join('', signal, async (ended) => readCapabilities(account, ended));
    this.#capabilities = { value, at: this.now() };
    return value;
  }

  get changes(): number {
    return this.#changes;
  }

  /** What is remembered of a folder, however old. */
  level(folder: RemotePath): Level | undefined {
    const level = this.tree.level(folder);
    this.#meter.cache('listing', level !== undefined);
    return level;
  }

  isFresh(level: Level): boolean {
    return this.now() - level.provedAt < FRESH_MS;
  }

  /** @param now when they were asked for */
  keepLevels(levels: Levels, now: number): void {
    if (this.#options.listingSeconds === 0) return;
    for (const level of levels.values()) level.provedAt = now;
    this.tree.keep(levels);
  }

  search(key: string): FoundResources | undefined {
    if (this.#options.searchSeconds === 0) return undefined;
    const found = this.#searches.get(key);
    this.#meter.cache('search', found !== undefined);
    return found;
  }

  keepSearch(key: string, found: FoundResources, asOf: number): void {
    if (this.#options.searchSeconds > 0 && asOf === this.#changes) this.#searches.set(key, found);
  }

  /** What was seen of a path within the last seconds. */
  getFresh(path: RemotePath): Resource | undefined {
    const known = this.#known.get(path);
    if (known) return known.resource;
    const level = this.tree.level(parentOf(path));
    if (!level || !this.isFresh(level)) return undefined;
    return path === ROOT ? level.self : level.children.find((child) => child.path === path);
  }

  /** Where a path was seen at all, how long ago does not matter: a file id is never given twice. */
  get(path: RemotePath): Resource | undefined {
    const listed = this.tree.level(parentOf(path))?.children;
    return this.#known.get(path)?.resource ?? listed?.find((resource) => resource.path === path);
  }

  put(resource: Resource, asOf: number): void {
    if (this.#options.listingSeconds > 0 && asOf === this.#changes)
      this.#known.set(resource.path, { resource, at: this.now() });
  }

  /** By file id, etag and size, because an etag alone can repeat. */
  lineMarks(file: Resource): LineMarks {
    const key = `${file.fileId ?? file.path} ${file.etag ?? ''} ${file.size ?? ''}`;
    const marks = this.#lineMarks.get(key) ?? new LineMarks();
    this.#lineMarks.set(key, marks);
    return marks;
  }

  /** Forgets all that a change at these paths may have made untrue: them, what is below and what is above. */
  changed(...paths: RemotePath[]): void {
    this.#changes++;
    this.#searches.clear();
    for (const path of paths) this.tree.changed(path);
    for (const key of this.#known.keys())
      if (paths.some((path) => within(path, key as RemotePath) || within(key as RemotePath, path)))
        this.#known.delete(key);
  }
}
