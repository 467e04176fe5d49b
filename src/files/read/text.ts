import { sniff } from '../../documents/kernel/encoding.ts';
import type { Encoding } from '../../documents/kernel/encoding.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import type { LineMarkCache } from '../cache/line-marks.ts';
import type { Call } from '../context/call.ts';
import type { StatParts } from '../context/stat.ts';
import { LinePage, noSuchLine } from '../lines/line-page.ts';
import type { TextPart } from '../lines/line-page.ts';
import { HEAD_BYTES, LineReader } from '../lines/line-reader.ts';
import { isStillEncrypted } from './container.ts';
import type { LineStart } from '../lines/line-reader.ts';
import type { TakeLine } from '../lines/line-splitter.ts';
import { NotText } from './not-text.ts';
import { readBuffer, readPieces } from './range.ts';
import type { TakeChunk } from './range.ts';
import { readFromByte } from './text-at.ts';
import { findPlace } from './text-place.ts';

export interface TextRange {
  /** 1-based line; negative counts from the end. */
  readonly offset: number;
  readonly limit: number;
  /** A text, a time or `@` and a byte, from whose line on the offset counts. */
  readonly at?: string | undefined;
}

export interface ReadTextParts extends StatParts {
  readonly lineMarks: LineMarkCache;
  /** The most characters of one result. */
  readonly maxChars: number;
}

const WINDOW_BYTES = 256 * 1024;
const MAX_WINDOW_BYTES = 16 * 1024 * 1024;
const MAX_TAIL_BYTES = 4 * 1024 * 1024;

/**
 * Lines of a text of any size, by ranged requests: memory stays constant, and a page costs one
 * request if the text up to it was read before.
 *
 * @throws NotText for a file that is not text
 */
export async function readText(
  parts: ReadTextParts,
  file: Resource,
  range: TextRange,
  call: Call,
): Promise<TextPart> {
  if ((file.size ?? 0) === 0)
    return { lines: [], first: 1, total: 0, encoding: sniff(new Uint8Array(0)), cutLines: 0 };
  if (range.at !== undefined) return readPlace(parts, file, { ...range, at: range.at }, call);
  return range.offset < 0 ? readTail(parts, file, range, call) : readForward(parts, file, range, call);
}

async function readPlace(
  parts: ReadTextParts,
  file: Resource,
  { at, offset, limit }: TextRange & { readonly at: string },
  call: Call,
): Promise<TextPart> {
  const place = await findPlace(parts, file, at, call);
  const isLater = place.isLater ? { isLater: true } : {};
  if ('line' in place) {
    const first = Math.max(1, place.line + (offset > 0 ? offset - 1 : offset));
    return { ...(await readForward(parts, file, { offset: first, limit }, call)), ...isLater };
  }
  const page = { offset, count: limit, chars: pageChars(parts, file) };
  return { ...(await readFromByte(parts, { file, ...place }, page, call)), ...isLater };
}

async function readForward(
  parts: ReadTextParts,
  file: Resource,
  range: TextRange,
  call: Call,
): Promise<TextPart> {
  const { size = 0 } = file;
  const offset = Math.max(1, range.offset);
  const marks = parts.lineMarks.of(file);
  const from = marks.before(offset);
  const skip = offset - 1 - from.lines;
  const page = new LinePage({ skip, count: range.limit, chars: pageChars(parts, file) });
  // A small text has come as a whole, so that its lines can as well be counted.
  const isSmall = size <= WINDOW_BYTES;
  const takeLine: TakeLine = (line, cut) => page.take(line, cut) || isSmall;
  const reader = new LineReader({ take: takeLine, maxLineChars: page.maxLineChars, from });
  let position = from.byte;
  let isWanted = true;
  for (
    let window = WINDOW_BYTES;
    position < size && isWanted;
    window = Math.min(window * 4, MAX_WINDOW_BYTES)
  ) {
    const part = { file, start: position, end: Math.min(position + window, size) };
    const take: TakeChunk = (piece) => {
      if (position === 0 && isStillEncrypted(piece)) throw new NotText(piece);
      position += piece.length;
      isWanted = reader.write(piece);
      if (reader.lineStart) marks.add(reader.lineStart);
      return isWanted;
    };
    await readPieces(parts, part, call, take);
  }
  if (position >= size) reader.end();
  if (reader.isBinary) throw new NotText(reader.head);
  const isComplete = position >= size && !reader.hasRest && !page.isFull;
  if (isComplete || isSmall) marks.total = reader.lines;
  const shown = page.lines.length;
  if (shown === 0 && offset > 1) throw noSuchLine(offset, reader.lines);
  return {
    lines: page.lines,
    first: offset,
    ...(marks.total === undefined ? {} : { total: marks.total }),
    ...(isComplete ? {} : { next: offset + shown }),
    encoding: reader.encoding ?? sniff(new Uint8Array(0)),
    cutLines: page.cutLines,
  };
}

function pageChars({ maxChars }: ReadTextParts, { path }: Resource): number {
  return maxChars - 1000 - path.length;
}

async function readTail(
  parts: ReadTextParts,
  file: Resource,
  range: TextRange,
  call: Call,
): Promise<TextPart> {
  const { size = 0 } = file;
  const wanted = -range.offset;
  let encoding: Encoding | undefined;
  for (let window = WINDOW_BYTES; ; window *= 4) {
    const start = Math.max(0, alignedDown(size - window));
    const bytes = await readBuffer(parts, { file, start, end: size }, call);
    encoding ??= await encodingOf(parts, file, { start, bytes }, call);
    const tail = { bytes, from: { lines: 0, byte: start, encoding } };
    // Lines are counted before they are kept: there can be millions of them.
    const { count, first } = await countLines(tail, call.signal);
    // The first one is the rest of a line.
    const total = start > 0 ? Math.max(0, count - 1) : count;
    // One endless line may be that of a container, which only its beginning tells.
    const mayBeContainer = start === 0 || total === 0;
    const head = mayBeContainer && (start === 0 ? bytes : await readHead(parts, file, HEAD_BYTES, call));
    if (head && isStillEncrypted(head)) throw new NotText(head.subarray(0, HEAD_BYTES));
    if (total < wanted && start > 0 && window < MAX_TAIL_BYTES) continue;
    const most = { count: range.limit, chars: pageChars(parts, file) };
    if (total === 0 && count > 0) {
      const page = new LinePage({ ...most, skip: 0 });
      page.take(`[... the beginning of this line is left out] ${first.slice(-1000)}`, 0);
      return { lines: page.lines, first: -1, encoding, cutLines: page.cutLines };
    }
    const skip = Math.max(0, total - wanted);
    const page = new LinePage({ ...most, skip: skip + count - total });
    await readLines(tail, page.take, page.maxLineChars, call.signal);
    const left = total - skip - page.lines.length;
    return {
      lines: page.lines,
      first: start === 0 ? skip + 1 : skip - total,
      ...(start === 0 ? { total } : {}),
      ...(left > 0 ? { next: -left } : {}),
      encoding,
      cutLines: page.cutLines,
    };
  }
}

/** The bytes of the end of a text. */
interface Tail {
  readonly bytes: Uint8Array;
  readonly from: LineStart;
}

async function readLines(
  { bytes, from }: Tail,
  take: TakeLine,
  maxLineChars: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const reader = new LineReader({ take, maxLineChars, ...(from.byte === 0 ? {} : { from }) });
  if (await reader.writeAll(bytes, signal)) reader.end();
}

/** The number of lines, and the first one. */
async function countLines(
  tail: Tail,
  signal: AbortSignal | undefined,
): Promise<{ readonly count: number; readonly first: string }> {
  let count = 0;
  let first = '';
  const take: TakeLine = (line) => {
    if (count++ === 0) first = line;
    return true;
  };
  await readLines(tail, take, Infinity, signal);
  return { count, first };
}

/** A multiple of the bytes of a character in every encoding that has a fixed width. */
function alignedDown(offset: number): number {
  return offset - (offset % 4);
}

/** Only the beginning of a file has a byte order mark. Where the end is valid UTF-8, it is not needed. */
async function encodingOf(
  parts: StatParts,
  file: Resource,
  end: { readonly start: number; readonly bytes: Buffer },
  call: Call,
): Promise<Encoding> {
  const found = sniff(end.bytes.subarray(0, HEAD_BYTES));
  if (end.start === 0 || found.encoding === 'utf-8') {
    if (found.binary) throw new NotText(end.bytes.subarray(0, HEAD_BYTES));
    return found;
  }
  const head = await readHead(parts, file, HEAD_BYTES, call);
  const encoding = sniff(head);
  if (encoding.binary) throw new NotText(head);
  return encoding;
}

/** The first bytes of a file, at most `length` of them. */
export async function readHead(
  parts: StatParts,
  file: Resource,
  length: number,
  call: Call,
): Promise<Buffer> {
  const end = Math.min(length, file.size ?? 0);
  return end === 0 ? Buffer.alloc(0) : readBuffer(parts, { file, start: 0, end }, call);
}
