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
import { readBuffer, readRange } from './range.ts';

export interface TextRange {
  /** 1-based line; negative counts from the end. */
  readonly offset: number;
  readonly limit: number;
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
  return range.offset < 0 ? readTail(parts, file, range, call) : readForward(parts, file, range, call);
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
  const reader = new LineReader({ take: page.take, maxLineChars: page.maxLineChars, from });
  let position = from.byte;
  let isWanted = true;
  for (
    let window = WINDOW_BYTES;
    position < size && isWanted;
    window = Math.min(window * 4, MAX_WINDOW_BYTES)
  ) {
    const part = { file, start: position, end: Math.min(position + window, size) };
    await readRange(parts, part, call, (chunk) => {
      if (position === 0 && isStillEncrypted(chunk)) throw new NotText(chunk);
      position += chunk.length;
      isWanted = reader.write(chunk);
      if (reader.lineStart) marks.add(reader.lineStart);
      return isWanted;
    });
  }
  if (position >= size) reader.end();
  if (reader.isBinary) throw new NotText(reader.head);
  const isComplete = position >= size && !reader.hasRest && !page.isFull;
  const shown = page.lines.length;
  if (shown === 0 && offset > 1) throw noSuchLine(offset, reader.lines);
  return {
    lines: page.lines,
    first: offset,
    ...(isComplete ? { total: reader.lines } : { next: offset + shown }),
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
    const lines: string[] = [];
    const reader = new LineReader({
      take: (line) => lines.push(line) > 0,
      maxLineChars: Infinity,
      ...(start === 0 ? {} : { from: { lines: 0, byte: start, encoding } }),
    });
    reader.write(bytes);
    reader.end();
    const partial = start > 0 ? lines.shift() : undefined;
    // One endless line may be that of a container, which only its beginning tells.
    const mayBeContainer = start === 0 || lines.length === 0;
    const head = mayBeContainer && (start === 0 ? bytes : await readHead(parts, file, HEAD_BYTES, call));
    if (head && isStillEncrypted(head)) throw new NotText(head.subarray(0, HEAD_BYTES));
    if (lines.length < wanted && start > 0 && window < MAX_TAIL_BYTES) continue;
    if (lines.length === 0 && partial !== undefined)
      lines.push(`[... the beginning of this line is left out] ${partial.slice(-1000)}`);
    const skip = Math.max(0, lines.length - wanted);
    const page = new LinePage({ skip: 0, count: range.limit, chars: pageChars(parts, file) });
    for (const line of lines.slice(skip)) if (!page.take(line, 0)) break;
    const left = lines.length - skip - page.lines.length;
    return {
      lines: page.lines,
      first: start === 0 ? skip + 1 : skip - lines.length,
      ...(start === 0 ? { total: lines.length } : {}),
      ...(left > 0 ? { next: -left } : {}),
      encoding,
      cutLines: page.cutLines,
    };
  }
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

/** Thrown where text was expected and something else was found. */
export class NotText extends Error {
  /** The first bytes of the file. */
  readonly head: Uint8Array;
  constructor(head: Uint8Array) {
    super('not a text');
    this.head = head;
  }
}
