import { createHash } from 'node:crypto';
import { AppError, isAppError } from '../../errors.ts';
import { davSearch as ask } from '../../nextcloud/dav/search.ts';
import { searchBody } from '../../nextcloud/dav/search-query.ts';
import type { SearchQuery } from '../../nextcloud/dav/search-query.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import type { Cursor } from '../entry/cursor.ts';
import type { Call } from '../context/call.ts';
import { missing } from '../context/stat.ts';
import type { StatParts } from '../context/stat.ts';

type Question = Omit<SearchQuery, 'limit' | 'offset'>;

export interface SearchHit {
  readonly resource: Resource;
  /** How many of the server's hits end with it. */
  readonly at: number;
}

export interface SearchHits {
  readonly hits: readonly SearchHit[];
  /** Stands for the very first hit that the server has, which may be out of bounds. */
  readonly first: string | undefined;
  /** Hits that the server handed out. */
  readonly looked: number;
  /** Where the server's next hit is; undefined when there is none. */
  readonly next: number | undefined;
  /** The hits changed since the page before. */
  readonly changed: boolean;
  /** The server has more hits and no way to get at them. */
  readonly stuck: boolean;
}

/** Requests that one call may make to fill a page with hits that the server cannot tell from others. */
const MAX_ROUNDS = 20;
/** The searched folder itself takes a place and is then left out, so places are known up to one. */
const OVERLAP = 2;

export interface PagerOptions {
  readonly from: Cursor | undefined;
  /** Accepted hits of one page. */
  readonly count: number;
  /** Hits to ask for at once, if more than a page. */
  readonly round: number;
  readonly accepts: (resource: Resource) => boolean;
}

/** The server's hits from a cursor on, until more than `count` are accepted or there are no more. */
export async function collectSearchHits(
  parts: StatParts,
  question: Question,
  { from, count, round, accepts }: PagerOptions,
  call: Call,
): Promise<SearchHits> {
  const source = new Source(parts, question, from?.first, call);
  const overlap = from ? Math.min(OVERLAP, from.offset) : 0;
  const limit = Math.max(round, count + 2 + overlap);
  const seen = new Set<string>();
  const hits: SearchHit[] = [];
  let offset = (from?.offset ?? 0) - overlap;
  let [more, changed, looked] = [true, false, 0];
  for (let turn = 0; turn < MAX_ROUNDS && more && hits.length <= count; turn++) {
    const block = await source.block(offset, limit);
    let skip = 0;
    if (turn === 0 && from?.last) {
      const place = block.findIndex(({ path }) => path === from.last?.path);
      changed = place === -1 || place > overlap;
      skip = place === -1 ? overlap : place + 1;
    }
    for (const [index, resource] of block.entries()) {
      if (index < skip || seen.has(resource.path)) continue;
      seen.add(resource.path);
      if (accepts(resource)) hits.push({ resource, at: offset + index + 1 });
    }
    looked += block.length - skip;
    offset += block.length;
    more = block.length >= limit - 1 || isCapped(block.length);
  }
  return { hits, first: source.first, looked, next: more ? offset : undefined, changed, stuck: source.stuck };
}

/**
 * Fewer hits than asked for are the last ones, or all that a server hands out at once. That is a round
 * number, from which the searched folder may be missing; then one more request tells.
 */
function isCapped(count: number): boolean {
  return count > 0 && (count % 25 === 0 || count % 25 === 24);
}

function markOf([first]: readonly Resource[]): string | undefined {
  return first && createHash('sha256').update(first.path).digest('base64url').slice(0, 12);
}

/** A server's hits by their place. Some servers do not mind `firstresult` and begin anew each time. */
class Source {
  first: string | undefined;
  stuck = false;
  readonly #parts: StatParts;
  readonly #question: Question;
  readonly #call: Call;
  #minds = true;

  constructor(parts: StatParts, question: Question, first: string | undefined, call: Call) {
    this.#parts = parts;
    this.#question = question;
    this.first = first;
    this.#call = call;
  }

  async block(offset: number, limit: number): Promise<readonly Resource[]> {
    if (this.#minds && offset > 0) {
      const block = await this.#ask(offset, limit);
      if (block.length === 0 || markOf(block) !== this.first) return block;
      this.#minds = false;
    }
    const all = await this.#ask(0, offset + limit);
    this.first ??= markOf(all);
    this.stuck = offset > 0 && all.length <= offset && isCapped(all.length);
    return all.slice(offset);
  }

  async #ask(offset: number, limit: number): Promise<readonly Resource[]> {
    const { account, metadata } = this.#parts;
    const query = { ...this.#question, limit, offset };
    const key = JSON.stringify(query);
    const kept = metadata.search(key);
    if (kept) return kept.resources;
    const asOf = metadata.changes;
    try {
      const found = await metadata.searches.join(`${asOf} ${key}`, this.#call.signal, async (signal) =>
        ask(account, (userId) => searchBody(query, userId), { signal }),
      );
      metadata.putSearch(key, found, asOf);
      return found.resources;
    } catch (error) {
      throw explain(error, query);
    }
  }
}

function explain(error: unknown, { folder, mime }: Question): unknown {
  if (!isAppError(error)) return error;
  if (error.code === 'not_found') return missing(folder, error);
  if (error.status === 500 && /only supported on directories/i.test(error.message))
    return new AppError('invalid_input', `${folder} is not a folder to search in`, {
      hint: 'Pass a folder as folder_path.',
      cause: error,
    });
  if (error.status === 500 && mime !== undefined)
    return error.restate(
      error.message,
      'mime_type takes a full type such as application/pdf, or a family such as image/*.',
    );
  return error;
}
