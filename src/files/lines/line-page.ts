import type { Encoding } from '../../documents/kernel/encoding.ts';
import { sniff } from '../../documents/kernel/encoding.ts';
import { AppError } from '../../errors.ts';
import { LineReader } from './line-reader.ts';
import type { TakeLine } from './line-splitter.ts';

/** Longer lines are cut, with a note of how much is missing. */
const MAX_LINE_CHARS = 4000;
const NOTE_CHARS = 60;

/** Part of a text, as it is shown. */
export interface TextPart {
  readonly lines: readonly string[];
  /** Number of the first line shown; negative when counted from the end. */
  readonly first: number;
  /** Lines of the whole file, if its end was reached. */
  readonly total?: number;
  readonly encoding: Encoding;
  /** How many of the lines are cut. */
  readonly cutLines: number;
  /** The offset of the next part; absent at the end of the file. */
  readonly next?: number;
  /** The byte that the first line begins with, where its number is not known. */
  readonly byte?: number;
  /** The same of the next part. */
  readonly nextByte?: number;
  /** The lines are of a later time than was asked for. */
  readonly isLater?: boolean;
}

export interface PageSize {
  /** Lines to leave out before the first one of the page. */
  readonly skip: number;
  /** The most lines of a page. */
  readonly count: number;
  /** The most characters of a page, line ends included. A single line always fits: it is cut. */
  readonly chars: number;
}

/** Collects the lines of one page. */
export class LinePage {
  readonly lines: string[] = [];
  /** The longest part of a line that is shown. */
  readonly maxLineChars: number;
  readonly #count: number;
  #skip: number;
  #charsLeft: number;
  #cutLines = 0;
  #isFull = false;

  constructor({ skip, count, chars }: PageSize) {
    this.#skip = skip;
    this.#count = count;
    this.#charsLeft = chars;
    this.maxLineChars = Math.min(MAX_LINE_CHARS, chars - NOTE_CHARS);
  }

  get cutLines(): number {
    return this.#cutLines;
  }

  /** Whether a line came that has no room in the page any more. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** Takes the next line of the text. @returns whether the page has room for another one */
  readonly take: TakeLine = (line, cut) => {
    if (this.#skip > 0) {
      this.#skip--;
      return true;
    }
    const missing = cut + Math.max(0, line.length - this.maxLineChars);
    const shown = missing > 0 ? shortened(line.slice(0, this.maxLineChars), missing) : line;
    const isTooLong = this.lines.length > 0 && shown.length + 1 > this.#charsLeft;
    if (this.#isFull || isTooLong || this.lines.length >= this.#count) {
      this.#isFull = true;
      return false;
    }
    if (missing > 0) this.#cutLines++;
    this.lines.push(shown);
    this.#charsLeft -= shown.length + 1;
    return this.lines.length < this.#count;
  };
}

// A cut between the two halves of a character would leave half of it.
function shortened(beginning: string, missing: number): string {
  const isSplit = /[\ud800-\udbff]$/.test(beginning);
  const line = isSplit ? beginning.slice(0, -1) : beginning;
  return `${line} [... ${missing + Number(isSplit)} more characters in this line]`;
}

/**
 * One page of a text whose bytes are all there, in time slices.
 *
 * @param size where `skip` is the number of lines before the page
 * @returns undefined for what is not text
 * @throws AppError `invalid_input` when the text has fewer lines
 */
export async function readLinePage(
  bytes: Uint8Array,
  size: PageSize,
  signal?: AbortSignal,
): Promise<TextPart | undefined> {
  const page = new LinePage(size);
  const takeAll: TakeLine = (line, cut) => {
    page.take(line, cut);
    return true;
  };
  const reader = new LineReader({ take: takeAll, maxLineChars: page.maxLineChars });
  await reader.writeAll(bytes, signal);
  reader.end();
  if (reader.isBinary) return undefined;
  const first = size.skip + 1;
  if (page.lines.length === 0 && first > 1) throw noSuchLine(first, reader.lines);
  const next = first + page.lines.length;
  return {
    lines: page.lines,
    first,
    total: reader.lines,
    encoding: reader.encoding ?? sniff(bytes),
    cutLines: page.cutLines,
    ...(next <= reader.lines ? { next } : {}),
  };
}

export function noSuchLine(line: number, total: number): AppError {
  return new AppError(
    'invalid_input',
    `There is no line ${line}: the file has ${total} ${total === 1 ? 'line' : 'lines'}`,
    {
      hint: 'Use a smaller offset, or a negative one to read from the end.',
    },
  );
}

/** Which part of the text it is, for a header: `UTF-8, CRLF line ends | lines 1 to 20 of 45`. */
export function describePart({ encoding, lines, first, total, byte }: TextPart): string {
  const last = first + lines.length - 1;
  if (byte !== undefined)
    return `${describeEncoding(encoding)} | ${lines.length === 1 ? '1 line' : `${lines.length} lines`} from @${byte}`;
  const part =
    lines.length === 0
      ? 'empty'
      : first < 0
        ? `lines ${first} to ${last}, counted from the end`
        : `lines ${first} to ${last} of ${total ?? 'more'}`;
  return `${describeEncoding(encoding)} | ${part}`;
}

function describeEncoding({ encoding, bom, lineEnd }: Encoding): string {
  const mark = bom > 0 ? ' with BOM' : '';
  return `${encoding.toUpperCase()}${mark}${lineEnd === 'none' || lineEnd === 'LF' ? '' : `, ${lineEnd} line ends`}`;
}
