import type { Document } from '../../documents/index.ts';
import { isAppError } from '../../errors.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import { nextSlice, sliceIsOver } from '../../time-slices.ts';
import type { DocumentCache } from '../cache/document-cache.ts';
import type { Call } from '../context/call.ts';
import type { PolicyParts } from '../context/stat.ts';
import { LineReader } from '../lines/line-reader.ts';
import { LineSplitter } from '../lines/line-splitter.ts';
import type { TakeLine } from '../lines/line-splitter.ts';
import { isStillEncrypted } from '../read/container.ts';
import { familyByName } from '../read/family.ts';
import { readPieces } from '../read/range.ts';
import type { TakeChunk } from '../read/range.ts';
import type { LineMatcher } from './line-pattern.ts';
import { MatchCollector } from './matches.ts';
import type { Match } from './matches.ts';

const MAX_FILE_BYTES = 10 * 1024 * 1024;
const MAX_BYTES = 64 * 1024 * 1024;
const MAX_MS = 40_000;
/** Parts of one document: pages, slides, rows. */
const MAX_PARTS = 200;
/** A line is tested up to here; the rest of a minified file in one line is not searched. */
const MAX_TESTED_CHARS = 1_000_000;
/** Why a document is not searched that has not been opened yet. */
export const UNOPENED = 'documents not read yet';
/** Documents of these families are searched only if they are open already. */
const unopened: readonly (string | undefined)[] = ['pdf', 'word', 'sheet', 'slides', 'book', 'archive'];

export interface ContentScanParts extends PolicyParts {
  readonly documents: DocumentCache;
}

export interface ContentScanOptions {
  readonly matcher: LineMatcher;
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
  /** The number of lines of which only the beginning was searched. */
  cutLines = 0;
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
    const { contextLines, limit } = this.#options;
    const collector = new MatchCollector(file.path, contextLines, limit - this.matches.length);
    let isWhole = true;
    try {
      if (document) isWhole = await this.#searchDocument(document, collector, call);
      else {
        const found = await this.#searchText(file, collector, call);
        if (found === 'encrypted') return this.#skip('still encrypted by the server');
        if (found === 'binary') return this.#skip('not text');
        isWhole = found === 'whole';
      }
    } catch (error) {
      if (!isAppError(error) || ['cancelled', 'unauthorized'].includes(error.code)) throw error;
      return this.#skip(`could not be read (${error.code})`);
    }
    this.matches.push(...collector.matches.slice(0, Math.max(0, limit - this.matches.length)));
    if (!isWhole) return this.#skip('not to the end');
    this.searched++;
    this.#bytes += size;
  }

  #skip(reason: string): void {
    this.skipped.set(reason, (this.skipped.get(reason) ?? 0) + 1);
  }

  async #searchText(
    file: Resource,
    collector: MatchCollector,
    call: Call,
  ): Promise<'whole' | 'part' | 'binary' | 'encrypted'> {
    const lines = new LineBatch();
    const reader = new LineReader({ take: lines.take, maxLineChars: MAX_TESTED_CHARS });
    const range = { file, start: 0, end: file.size ?? 0 };
    let isEncrypted: boolean | undefined;
    const take: TakeChunk = (piece) => {
      isEncrypted ??= isStillEncrypted(piece);
      if (isEncrypted) return false;
      const more = reader.write(piece);
      return more && lines.isSmall
        ? true
        : this.#test(lines, collector, call).then((wanted) => more && wanted);
    };
    await readPieces(this.#parts, range, call, take);
    if (isEncrypted) return 'encrypted';
    if (collector.full) return 'whole';
    reader.end();
    if (reader.isBinary) return 'binary';
    return this.#isInTime && (await this.#test(lines, collector, call)) ? 'whole' : this.#endOf(collector);
  }

  /** Reads a document that is open already, part by part. @returns whether it was searched to the end */
  async #searchDocument(document: Document, collector: MatchCollector, call: Call): Promise<boolean> {
    const signal = call.signal ?? new AbortController().signal;
    const lines = new LineBatch();
    const splitter = new LineSplitter(lines.take, MAX_TESTED_CHARS);
    for (let offset = 1, parts = 0; parts < MAX_PARTS; parts++) {
      const { text, last, complete } = await document.read({ offset }, signal);
      splitter.write(`${text}\n`);
      if (!(await this.#test(lines, collector, call))) return this.#endOf(collector) === 'whole';
      if (complete || last < offset) return true;
      offset = last + 1;
    }
    return true;
  }

  /** Tests the lines that have come. @returns whether more are wanted */
  async #test(lines: LineBatch, collector: MatchCollector, call: Call): Promise<boolean> {
    const batch = lines.empty();
    const { hits, cut } = await this.#options.matcher.match(batch.lines, call.signal);
    for (const [index, line] of batch.lines.entries()) {
      if (!hits.has(index) && (cut.has(index) || batch.cut.has(index))) this.cutLines++;
      collector.take(line, hits.has(index));
      if (sliceIsOver()) await nextSlice(call.signal);
    }
    return !collector.full && this.#isInTime;
  }

  get #isInTime(): boolean {
    return Date.now() <= this.#deadline;
  }

  /** A file is done, too, when no more matches of it are wanted. */
  #endOf(collector: MatchCollector): 'whole' | 'part' {
    return collector.full ? 'whole' : 'part';
  }
}

/** Characters of lines that are tested together. */
const BATCH_CHARS = 65_536;

/** Lines that wait to be tested. */
class LineBatch {
  #lines: string[] = [];
  #chars = 0;
  #cut = new Set<number>();

  /** Whether more lines are to come before they are tested. */
  get isSmall(): boolean {
    return this.#chars < BATCH_CHARS;
  }

  /** Takes the next line. */
  readonly take: TakeLine = (line, cut) => {
    if (cut > 0) this.#cut.add(this.#lines.length);
    this.#lines.push(line);
    this.#chars += line.length + 1;
    return true;
  };

  /** Hands out the lines, and the indices of those that are longer than their beginning here. */
  empty(): { readonly lines: readonly string[]; readonly cut: ReadonlySet<number> } {
    const batch = { lines: this.#lines, cut: this.#cut };
    [this.#lines, this.#chars, this.#cut] = [[], 0, new Set()];
    return batch;
  }
}
