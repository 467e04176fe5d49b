import { escapeLine } from '../../text/foreign-text.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import type { Call } from '../context/call.ts';
import type { LineBlock } from '../lines/line-blocks.ts';
import { LineReader } from '../lines/line-reader.ts';
import { isStillEncrypted } from '../read/container.ts';
import { readRange } from '../read/range.ts';
import type { TakeChunk } from '../read/range.ts';
import { NotText } from '../read/not-text.ts';
import { BlockTester } from './block-tester.ts';
import type { MatchCollector } from './matches.ts';
import { collectorOf } from './scan.ts';
import type { FileResult, MatchGroup, ScanParts, ScanWish } from './scan.ts';

/** A text, and where its search begins. */
export interface TextSource {
  readonly file: Resource;
  /** A line from 1; where the newest are wanted first, the line before which they are. 0 for the whole text. */
  readonly place: number;
  /** The text is the source of a document, and has to be read as text. */
  readonly isSource?: boolean;
}

/**
 * Searches a text from its beginning, as a stream: memory stays the same whatever its size.
 *
 * @throws NotText for a file that is not text
 */
export async function scanText(
  parts: ScanParts,
  { file, place, isSource = false }: TextSource,
  wish: ScanWish,
  call: Call,
): Promise<FileResult> {
  const { size = 0 } = file;
  const marks = parts.lineMarks.of(file);
  const start = marks.before(wish.newestFirst ? 1 : Math.max(1, place));
  const collector = collectorOf(wish, wish.newestFirst ? 'last' : 'first');
  const look = ({ before, byte }: LineBlock): void => {
    const { encoding } = reader;
    const first = start.byte === 0 ? (encoding?.bom ?? 0) : start.byte;
    if (encoding) marks.add({ lines: start.lines + before, byte: first + byte, encoding });
  };
  const tester = testerOf(wish, collector, { linesBefore: start.lines, place, look });
  const reader = new LineReader({ sink: tester.blocks, ...(start.byte === 0 ? {} : { from: start }) });
  let position = start.byte;
  const take: TakeChunk = (piece) => {
    if (position === 0 && isStillEncrypted(piece)) throw new NotText(piece);
    position += piece.length;
    wish.budget.spend(piece.length);
    if (!reader.write(piece)) return false;
    return wish.budget.isSpent ? false : tester.test(call.signal);
  };
  await readRange(parts, { file, start: start.byte, end: size }, call, take);
  const isAtEnd = position >= size;
  if (isAtEnd) reader.end();
  if (reader.isBinary) throw new NotText(reader.head);
  await tester.test(call.signal);
  if (isAtEnd) marks.total = reader.lines;
  const heading = `${escapeLine(file.path)}${isSource ? ' as=text' : ''}`;
  const found = resultOf(heading, collector, wish);
  const result = { file, groups: found, gaps: [], cutLines: tester.cutLines };
  if (wish.newestFirst) {
    // The newest of a text that was not read to its end are not known.
    if (!isAtEnd) return { ...result, groups: [], stoppedAt: place };
    const isPart = wish.limit > 0 && collector.total > wish.limit;
    return isPart ? { ...result, stoppedAt: lastPlace(found) } : result;
  }
  if (collector.isFull && (!isAtEnd || collector.hasMore || tester.hasRest))
    return { ...result, stoppedAt: lastPlace(found) };
  return isAtEnd ? result : { ...result, stoppedAt: reader.lines + 1 };
}

interface Numbering {
  readonly linesBefore: number;
  readonly place: number;
  readonly look: (block: LineBlock) => void;
}

function testerOf(
  { matcher, newestFirst }: ScanWish,
  collector: MatchCollector,
  { linesBefore, place, look }: Numbering,
): BlockTester {
  return new BlockTester({
    matcher,
    collector,
    look,
    skip: newestFirst ? 0 : Math.max(0, place - 1 - linesBefore),
    until: newestFirst && place > 0 ? place - 1 - linesBefore : Infinity,
    number: ({ before }) => {
      const first = linesBefore + before + 1;
      const next = newestFirst ? first : first + 1;
      return { label: (index) => String(first + index), place: (index) => next + index };
    },
  });
}

function resultOf(
  heading: string,
  { total: count, matches }: MatchCollector,
  { limit, newestFirst }: ScanWish,
): MatchGroup[] {
  if (count === 0) return [];
  const kept = limit === 0 ? [] : newestFirst ? matches.slice(-limit).toReversed() : matches;
  return [{ heading, matches: kept, count }];
}

function lastPlace(groups: readonly MatchGroup[]): number {
  return groups.at(-1)?.matches.at(-1)?.place ?? 0;
}
