import { DocumentError, sharedBytes } from '../../documents/index.ts';
import type { Document, Family, WalkPlace, WalkStep, WalkText } from '../../documents/index.ts';
import { isAppError } from '../../errors.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import type { RemotePath } from '../../path.ts';
import { escapeLine } from '../../text/foreign-text.ts';
import type { Call } from '../context/call.ts';
import { isStillEncrypted } from '../read/container.ts';
import { wholeFile } from '../read/whole-file.ts';
import type { Match, MatchCollector, NumberedLines } from './matches.ts';
import { collectorOf } from './scan.ts';
import type { FileResult, Gap, MatchGroup, ScanParts, ScanWish } from './scan.ts';
import { scanText } from './text-scan.ts';
import type { TextSource } from './text-scan.ts';

/** Families whose source is text as well: what a reader leaves out of it is found there. */
const withSource: readonly string[] = ['web', 'mail'];

/**
 * Searches all texts of a document: its pages, sheets, and for an archive or a message what is in it. The source of a web
 * page or a message is searched where these have nothing.
 *
 * @param source whose place is the number of matches that have been shown, negative for lines of the source
 */
export async function scanDocument(
  parts: ScanParts,
  source: TextSource,
  wish: ScanWish,
  call: Call,
): Promise<FileResult> {
  const { place } = source;
  if (place < 0) return scanSource(parts, source, wish, call);
  const { result, family } = await scanTexts(parts, source, wish, call);
  const isDone = result.groups.length > 0 || place > 0 || !withSource.includes(family);
  if (isDone) return result;
  const found = await scanSource(parts, source, wish, call);
  return { ...found, gaps: [...result.gaps, ...found.gaps] };
}

async function scanSource(
  parts: ScanParts,
  { file, place }: TextSource,
  wish: ScanWish,
  call: Call,
): Promise<FileResult> {
  const result = await scanText(parts, { file, place: -place, isSource: true }, wish, call);
  const { stoppedAt } = result;
  const groups = result.groups.map(({ matches, ...group }) => ({
    ...group,
    matches: matches.map((match) => ({ ...match, place: -match.place })),
  }));
  return { ...result, groups, ...(stoppedAt === undefined ? {} : { stoppedAt: -stoppedAt }) };
}

interface Scanned {
  readonly result: FileResult;
  readonly family: Family;
}

async function scanTexts(
  parts: ScanParts,
  { file, place }: TextSource,
  wish: ScanWish,
  call: Call,
): Promise<Scanned> {
  const size = file.size ?? 0;
  const { pool } = parts.documents;
  const known = parts.documents.find(file, undefined);
  if (known)
    return {
      result: await new DocumentScan(parts, file, wish).run(known, place, call),
      family: known.family,
    };
  const { inputBytes } = pool.limits;
  if (size > inputBytes) return unread(leftOut(file, `documents larger than ${inputBytes / 1024 / 1024} MB`));
  return wish.slots.hold(size, call.signal, async () => {
    wish.budget.spend(size);
    const bytes = await wholeFile(parts, file, { signal: call.signal }, sharedBytes);
    if (isStillEncrypted(bytes)) return unread(leftOut(file, 'still encrypted by the server'));
    const hint = { name: file.path, ...(file.mime === undefined ? {} : { mimeType: file.mime }) };
    const document = await openOr(async () => pool.open(bytes, hint, signalOf(call)));
    if (typeof document === 'string') return unread(leftOut(file, document));
    const result = await new DocumentScan(parts, file, wish).run(document, place, call);
    // Who finds something in it goes on reading it.
    if (result.groups.length > 0) parts.documents.keep(file, undefined, document);
    else await document.close();
    return { result, family: document.family };
  });
}

function unread(result: FileResult): Scanned {
  return { result, family: 'unknown' };
}

/** The document, or why it cannot be read. */
async function openOr(open: () => Promise<Document>): Promise<Document | string> {
  try {
    return await open();
  } catch (error) {
    return reasonOf(error);
  }
}

/** A file that was not searched at all. */
export function leftOut(file: Resource, reason: string): FileResult {
  return { file, groups: [], gaps: [{ path: file.path, reason }], cutLines: 0 };
}

class DocumentScan {
  readonly #parts: ScanParts;
  readonly #file: Resource;
  readonly #wish: ScanWish;
  readonly #groups = new Map<string, MatchCollector>();
  readonly #gaps: Gap[] = [];
  #count = 0;
  #cutLines = 0;
  #kept = 0;

  constructor(parts: ScanParts, file: Resource, wish: ScanWish) {
    this.#parts = parts;
    this.#file = file;
    this.#wish = wish;
  }

  /** @param skip matches that have been shown before */
  async run(document: Document, skip: number, call: Call): Promise<FileResult> {
    const { limit, newestFirst, budget } = this.#wish;
    const wanted = limit === 0 || newestFirst ? Infinity : skip + limit;
    this.#kept = limit === 0 ? 0 : skip + limit;
    let place: WalkPlace | undefined = { entries: [], sheet: 0, unit: 1 };
    while (place && this.#count < wanted) {
      const step: WalkStep = await this.#step(document, place, call);
      for (const { entry, reason } of step.gaps) this.#gap(entry, reason);
      for (const text of step.texts) await this.#test(text, call.signal);
      place = step.next;
      if (place && budget.isSpent) {
        this.#gap(place.path, 'not to the end, for lack of time');
        break;
      }
    }
    const groups = [...this.#groups].map(([heading, { matches, total }]): MatchGroup => ({
      heading,
      matches,
      count: total,
    }));
    return {
      file: this.#file,
      groups: numbered(groups, { skip, limit, newestFirst }),
      gaps: this.#gaps,
      cutLines: this.#cutLines,
      ...(this.#count >= wanted && place ? { stoppedAt: skip + limit } : {}),
    };
  }

  async #step(document: Document, place: WalkPlace, call: Call): Promise<WalkStep> {
    try {
      return await document.walk(place, signalOf(call));
    } catch (error) {
      const gap = { ...(place.path === undefined ? {} : { entry: place.path }), reason: reasonOf(error) };
      const last = place.entries.at(-1);
      if (last === undefined) return { texts: [], gaps: [gap] };
      // The thread was ended by this entry, or needed too long for it.
      const next = { entries: [...place.entries.slice(0, -1), last + 1], sheet: 0, unit: 1 };
      return { texts: [], gaps: [gap], next };
    }
  }

  #gap(entry: string | undefined, reason: string): void {
    const path = entry === undefined ? this.#file.path : `${this.#file.path}!/${entry}`;
    if (!this.#isAllowed(entry)) return;
    if (!this.#gaps.some((gap) => gap.path === path && gap.reason === reason))
      this.#gaps.push({ path, reason });
  }

  // The same rule as for reading an entry by its path.
  #isAllowed(entry: string | undefined): boolean {
    return entry === undefined || this.#parts.policy.isAllowed(`${this.#file.path}!/${entry}` as RemotePath);
  }

  async #test(text: WalkText, signal: AbortSignal | undefined): Promise<void> {
    if (!this.#isAllowed(text.entry)) return;
    const numbers = linesOf(text);
    const { matcher } = this.#wish;
    const { hits, cut } = await matcher.match(numbers.lines, signal);
    this.#cutLines += cut.size;
    const all =
      this.#wish.byWords && text.unit !== 'row' ? await this.#pairs(numbers.lines, hits, signal) : hits;
    const heading = headingOf(this.#file.path, text);
    const known = this.#groups.get(heading);
    if (!known && all.size === 0) return;
    const collector = known ?? collectorOf(this.#wish, this.#wish.newestFirst ? 'last' : 'first', this.#kept);
    if (!known) this.#groups.set(heading, collector);
    const before = collector.total;
    collector.take(numbers, all);
    this.#count += collector.total - before;
  }

  /** With the lines that have all words only together with the next one of the same paragraph. */
  async #pairs(
    lines: readonly string[],
    hits: ReadonlySet<number>,
    signal: AbortSignal | undefined,
  ): Promise<ReadonlySet<number>> {
    const joined = lines.map((line, index) => {
      const next = lines[index + 1] ?? '';
      const isPair = line.trim() !== '' && next.trim() !== '' && !hits.has(index) && !hits.has(index + 1);
      return isPair ? `${line} ${next}` : '';
    });
    const found = await this.#wish.matcher.match(joined, signal);
    return new Set([...hits, ...found.hits]);
  }
}

/** Lines with the unit that each of them is in. */
function linesOf({ unit, rows }: WalkText): NumberedLines {
  const lines: string[] = [];
  const units: number[] = [];
  for (const { at, text } of rows)
    for (const line of text.split('\n')) {
      lines.push(line);
      units.push(at);
    }
  const label = (index: number): string => (unit === 'line' ? `${units[index]}` : `${unit} ${units[index]}`);
  return { lines, label, place: () => 0 };
}

/** The path and the sheet as they are passed to read on. */
function headingOf(path: string, { entry, sheet }: WalkText): string {
  const inside = entry === undefined ? '' : `!/${entry}`;
  const name = sheet === undefined ? '' : ` sheet=${JSON.stringify(sheet)}`;
  return escapeLine(`${path}${inside}${name}`);
}

interface Shown {
  readonly skip: number;
  readonly limit: number;
  readonly newestFirst: boolean;
}

/** The matches of a document are counted through: the place of each is how many there are up to it. */
function numbered(groups: readonly MatchGroup[], { skip, limit, newestFirst }: Shown): MatchGroup[] {
  if (limit === 0) return [...groups];
  const ordered = newestFirst
    ? groups.toReversed().map((group) => ({ ...group, matches: group.matches.toReversed() }))
    : groups;
  let place = 0;
  return ordered.flatMap(({ matches, ...group }) => {
    const counted = matches.map(({ rows }): Match => ({ rows: [...rows], place: ++place }));
    const left = counted.filter((match) => match.place > skip);
    return left.length === 0 ? [] : [{ ...group, matches: left }];
  });
}

function signalOf({ signal }: Call): AbortSignal {
  return signal ?? new AbortController().signal;
}

/** @throws the error where it is no fault of the document */
function reasonOf(error: unknown): string {
  if (!(error instanceof DocumentError)) throw error;
  if (isAppError(error, 'cancelled')) throw error;
  if (error.code === 'encrypted') return 'protected with a password';
  if (/contain no text/.test(error.message)) return 'not text';
  return error.message.replace(/\.$/, '');
}
