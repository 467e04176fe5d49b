import type { Resource } from '../../nextcloud/dav/resource.ts';
import type { RemotePath } from '../../path.ts';
import type { Note } from '../../remedy.ts';
import { escapeLine } from '../../text/foreign-text.ts';
import type { Reading } from '../read/reading.ts';
import type { ScanBudget } from './scan-budget.ts';
import type { FileResult, Gap, MatchGroup } from './scan.ts';

export interface PageParts {
  readonly pattern: string;
  readonly folder: RemotePath;
  /** The files that could be searched, in order. */
  readonly files: readonly Resource[];
  /** Where in the first of them the page begins. */
  readonly first: { readonly index: number; readonly place: number };
  /** By the index of the file; absent for those that were not begun. */
  readonly results: ReadonlyMap<number, FileResult>;
  readonly limit: number;
  readonly maxChars: number;
  readonly budget: ScanBudget;
  /** There are more files than these. */
  readonly hasMore: boolean;
  /** What else there is to say. */
  readonly notes: readonly string[];
  readonly cursorAt: (index: number, place: number) => string;
}

/** What a result says beside its matches. */
const FRAME_CHARS = 4000;
const MAX_COUNTED = 50;

/** What is shown of the results: those of the first files, up to the first one that was not searched to its end. */
export function contentsPage(parts: PageParts): Reading {
  const page = new Page(parts);
  page.fill();
  return page.reading();
}

class Page {
  readonly #parts: PageParts;
  readonly #rows: string[] = [];
  readonly #counts: MatchGroup[] = [];
  readonly #gaps: Gap[] = [];
  readonly #notes: string[] = [];
  #charsLeft: number;
  #shown = 0;
  #count = 0;
  #searched = 0;
  #done = 0;
  #cutLines = 0;
  /** Why the page ends before the last file, in words, and the cursor of the next one. */
  #end: { readonly why: string; readonly cursor: string } | undefined;

  constructor(parts: PageParts) {
    this.#parts = parts;
    this.#charsLeft = parts.maxChars - FRAME_CHARS;
  }

  fill(): void {
    const { files, results, first, limit, budget, hasMore, cursorAt } = this.#parts;
    for (const index of files.keys()) {
      const place = index === 0 ? first.place : 0;
      const result = results.get(index);
      if (!result) {
        const why = limit > 0 && this.#shown >= limit ? limitText(limit) : budget.limit;
        this.#end = { why, cursor: cursorAt(index, place) };
        return;
      }
      if (!this.#add(result, index, place)) return;
    }
    if (hasMore) this.#end = { why: 'the newest files', cursor: cursorAt(files.length - 1, 0) };
  }

  /** @returns whether the next file has a place in the page */
  #add(result: FileResult, index: number, from: number): boolean {
    const { limit, budget, cursorAt } = this.#parts;
    let place = from;
    for (const group of result.groups) {
      let isNamed = false;
      for (const match of group.matches) {
        const rows = isNamed ? match.rows : [group.heading, ...match.rows];
        const chars = rows.reduce((sum, row) => sum + row.length + 1, 0);
        const why =
          this.#shown >= limit
            ? limitText(limit)
            : this.#shown > 0 && chars > this.#charsLeft && 'the room of one answer';
        if (why !== false) {
          this.#end = { why, cursor: cursorAt(index, place) };
          return false;
        }
        isNamed = true;
        this.#rows.push(...rows);
        this.#charsLeft -= chars;
        this.#shown++;
        place = match.place;
      }
      this.#count += group.count;
      if (group.count > 0) this.#counts.push(group);
    }
    this.#gaps.push(...result.gaps);
    this.#notes.push(...(result.notes ?? []));
    this.#cutLines += result.cutLines;
    if (result.stoppedAt !== undefined) {
      const why = limit > 0 && this.#shown >= limit ? limitText(limit) : budget.limit;
      this.#end = { why, cursor: cursorAt(index, result.stoppedAt) };
      return false;
    }
    this.#done++;
    if (result.gaps.length === 0) this.#searched++;
    return true;
  }

  reading(): Reading {
    const { folder, pattern, files, hasMore } = this.#parts;
    const isWhole = this.#end === undefined && this.#gaps.length === 0 && this.#cutLines === 0;
    const isComplete = isWhole && this.#parts.notes.length === 0;
    const total = `${files.length}${hasMore ? '+' : ''}`;
    const header = [
      folder,
      JSON.stringify(pattern.slice(0, 100)),
      this.#matchesText(),
      `${this.#searched} of ${total} files searched`,
      isComplete ? 'complete' : 'not complete',
    ];
    const body = this.#parts.limit === 0 ? this.#countRows() : this.#rows;
    return {
      header: header.join(' | '),
      ...(body.length === 0 ? {} : { body: body.join('\n') }),
      notes: [...this.#parts.notes, ...this.#notes, ...this.#gapNotes(), ...this.#endNotes()],
    };
  }

  #matchesText(): string {
    const { limit, first } = this.#parts;
    const isFirst = first.index === 0 && first.place === 0;
    const count = limit === 0 ? this.#count : this.#shown;
    const noun = count === 1 ? 'match' : 'matches';
    if (limit > 0) return this.#end === undefined && isFirst ? `${count} ${noun}` : `${count} ${noun} here`;
    const inFiles = this.#counts.length > 1 ? ` in ${this.#counts.length} texts` : '';
    return `${this.#end === undefined && isFirst ? '' : 'at least '}${count} ${noun}${inFiles}`;
  }

  #countRows(): string[] {
    const sorted = this.#counts.toSorted((a, b) => b.count - a.count);
    const rows = sorted.slice(0, MAX_COUNTED).map(({ heading, count }) => `${heading}: ${count}`);
    return sorted.length > MAX_COUNTED ? [...rows, `and ${sorted.length - MAX_COUNTED} more`] : rows;
  }

  #gapNotes(): string[] {
    const lines = this.#cutLines;
    const cut = `Only the beginning was searched of ${lines} long ${lines === 1 ? 'line' : 'lines'}.`;
    return [...(this.#gaps.length === 0 ? [] : [gapText(this.#gaps)]), ...(lines === 0 ? [] : [cut])];
  }

  #endNotes(): Note[] {
    if (!this.#end) return [];
    const { files, hasMore } = this.#parts;
    const { why, cursor } = this.#end;
    const left = files.length - this.#done;
    const rest = hasMore ? 'more files were' : left === 1 ? '1 file was' : `${left} files were`;
    const advice =
      why === this.#parts.budget.limit ? ' A smaller folder or fewer kinds of files take less.' : '';
    return [
      {
        text: `Stopped at ${why}: ${rest} not searched to the end.${advice}`,
        remedy: { kind: 'next-page', cursor },
      },
    ];
  }
}

function limitText(limit: number): string {
  return limit === 1 ? 'the limit of 1 match' : `the limit of ${limit} matches`;
}

/** Reasons that say enough with a number: nobody looks for a word in a picture. */
const counted: ReadonlySet<string> = new Set(['pictures', 'not text']);
const MAX_NAMED = 5;
const MAX_REASONS = 12;

/** `Not searched: 12 pictures; protected with a password: /a.docx, /b.pdf` */
function gapText(gaps: readonly Gap[]): string {
  const byReason = [...Map.groupBy(gaps, ({ reason }) => reason)];
  const texts = byReason.slice(0, MAX_REASONS).map(([reason, all]) => {
    if (counted.has(reason)) return `${all.length} ${all.length === 1 ? reason.replace(/s$/, '') : reason}`;
    const names = all.slice(0, MAX_NAMED).map(({ path }) => escapeLine(path, 300));
    const more = all.length > MAX_NAMED ? ` and ${all.length - MAX_NAMED} more` : '';
    return `${reason}: ${names.join(', ')}${more}`;
  });
  const more = byReason.length - texts.length;
  return `Not searched: ${texts.join('; ')}${more > 0 ? `; and for ${more} other reasons` : ''}.`;
}
