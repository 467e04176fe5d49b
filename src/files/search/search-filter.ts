import type { SearchQuery } from '../../nextcloud/dav/search-query.ts';
import { some } from '../../nextcloud/dav/resource.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import { within } from '../../path.ts';
import type { RemotePath } from '../../path.ts';
import { parseMimeGlob } from './glob.ts';
import { nameFilter } from './name-filter.ts';
import type { NameFilter } from './name-filter.ts';

/** What a search asks for. */
export interface SearchWish {
  readonly query: string;
  readonly folder: RemotePath;
  readonly type: 'all' | 'file' | 'directory';
  readonly mime?: string | undefined;
  readonly minSize?: number | undefined;
  readonly maxSize?: number | undefined;
  /** Milliseconds since 1970, this moment included. */
  readonly after?: number | undefined;
  /** This moment not included. */
  readonly before?: number | undefined;
  readonly favorite: boolean;
  readonly tag?: string | undefined;
  readonly owner?: string | undefined;
}

export type SearchConditions = Omit<SearchQuery, 'limit' | 'offset' | 'sortBy' | 'order'>;

const FOLDER_MIME = 'httpd/unix-directory';

/** A search in two forms: the conditions that the server can evaluate, and the exact check that is made here. */
export class SearchFilter {
  readonly #wish: SearchWish;
  readonly #names: NameFilter;
  readonly #mime: string | undefined;
  readonly #isMime: (mime: string) => boolean;

  /** @param byLook see {@link nameFilter} */
  constructor(wish: SearchWish, byLook = false) {
    this.#wish = wish;
    this.#names = nameFilter(wish.query, wish.folder, byLook);
    this.#mime = wish.mime?.trim().toLowerCase();
    this.#isMime = this.#mime === undefined ? () => true : parseMimeGlob(this.#mime);
  }

  /** The conditions that the server cannot evaluate, in words. */
  get unchecked(): string[] {
    return [
      ...(this.#names.exact ? [] : ['this pattern of a name']),
      ...(this.#mime === undefined || serverMime(this.#mime) === this.#mime
        ? []
        : ['this pattern of a type']),
      ...(this.#wish.owner === undefined ? [] : ['the owner']),
    ];
  }

  /** The conditions for the server. What it finds includes at least all true hits. */
  get conditions(): SearchConditions {
    const { folder, type, minSize, maxSize, after, before, favorite, owner } = this.#wish;
    return {
      folder,
      names: this.#names.likes,
      ...(type === 'all' ? {} : { type }),
      ...some('mime', this.#mime === undefined ? undefined : serverMime(this.#mime)),
      ...some('minSize', minSize),
      ...some('maxSize', maxSize),
      ...some('after', after),
      ...some('before', before),
      favorite,
      withOwner: owner !== undefined,
    };
  }

  /** Checks the name, type and owner of a resource. The server has evaluated the rest. */
  accepts(resource: Resource): boolean {
    const { folder, owner } = this.#wish;
    return (
      resource.path !== folder &&
      within(resource.path, folder) &&
      this.#names.matches(resource.path) &&
      this.#isMime(resource.folder ? FOLDER_MIME : (resource.mime ?? '')) &&
      (owner === undefined || resource.ownerId?.toLowerCase() === owner.toLowerCase())
    );
  }

  /** Checks all conditions, for resources that do not come from a search of the server. */
  acceptsAll(resource: Resource): boolean {
    const { type, minSize = 0, maxSize = Infinity, after = -Infinity, before = Infinity } = this.#wish;
    const { size = 0, modified = 0 } = resource;
    return (
      this.accepts(resource) &&
      (type === 'all' || (type === 'directory') === resource.folder) &&
      size >= minSize &&
      size <= maxSize &&
      modified >= after &&
      modified < before
    );
  }
}

// Nextcloud accepts a full type or `image/*`; of other patterns it gets the family, if there is one.
function serverMime(mime: string): string | undefined {
  if (!/[*?[{]/.test(mime)) return mime;
  const family = /^([^*?[{/]+)\//.exec(mime)?.[1];
  return family === undefined ? undefined : `${family}/*`;
}
