import { LRUCache } from 'lru-cache';
import { MemoryStore } from '../cache/memory.ts';
import type { Store } from '../cache/store.ts';
import type { Account } from '../nextcloud/account.ts';
import { readCapabilities } from '../nextcloud/capabilities.ts';
import type { Capabilities } from '../nextcloud/capabilities.ts';
import type { Found } from '../nextcloud/dav.ts';
import type { Resource } from '../nextcloud/resource.ts';
import { LineMarks } from './line-marks.ts';
import { parentOf, within } from '../path.ts';
import { Queue } from './queue.ts';
import type { RemotePath } from '../path.ts';

/** Within one turn of an assistant a listing is served as it is; later it is proved by its etag. */
const FRESH_MS = 5000;
const CAPABILITIES_MS = 10 * 60 * 1000;
const ENTRY_BYTES = 400;

export interface Listing {
  readonly found: Found;
  /** When it was last known to be true, milliseconds since 1970. */
  provedAt: number;
}

interface Known {
  readonly resource: Resource;
  readonly at: number;
}

export interface MemoryOptions {
  readonly listingSeconds: number;
  readonly searchSeconds: number;
  readonly now: () => number;
}

/** What the service remembers of one account's files. Own changes are forgotten here at once. */
export class Memory {
  readonly #listings: Store<Listing>;
  readonly #searches: Store<Found>;
  readonly #known: Store<Known>;
  readonly #lineMarks = new LRUCache<string, LineMarks>({ max: 100 });
  readonly #options: MemoryOptions;
  readonly now: () => number;
  /** Changes of one file come one after the other. */
  readonly queue = new Queue();
  /** When each name was last put into the trash, in milliseconds since 1970. */
  readonly deletions = new LRUCache<string, number>({ max: 1000 });
  /** Rises with each own change, so that what was asked before a change is not remembered after it. */
  #changes = 0;
  #capabilities: { readonly value: Promise<Capabilities>; readonly at: number } | undefined;

  constructor(options: MemoryOptions) {
    this.#options = options;
    this.now = options.now;
    const bytes = (found: Found): number => found.resources.length * ENTRY_BYTES;
    this.#listings = new MemoryStore({
      maxEntries: 2000,
      maxBytes: 64 * 1024 * 1024,
      seconds: options.listingSeconds,
      sizeOf: (listing) => bytes(listing.found),
    });
    this.#searches = new MemoryStore({
      maxEntries: 200,
      maxBytes: 16 * 1024 * 1024,
      seconds: options.searchSeconds,
      sizeOf: bytes,
    });
    this.#known = new MemoryStore({
      maxEntries: 5000,
      maxBytes: 5000,
      seconds: FRESH_MS / 1000,
      sizeOf: () => 1,
    });
  }

  /** What the server can do, asked once in a while. */
  async capabilities(account: Account): Promise<Capabilities> {
    const kept = this.#capabilities;
    if (kept && this.now() - kept.at < CAPABILITIES_MS) return kept.value;
    const value = readCapabilities(account);
    this.#capabilities = { value, at: this.now() };
    value.catch(() => (this.#capabilities = undefined));
    return value;
  }

  get changes(): number {
    return this.#changes;
  }

  listing(path: RemotePath, depth: number): Listing | undefined {
    return this.#options.listingSeconds === 0 ? undefined : this.#listings.get(`${depth} ${path}`);
  }

  isFresh(listing: Listing): boolean {
    return this.now() - listing.provedAt < FRESH_MS;
  }

  keepListing(path: RemotePath, depth: number, found: Found, asOf: number): void {
    if (this.#options.listingSeconds === 0 || asOf !== this.#changes) return;
    this.#listings.set(`${depth} ${path}`, { found, provedAt: this.now() });
  }

  search(key: string): Found | undefined {
    return this.#options.searchSeconds === 0 ? undefined : this.#searches.get(key);
  }

  keepSearch(key: string, found: Found, asOf: number): void {
    if (this.#options.searchSeconds > 0 && asOf === this.#changes) this.#searches.set(key, found);
  }

  /** What was seen of a path within the last seconds. */
  glance(path: RemotePath): Resource | undefined {
    const known = this.#known.get(path);
    if (known) return known.resource;
    const parent = this.listing(parentOf(path), 1);
    if (!parent || !this.isFresh(parent)) return undefined;
    return parent.found.resources.find((resource) => resource.path === path);
  }

  /** Where a path was seen at all, how long ago does not matter: a file id is never given twice. */
  recall(path: RemotePath): Resource | undefined {
    const listed = this.listing(parentOf(path), 1)?.found.resources;
    return this.#known.get(path)?.resource ?? listed?.find((resource) => resource.path === path);
  }

  keepGlance(resource: Resource, asOf: number): void {
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
    for (const key of this.#listings.keys()) {
      const folder = key.slice(key.indexOf(' ') + 1) as RemotePath;
      if (paths.some((path) => within(path, folder) || within(folder, path))) this.#listings.delete(key);
    }
    for (const key of this.#known.keys())
      if (paths.some((path) => within(path, key as RemotePath) || within(key as RemotePath, path)))
        this.#known.delete(key);
  }
}
