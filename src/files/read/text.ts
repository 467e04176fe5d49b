import { decoder, sniff } from '../../documents/kernel/encoding.ts';
import type { Encoding } from '../../documents/kernel/encoding.ts';
import { AppError } from '../../errors.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import { LineCollector } from './lines.ts';
import { readRange } from './range.ts';
import type { Call, Service } from '../context/service.ts';

export interface TextRange {
  /** 1-based line; negative counts from the end. */
  readonly offset: number;
  readonly limit: number;
}

export interface TextPart {
  readonly lines: readonly string[];
  /** Number of the first line shown; negative when counted from the end. */
  readonly first: number;
  /** Lines of the whole file, once its end was seen. */
  readonly total?: number;
  readonly encoding: Encoding;
  readonly cutLines: number;
  /** Where to go on; absent at the end of the file. */
  readonly next?: number;
}

const WINDOW = 256 * 1024;
const MAX_WINDOW = 16 * 1024 * 1024;
const MAX_TAIL = 4 * 1024 * 1024;
const LF = 10;

/**
 * Lines of a text of any size, by ranged requests: memory stays constant, and a page costs one
 * request when the text up to it was read before.
 */
export async function readText(
  service: Service,
  file: Resource,
  range: TextRange,
  call: Call,
): Promise<TextPart> {
  const size = file.size ?? 0;
  if (size === 0) return { lines: [], first: 1, total: 0, encoding: sniff(new Uint8Array(0)), cutLines: 0 };
  return range.offset < 0
    ? tail(service, file, size, range, call)
    : forward(service, file, size, range, call);
}

async function forward(
  service: Service,
  file: Resource,
  size: number,
  range: TextRange,
  call: Call,
): Promise<TextPart> {
  const offset = Math.max(1, range.offset);
  const marks = service.metadata.lineMarks(file);
  const from = marks.before(offset);
  const collector = new LineCollector(
    offset - 1 - from.lines,
    range.limit,
    service.maxChars - 1000 - file.path.length,
  );
  let encoding = from.encoding;
  let decode = encoding && decoder(encoding.encoding);
  let position = from.byte;
  for (let window = WINDOW; position < size && !collector.full; window = Math.min(window * 4, MAX_WINDOW)) {
    const end = Math.min(position + window, size);
    await readRange(service, file, position, end, call, (chunk) => {
      if (!encoding || !decode) {
        encoding = sniff(chunk);
        if (encoding.binary) throw new Binary(chunk);
        decode = decoder(encoding.encoding);
      }
      const cut = chunk.lastIndexOf(LF) + 1;
      collector.write(decode.write(chunk.subarray(0, cut)));
      position += cut;
      // A line feed ends a line in every encoding but UTF-16, where half a character can look like one.
      if (!collector.full && cut > 0 && !encoding.encoding.startsWith('utf-16'))
        marks.add({ lines: from.lines + collector.ended, byte: position, encoding });
      collector.write(decode.write(chunk.subarray(cut)));
      position += chunk.length - cut;
      return !collector.full;
    });
  }
  const ended = position >= size && !collector.full;
  if (ended) {
    if (decode) collector.write(decode.end());
    collector.end();
  }
  const shown = collector.lines.length;
  const total = ended ? from.lines + collector.ended : undefined;
  if (shown === 0 && offset > 1)
    throw new AppError('invalid_input', `There is no line ${offset}: the file has ${total ?? 0} lines`, {
      hint: 'Use a smaller offset, or a negative one to read from the end.',
    });
  return {
    lines: collector.lines,
    first: offset,
    ...(total === undefined ? { next: offset + shown } : { total }),
    encoding: encoding ?? sniff(new Uint8Array(0)),
    cutLines: collector.cutLines,
  };
}

async function tail(
  service: Service,
  file: Resource,
  size: number,
  range: TextRange,
  call: Call,
): Promise<TextPart> {
  const wanted = -range.offset;
  for (let window = WINDOW; ; window *= 4) {
    const start = Math.max(0, alignedDown(size - window));
    const bytes = await readAll(service, file, start, size, call);
    const encoding = sniff(bytes);
    if (encoding.binary) throw new Binary(bytes);
    const text = decoder(encoding.encoding).write(bytes);
    const lines = text.split(/\r\n|\n|\r/);
    if (lines.at(-1) === '') lines.pop();
    if (start > 0) lines.shift(); // begins somewhere in a line
    if (lines.length < wanted && start > 0 && window < MAX_TAIL) continue;
    const whole = start === 0;
    const skip = Math.max(0, lines.length - wanted);
    const collector = new LineCollector(0, range.limit, service.maxChars - 1000 - file.path.length);
    for (const line of lines.slice(skip)) {
      if (collector.full) break;
      collector.write(`${line}\n`);
    }
    const shown = collector.lines.length;
    const left = lines.length - skip - shown;
    return {
      lines: collector.lines,
      first: whole ? skip + 1 : skip - lines.length,
      ...(whole ? { total: lines.length } : {}),
      ...(left > 0 ? { next: -left } : {}),
      encoding,
      cutLines: collector.cutLines,
    };
  }
}

function alignedDown(offset: number): number {
  return offset - (offset % 4);
}

/** The first bytes of a file, at most `length` of them. */
export async function headOf(service: Service, file: Resource, length: number, call: Call): Promise<Buffer> {
  const end = Math.min(length, file.size ?? 0);
  return end === 0 ? Buffer.alloc(0) : readAll(service, file, 0, end, call);
}

async function readAll(
  service: Service,
  file: Resource,
  start: number,
  end: number,
  call: Call,
): Promise<Buffer> {
  const parts: Buffer[] = [];
  await readRange(service, file, start, end, call, (chunk) => parts.push(chunk) > 0);
  return Buffer.concat(parts);
}

/** Thrown where text was expected and something else was found. */
export class Binary extends Error {
  /** Its first bytes, or its last when it was read from the end. */
  readonly head: Uint8Array;
  constructor(head: Uint8Array) {
    super('not a text');
    this.head = head;
  }
}
