import { AppError } from '../../errors.ts';
import { decoder, sniff } from '../../documents/kernel/encoding.ts';
import type { Encoding } from '../../documents/kernel/encoding.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import type { Call } from '../context/call.ts';
import type { StatParts } from '../context/stat.ts';
import { LineBlocks } from '../lines/line-blocks.ts';
import { lineOffsets } from '../lines/line-ends.ts';
import { HEAD_BYTES, LineReader } from '../lines/line-reader.ts';
import { NotText } from './not-text.ts';
import { readBuffer, readPieces } from './range.ts';

/** A line of a text: by its number where that is known, else by the byte that it begins with. */
export type TextPlace =
  | { readonly line: number; readonly isLater?: boolean }
  | { readonly byte: number; readonly encoding: Encoding; readonly isLater?: boolean };

const MAX_PLACE_CHARS = 200;
/** A longer text is more than a time. */
const MAX_TIME_TEXT = 20;
/** Texts up to this size are read from their beginning: then the number of the line is known. */
const SMALL_BYTES = 4 * 1024 * 1024;
/** What is looked at of a text to find a place in it. */
const MAX_MS = 40_000;
const WINDOW_BYTES = 64 * 1024;
const MAX_WINDOW_BYTES = 1024 * 1024;

/** A day, and how much of its time there is. */
const time = /\d{4}-\d\d-\d\d(?:[T ]\d\d(?::\d\d(?::\d\d)?)?)?/;
/** In logs the time is at the beginning of a line, or not far from it. */
const MAX_TIME_CHARS = 300;

/**
 * The first line that has a text, or in a log the first one of a time or after it: `2026-03-14 02:`. `@` with a number is
 * a byte, as searches from the end of a text give it. Times are compared as they are written, without a time zone.
 *
 * @throws AppError `invalid_input` where there is no such line
 */
export async function findPlace(
  parts: StatParts,
  file: Resource,
  at: string,
  call: Call,
): Promise<TextPlace> {
  if (at.length > MAX_PLACE_CHARS)
    throw new AppError('invalid_input', `The text to begin at has more than ${MAX_PLACE_CHARS} characters`, {
      hint: 'Name a part of it.',
    });
  const byte = /^@(\d{1,15})$/.exec(at.trim())?.[1];
  if (byte !== undefined) return placeOfByte(parts, file, Number(byte), call);
  const wanted = at.trim().length <= MAX_TIME_TEXT ? timeOf(at.trim()) : undefined;
  const timed = wanted === undefined ? undefined : await placeOfTime(parts, file, wanted, call);
  if (timed && !timed.isLater) return timed;
  const isIn = (text: string): boolean => text.includes(at);
  const line = await firstLine(parts, file, { accepts: isIn, isIn }, call);
  const place = line ? { line: line.number } : timed;
  if (place) return place;
  throw noSuchPlace(file, at);
}

async function placeOfByte(parts: StatParts, file: Resource, byte: number, call: Call): Promise<TextPlace> {
  if (byte >= (file.size ?? 0)) throw noSuchPlace(file, `@${byte}`);
  return { byte, encoding: await encodingOf(parts, file, call) };
}

async function placeOfTime(
  parts: StatParts,
  file: Resource,
  wanted: string,
  call: Call,
): Promise<TextPlace | undefined> {
  const accepts = (text: string): boolean => isAtOrAfter(text, wanted);
  const later = (text: string): { isLater?: boolean } =>
    timeOf(text)?.startsWith(wanted) ? {} : { isLater: true };
  if ((file.size ?? 0) <= SMALL_BYTES) {
    const line = await firstLine(parts, file, { accepts }, call);
    return line && { line: line.number, ...later(line.text) };
  }
  const encoding = await encodingOf(parts, file, call);
  const found = await new SortedLog(parts, { file, encoding }).find(wanted, call);
  return found && { byte: found.byte, encoding, ...later(found.text) };
}

async function encodingOf(parts: StatParts, file: Resource, call: Call): Promise<Encoding> {
  const end = Math.min(file.size ?? 0, HEAD_BYTES);
  const head = await readBuffer(parts, { file, start: 0, end }, call);
  const encoding = sniff(head);
  if (encoding.binary) throw new NotText(head);
  return encoding;
}

function noSuchPlace({ path }: Resource, at: string): AppError {
  return new AppError('invalid_input', `${path} has no line at ${JSON.stringify(at)}`, {
    hint: 'A text is found as it is written in the file, a time in lines that begin with one.',
  });
}

/** The time of a line as far as it goes, in one spelling. */
function timeOf(text: string): string | undefined {
  return time.exec(text.slice(0, MAX_TIME_CHARS))?.[0].replace('T', ' ');
}

function isAtOrAfter(text: string, wanted: string): boolean {
  const found = timeOf(text);
  return found !== undefined && found.slice(0, wanted.length) >= wanted;
}

interface FoundLine {
  readonly number: number;
  readonly text: string;
}

interface LineTest {
  readonly accepts: (line: string) => boolean;
  /** Whether one of the lines of a text may be accepted. */
  readonly isIn?: (text: string) => boolean;
}

/** The first line that a test accepts, of a text that is read from its beginning. */
async function firstLine(
  parts: StatParts,
  file: Resource,
  { accepts, isIn = () => true }: LineTest,
  call: Call,
): Promise<FoundLine | undefined> {
  const size = file.size ?? 0;
  const until = Date.now() + MAX_MS;
  let found: FoundLine | undefined;
  const blocks = new LineBlocks(({ text, before }) => {
    if (found || !isIn(text)) return;
    const lines = text.split('\n');
    const index = lines.findIndex((line) => accepts(line));
    if (index !== -1) found = { number: before + index + 1, text: lines[index] ?? '' };
  }, 1_000_000);
  const reader = new LineReader({ sink: blocks });
  let isLate = false;
  await readPieces(parts, { file, start: 0, end: size }, call, (piece) => {
    isLate = Date.now() > until;
    return reader.write(piece) && !found && !isLate;
  });
  if (isLate && !found)
    throw new AppError('timeout', `The place was not found in ${file.path} in time`, {
      hint: 'Name a time where the lines begin with one, or a line.',
    });
  if (!found) reader.end();
  if (reader.isBinary) throw new NotText(reader.head);
  return found;
}

interface Log {
  readonly file: Resource;
  readonly encoding: Encoding;
}

interface TimedLine {
  readonly byte: number;
  readonly text: string;
}

/** A text whose lines have times that ascend: the place of one is found by halves. */
class SortedLog {
  readonly #parts: StatParts;
  readonly #log: Log;

  constructor(parts: StatParts, log: Log) {
    this.#parts = parts;
    this.#log = log;
  }

  /** The first line of a time or after it. */
  async find(wanted: string, call: Call): Promise<TimedLine | undefined> {
    const size = this.#log.file.size ?? 0;
    // Every timed line that begins before `low` is earlier, and the one at `found` is not.
    let [low, high] = [0, size];
    let found: TimedLine | undefined;
    while (high - low > WINDOW_BYTES) {
      const middle = low + Math.floor((high - low) / 2);
      const line = await this.#firstTimed(middle, high, call);
      if (!line) high = middle;
      else if (isAtOrAfter(line.text, wanted)) [found, high] = [line, middle];
      else low = line.byte;
    }
    const [first] = await this.#linesIn(
      low,
      Math.min(size, Math.max(high, found?.byte ?? 0) + 1),
      call,
      (text) => isAtOrAfter(text, wanted),
    );
    return first ?? found;
  }

  /** The first line with a time that begins between two bytes. */
  async #firstTimed(from: number, to: number, call: Call): Promise<TimedLine | undefined> {
    for (let window = WINDOW_BYTES; ; window *= 4) {
      const end = Math.min(to, from + window);
      const [line] = await this.#linesIn(from, end, call, (text) => timeOf(text) !== undefined);
      if (line || end === to || window >= MAX_WINDOW_BYTES) return line;
    }
  }

  /** The whole lines of a range that a test accepts; the first one is the rest of one, save at the beginning of the file. */
  async #linesIn(
    from: number,
    to: number,
    call: Call,
    accepts: (text: string) => boolean,
  ): Promise<TimedLine[]> {
    const { file, encoding } = this.#log;
    const start = from === 0 ? encoding.bom : from - (from % 4);
    const bytes = await readBuffer(this.#parts, { file, start, end: to }, call);
    const text = decoder(encoding.encoding, { keepsMark: true }).write(bytes);
    const lines = text.split(/\r\n?|\n/);
    const wanted = lines
      .flatMap((line, index) => ((index > 0 || from === 0) && accepts(line) ? [index] : []))
      .slice(0, 1);
    const offsets = lineOffsets([bytes], encoding.encoding, wanted);
    return wanted.map((index, at) => ({ byte: start + (offsets[at] ?? 0), text: lines[index] ?? '' }));
  }
}
