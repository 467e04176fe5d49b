import { LRUCache } from 'lru-cache';
import type { Document, DocumentPool } from '../../documents/index.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import type { RemotePath } from '../../path.ts';

const MAX_BYTES = 128 * 1024 * 1024;
const MAX_DOCUMENTS = 8;
const KEEP_MS = 10 * 60 * 1000;

/** Open documents of one account, so that the next page takes no second download. They are held in memory only. */
export class DocumentCache {
  readonly pool: DocumentPool;
  readonly #open = new LRUCache<string, Document & Kept>({
    max: MAX_DOCUMENTS,
    maxSize: MAX_BYTES,
    sizeCalculation: ({ bytes }) => Math.max(1, bytes),
    ttl: KEEP_MS,
    dispose: (document) => {
      document.close().catch(() => undefined);
    },
  });

  /** @param pool reads the documents of this account, in threads that all accounts share; it keeps none but the open ones */
  constructor(pool: DocumentPool) {
    this.pool = pool;
  }

  /** Whether some version of it was read before. */
  holds(path: RemotePath): boolean {
    return [...this.#open.values()].some((document) => document.path === path);
  }

  /** The same version of a file, read before. By path, etag and size, because an etag alone can repeat. */
  find(file: Resource, entry: string | undefined): Document | undefined {
    return this.#open.get(keyOf(file, entry));
  }

  keep(file: Resource, entry: string | undefined, document: Document): void {
    this.#open.set(keyOf(file, entry), Object.assign(document, { path: file.path, bytes: file.size ?? 0 }));
  }

  close(): void {
    this.#open.clear();
  }
}

interface Kept {
  readonly path: RemotePath;
  readonly bytes: number;
}

function keyOf({ path, etag, size }: Resource, entry: string | undefined): string {
  return JSON.stringify([path, etag, size, entry]);
}
