import type { Document } from '../../documents/index.ts';
import { isAppError } from '../../errors.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import type { DocumentCache } from '../cache/document-cache.ts';
import type { Call } from '../context/call.ts';
import type { PolicyParts } from '../context/stat.ts';
import { LineReader } from '../lines/line-reader.ts';
import { LineSplitter } from '../lines/line-splitter.ts';
import { familyByName } from '../read/family.ts';
import { readRange } from '../read/range.ts';
import { MatchCollector } from './matches.ts';
import type { LineTest, Match } from './matches.ts';

const MAX_FILE_BYTES = 10 * 1024 * 1024;
const MAX_BYTES = 64 * 1024 * 1024;
const MAX_MS = 40_000;
/** Parts of one document: pages, slides, rows. */
const MAX_PARTS = 200;
/** A line is tested up to here; the rest of a minified file in one line is not searched. */
const MAX_TESTED_CHARS = 1_000_000;
/** Documents of these families are searched only if they are open already. */
/** Why a document is not searched that has not been opened yet. */
export const UNOPENED = 'documents not read yet';
const unopened: readonly (string | undefined)[] = ['pdf', 'word', 'sheet', 'slides', 'book', 'archive'];

export interface ContentScanParts extends PolicyParts {
  readonly documents: DocumentCache;
}

export interface ContentScanOptions {
  readonly test: LineTest;
  readonly contextLines: number;
  /** The most matches. */
  readonly limit: number;
}

/** Searches the contents of one file after another, until a limit of one call is reached. */
export class ContentScan {
  readonly matches: Match[] = [];
  /** The number of files that were searched. */
  searched = 0;
  /** The number of files that were not searched, by reason. */
  readonly skipped = new Map<string, number>();
  readonly #parts: ContentScanParts;
  readonly #options: ContentScanOptions;
  readonly #deadline = Date.now() + MAX_MS;
  #bytes = 0;

  constructor(parts: ContentScanParts, options: ContentScanOptions) {
    this.#parts = parts;
    this.#options = options;
  }

  /** The limit that is reached, in words; undefined while the next file can be searched. */
  get limitReached(): string | undefined {
    const { limit } = this.#options;
    if (this.matches.length >= limit) return `the limit of ${limit} matches`;
    if (this.#bytes > MAX_BYTES) return 'the limit of 64 MB in one call';
    return Date.now() > this.#deadline ? 'the time of one call' : undefined;
  }

  async search(file: Resource, call: Call): Promise<void> {
    const size = file.size ?? 0;
    if (size === 0) {
      this.searched++;
      return;
    }
    const document = this.#parts.documents.find(file, undefined);
    const family = familyByName(file.path, file.mime);
    if (family === 'image') return this.#skip('pictures');
    if (!document && unopened.includes(family)) return this.#skip(UNOPENED);
    if (!document && size > MAX_FILE_BYTES) return this.#skip('larger than 10 MB');
    const { test, contextLines, limit } = this.#options;
    const collector = new MatchCollector(file.path, test, contextLines, limit - this.matches.length);
    try {
      if (document) await searchDocument(document, collector, call);
      else if (!(await this.#searchText(file, collector, call))) return this.#skip('not text');
    } catch (error) {
      if (!isAppError(error) || ['cancelled', 'unauthorized'].includes(error.code)) throw error;
      return this.#skip(`could not be read (${error.code})`);
    }
    this.searched++;
    this.#bytes += size;
    this.matches.push(...collector.matches.slice(0, Math.max(0, limit - this.matches.length)));
  }

  #skip(reason: string): void {
    this.skipped.set(reason, (this.skipped.get(reason) ?? 0) + 1);
  }

  /** @returns false for a file that is not text */
  async #searchText(file: Resource, collector: MatchCollector, call: Call): Promise<boolean> {
    const reader = new LineReader({ take: collector.take, maxLineChars: MAX_TESTED_CHARS });
    const range = { file, start: 0, end: file.size ?? 0 };
    await readRange(this.#parts, range, call, (chunk) => reader.write(chunk));
    if (!collector.full) reader.end();
    return !reader.isBinary;
  }
}

/** Reads a document that is open already, part by part. */
async function searchDocument(document: Document, collector: MatchCollector, call: Call): Promise<void> {
  const signal = call.signal ?? new AbortController().signal;
  const splitter = new LineSplitter(collector.take, MAX_TESTED_CHARS);
  for (let offset = 1, parts = 0; parts < MAX_PARTS && !collector.full; parts++) {
    const { text, last, complete } = await document.read({ offset }, signal);
    splitter.write(`${text}\n`);
    if (complete || last < offset) return;
    offset = last + 1;
  }
}
