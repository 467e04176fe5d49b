import { AppError, isAppError } from '../../errors.ts';
import { nextSlice, sliceIsOver } from '../../time-slices.ts';
import { davSearch as ask } from '../../nextcloud/dav/search.ts';
import { searchBody } from '../../nextcloud/dav/search-query.ts';
import type { SearchQuery } from '../../nextcloud/dav/search-query.ts';
import type { FoundResources } from '../../nextcloud/dav/found-resources.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import { cursorMark } from '../entry/cursor-bytes.ts';
import type { Cursor } from '../entry/cursor-bytes.ts';
import type { Call } from '../context/call.ts';
import type { OddName } from '../context/left-out.ts';
import { missing } from '../context/stat.ts';
import type { StatParts } from '../context/stat.ts';

type PagedQuery = Omit<SearchQuery, 'limit' | 'offset'>;

export interface SearchHit {
  readonly resource: Resource;
  /** Its 1-based place among the server's hits. */
  readonly at: number;
}

export interface SearchHits {
  readonly hits: readonly SearchHit[];
  /** A hash of the first hit of the server, which may be outside the policy. */
  readonly first: string | undefined;
  /** The number of hits that the server returned. */
  readonly returned: number;
  /** The offset of the server's next hit; undefined if there is none. */
  readonly next: number | undefined;
  /** The hits have changed since the previous page. */
  readonly changed: boolean;
  /** The server has more hits but does not return them. */
  readonly stuck: boolean;
  /** Hits that no path can name. */
  readonly odd: readonly OddName[];
}

/** The most requests of one call to fill a page, if the server returns hits that are not accepted. */
const MAX_ROUNDS = 20;
/** The searched folder itself takes a place and is then left out, so a place may be off by one. */
const OVERLAP = 2;

export interface PagerOptions {
  readonly from: Cursor | undefined;
  /** Accepted hits of one page. */
  readonly count: number;
  /** Hits to ask for at once, if more than a page. */
  readonly round: number;
  readonly accepts: (resource: Resource) => boolean;
}

/** The server's hits after a cursor, until more than `count` are accepted or there are no more. */
export async function collectSearchHits(
  parts: StatParts,
  conditions: PagedQuery,
  { from, count, round, accepts }: PagerOptions,
  call: Call,
): Promise<SearchHits> {
  const source = new HitSource(parts, conditions, from?.mark, call);
  const overlap = from ? Math.min(OVERLAP, from.offset) : 0;
  const limit = Math.max(round, Number.isFinite(count) ? count + 2 + overlap : 0);
  const seen = new Set<string>();
  const hits: SearchHit[] = [];
  let offset = (from?.offset ?? 0) - overlap;
  let [more, changed, returned] = [true, false, 0];
  for (let request = 0; request < MAX_ROUNDS && more && hits.length <= count; request++) {
    const block = await source.block(offset, limit);
    let skip = 0;
    if (request === 0 && from?.last) {
      const place = block.findIndex(({ path }) => path === from.last?.path);
      changed = place === -1 || place > overlap;
      skip = place === -1 ? overlap : place + 1;
    }
    for (const [index, resource] of block.entries()) {
      if (index < skip || seen.has(resource.path)) continue;
      seen.add(resource.path);
      if (accepts(resource)) hits.push({ resource, at: offset + index + 1 });
      if (sliceIsOver()) await nextSlice(call.signal);
    }
    returned += block.length - skip;
    offset += block.length;
    more = block.length >= limit - 1 || isCapped(block.length);
  }
  return {
    hits,
    first: source.first,
    returned,
    next: more ? offset : undefined,
    changed,
    stuck: source.stuck,
    odd: source.odd,
  };
}

/**
 * Fewer hits than requested are either the last ones or the limit of the server. A limit is a round number, and the
 * searched folder itself may be missing from it; then one more request tells.
 */
function isCapped(count: number): boolean {
  return count > 0 && (count % 25 === 0 || count % 25 === 24);
}

function hashOfFirst([first]: readonly Resource[]): string | undefined {
  return first && cursorMark(first.path);
}

/** The hits of the server by offset. Some servers ignore `firstresult` and start from the first hit each time. */
class HitSource {
  first: string | undefined;
  stuck = false;
  readonly odd: OddName[] = [];
  readonly #oddKeys = new Set<string>();
  readonly #parts: StatParts;
  readonly #conditions: PagedQuery;
  readonly #call: Call;
  #honorsOffset = true;

  constructor(parts: StatParts, conditions: PagedQuery, first: string | undefined, call: Call) {
    this.#parts = parts;
    this.#conditions = conditions;
    this.first = first;
    this.#call = call;
  }

  async block(offset: number, limit: number): Promise<readonly Resource[]> {
    if (this.#honorsOffset && offset > 0) {
      const block = await this.#ask(offset, limit);
      if (block.length === 0 || hashOfFirst(block) !== this.first) return block;
      this.#honorsOffset = false;
    }
    const all = await this.#ask(0, offset + limit);
    this.first ??= hashOfFirst(all);
    this.stuck = offset > 0 && all.length <= offset && isCapped(all.length);
    return all.slice(offset);
  }

  #take({ resources, odd }: FoundResources): readonly Resource[] {
    for (const entry of odd) {
      const key = `${entry.folder}/${entry.name}`;
      if (!this.#oddKeys.has(key)) this.odd.push(entry);
      this.#oddKeys.add(key);
    }
    return resources;
  }

  async #ask(offset: number, limit: number): Promise<readonly Resource[]> {
    const { account, metadata } = this.#parts;
    const query = { ...this.#conditions, limit, offset };
    const key = JSON.stringify(query);
    const cached = metadata.search(key);
    if (cached) return this.#take(cached);
    const asOf = metadata.changes;
    try {
      const found = await metadata.searches.join(`${asOf} ${key}`, this.#call.signal, async (signal) =>
        ask(account, (userId) => searchBody(query, userId), { signal }),
      );
      metadata.putSearch(key, found, asOf);
      return this.#take(found);
    } catch (error) {
      throw explain(error, query);
    }
  }
}

function explain(error: unknown, { folder, mime }: PagedQuery): unknown {
  if (!isAppError(error)) return error;
  if (error.code === 'not_found') return missing(folder, error);
  if (error.status === 500 && /only supported on directories/i.test(error.message))
    return new AppError('invalid_input', `${folder} is not a folder to search in`, {
      hint: 'Name a folder.',
      cause: error,
    });
  if (error.status === 500 && mime !== undefined)
    return error.restate(error.message, {
      hint: 'A type is a full one such as application/pdf, or a family such as image/*.',
    });
  return error;
}
