import { escapeLine } from '../../text/foreign-text.ts';
import type { Encoding } from '../../documents/kernel/encoding.ts';
import { sniff } from '../../documents/kernel/encoding.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import type { Call } from '../context/call.ts';
import type { LineBlock } from '../lines/line-blocks.ts';
import { lineOffsets } from '../lines/line-ends.ts';
import { HEAD_BYTES, LineReader } from '../lines/line-reader.ts';
import { isStillEncrypted } from '../read/container.ts';
import { RangeIgnored, readRange } from '../read/range.ts';
import { NotText } from '../read/not-text.ts';
import { readHead } from '../read/text.ts';
import { BlockTester } from './block-tester.ts';
import type { Match } from './matches.ts';
import { collectorOf } from './scan.ts';
import type { FileResult, ScanParts, ScanWish } from './scan.ts';
import { scanText } from './text-scan.ts';
import type { TextSource } from './text-scan.ts';

const FIRST_WINDOW_BYTES = 256 * 1024;
const MAX_WINDOW_BYTES = 16 * 1024 * 1024;

/**
 * Searches a text from its end, by ranged requests, each read as a stream. Lines are not counted: a match is known by
 * the byte that its line begins with.
 *
 * @throws NotText for a file that is not text
 * @throws AppError `conflict` when the file changes meanwhile
 */
export async function scanTail(
  parts: ScanParts,
  { file, place }: TextSource,
  wish: ScanWish,
  call: Call,
): Promise<FileResult> {
  const head = await readHead(parts, file, HEAD_BYTES, call);
  const encoding = sniff(head);
  if (encoding.binary || isStillEncrypted(head)) throw new NotText(head);
  const scan = new TailScan(parts, { file, encoding }, wish);
  try {
    return await scan.run(place > 0 ? place : (file.size ?? 0), call);
  } catch (error) {
    if (!(error instanceof RangeIgnored)) throw error;
    const result = await scanText(parts, { file, place: 0 }, wish, call);
    const note = `The server does not send parts of files, so ${escapeLine(file.path)} was read from its beginning.`;
    return { ...result, notes: [note] };
  }
}

/** A text, and how it is encoded, which its beginning tells. */
interface Tail {
  readonly file: Resource;
  readonly encoding: Encoding;
}

/** What was found in one range of the text. */
interface Found {
  readonly matches: readonly Match[];
  readonly count: number;
  readonly cutLines: number;
  /** Where the next range ends: the lines from here on have been searched. Undefined where too few lines are in the range. */
  readonly boundary: number | undefined;
  /** The first lines behind the boundary. */
  readonly lines: readonly string[];
}

class TailScan {
  readonly #parts: ScanParts;
  readonly #tail: Tail;
  readonly #wish: ScanWish;

  constructor(parts: ScanParts, tail: Tail, wish: ScanWish) {
    this.#parts = parts;
    this.#tail = tail;
    this.#wish = wish;
  }

  async run(from: number, call: Call): Promise<FileResult> {
    const { file } = this.#tail;
    const { limit, budget } = this.#wish;
    const matches: Match[] = [];
    let [end, window, count, cutLines] = [from, FIRST_WINDOW_BYTES, 0, 0];
    let lines: readonly string[] = [];
    while (end > 0 && !budget.isSpent && (limit === 0 || matches.length < limit)) {
      const start = Math.max(0, alignedDown(end - window));
      const found = await this.#search({ start, end, lines }, call);
      if (!found) break;
      window *= 4;
      if (found.boundary === undefined) continue;
      window = Math.min(window, MAX_WINDOW_BYTES);
      matches.push(...found.matches.toReversed());
      count += found.count;
      cutLines += found.cutLines;
      [end, lines] = [found.boundary, found.lines];
    }
    const kept = matches.slice(0, limit);
    const isCut = limit > 0 && count >= limit;
    return {
      file,
      groups: count === 0 ? [] : [{ heading: escapeLine(file.path), matches: kept, count }],
      gaps: [],
      cutLines,
      ...(end === 0 && !(isCut && count > limit) ? {} : { stoppedAt: (isCut && kept.at(-1)?.place) || end }),
    };
  }

  /** Searches the lines that end in a range. @returns undefined when the budget is spent meanwhile */
  async #search(
    { start, end, lines: later }: { start: number; end: number; lines: readonly string[] },
    call: Call,
  ): Promise<Found | undefined> {
    const { file, encoding } = this.#tail;
    const { matcher, limit, budget } = this.#wish;
    const collector = collectorOf(this.#wish, 'last', limit);
    // The first line is the rest of one, and those behind it are needed around the matches of others.
    const skip = start === 0 ? 0 : 1 + collector.contextLines;
    // At the beginning of the file there may be a byte order mark.
    const first = start === 0 ? encoding.bom : start;
    let boundary = start === 0 ? 0 : undefined;
    const lines: string[] = [];
    const offsetsIn = (block: LineBlock, wanted: readonly number[]): number[] =>
      lineOffsets(block.bytes, encoding.encoding, wanted).map((offset) => first + block.byte + offset);
    const tester = new BlockTester({
      matcher,
      collector,
      skip,
      look: (block) => {
        const index = Math.max(0, skip - block.before);
        if (index >= block.count) return;
        boundary ??= offsetsIn(block, [index])[0];
        const missing = collector.contextLines - lines.length;
        if (missing > 0) lines.push(...block.text.split('\n').slice(index, index + missing));
      },
      number: (block, hits) => {
        const offsets = limit === 0 ? [] : offsetsIn(block, hits);
        const known = new Map(hits.map((hit, at) => [hit, offsets[at] ?? 0]));
        const byteOf = (index: number): number => known.get(index) ?? 0;
        return { label: (index, by) => labelOf(byteOf, index, by), place: byteOf };
      },
    });
    const reader = new LineReader({ sink: tester.blocks, from: { lines: 0, byte: first, encoding } });
    let isWhole = true;
    await readRange(this.#parts, { file, start: first, end, exact: true }, call, (piece) => {
      budget.spend(piece.length);
      reader.write(piece);
      isWhole = !budget.isSpent;
      return isWhole && tester.test(call.signal);
    });
    if (!isWhole) return undefined;
    reader.end();
    await tester.test(call.signal);
    const behind = { lines: later, label: (_: number, by: number) => `+${by}`, place: () => 0 };
    collector.take(behind, new Set());
    const { total: count } = collector;
    const matches = limit === 0 ? [] : collector.matches.slice(-limit);
    return { matches, count, cutLines: tester.cutLines, boundary, lines };
  }
}

function labelOf(byteOf: (index: number) => number, index: number, by: number): string {
  return by === 0 ? `@${byteOf(index)}` : by > 0 ? `+${by}` : String(by);
}

/** A multiple of the bytes of a character in every encoding that has a fixed width. */
function alignedDown(offset: number): number {
  return offset - (offset % 4);
}
