import { nextSlice, sliceIsOver } from '../../time-slices.ts';
import { LineBlocks } from '../lines/line-blocks.ts';
import type { LineBlock } from '../lines/line-blocks.ts';
import type { LineMatcher } from './pattern/line-pattern.ts';
import type { MatchCollector, NumberedLines } from './matches.ts';

/** A longer text is one endless line, which is tested part by part. */
const MAX_BLOCK_CHARS = 128 * 1024;
/** Lines that are collected between two looks at the clock. */
const STEP_LINES = 256;
/** A line is tested up to here; the rest of a minified file in one line is not searched. */
const MAX_TESTED_CHARS = 400_000;

export interface TesterOptions {
  readonly matcher: LineMatcher;
  readonly collector: MatchCollector;
  /** How the lines of a block are shown and counted; `hits` are the indices of those that match. */
  readonly number: (block: LineBlock, hits: readonly number[]) => Omit<NumberedLines, 'lines'>;
  /** Lines at the beginning of the text that are only shown around others. */
  readonly skip?: number;
  /** The number of lines up to those at the end that are only shown around others. */
  readonly until?: number;
  /** Sees each block before it is tested. */
  readonly look?: (block: LineBlock) => void;
}

/** Tests a text that comes in blocks of lines. */
export class BlockTester {
  /** Where a `LineReader` puts the text. */
  readonly blocks: LineBlocks;
  /** The number of lines of which only the beginning was tested. */
  cutLines = 0;
  readonly #options: TesterOptions;
  readonly #skip: number;
  readonly #until: number;
  #ready: LineBlock[] = [];

  constructor(options: TesterOptions) {
    this.#options = options;
    this.#skip = options.skip ?? 0;
    this.#until = options.until ?? Infinity;
    this.blocks = new LineBlocks((block) => this.#ready.push(block), MAX_TESTED_CHARS);
  }

  /** Whether blocks have come that were not tested, because nothing more was wanted. */
  get hasRest(): boolean {
    return this.#ready.length > 0;
  }

  /** Tests the blocks that have come. @returns whether more are wanted, at once where nothing takes long */
  test(signal: AbortSignal | undefined): boolean | Promise<boolean> {
    for (;;) {
      const block = this.#ready[0];
      if (!block) return !this.#options.collector.isFull;
      if (this.#mayMatch(block)) return this.#testAll(signal);
      this.#ready.shift();
      this.#pass(block);
    }
  }

  async #testAll(signal: AbortSignal | undefined): Promise<boolean> {
    for (let block = this.#ready.shift(); block; block = this.#ready.shift()) {
      if (this.#mayMatch(block)) await this.#testBlock(block, signal);
      else this.#pass(block);
      if (this.#options.collector.isFull) return false;
      if (sliceIsOver()) await nextSlice(signal);
    }
    return !this.#options.collector.isFull;
  }

  #mayMatch(block: LineBlock): boolean {
    const { matcher, collector } = this.#options;
    return (
      collector.wantsLines ||
      block.before < this.#skip ||
      block.text.length > MAX_BLOCK_CHARS ||
      matcher.mayMatch(block.text)
    );
  }

  /** Nothing matches in the block. */
  #pass(block: LineBlock): void {
    this.#options.look?.(block);
    if (block.isCut) this.cutLines++;
    const { collector, number } = this.#options;
    const from = startOfLastLines(block.text, collector.contextLines);
    const lines = from === -1 ? [] : block.text.slice(from).split('\n');
    const { label, place } = number(block, []);
    const left = block.count - lines.length;
    collector.take(
      { lines, label: (index, by) => label(index + left, by), place: (index) => place(index + left) },
      new Set(),
    );
  }

  async #testBlock(block: LineBlock, signal: AbortSignal | undefined): Promise<void> {
    const { matcher, collector, number, look } = this.#options;
    look?.(block);
    const lines = block.text.split('\n');
    const first = Math.max(0, this.#skip - block.before);
    const tested = lines.slice(first, Math.max(first, this.#until - block.before));
    const found =
      tested.length === 0
        ? { hits: new Set<number>(), cut: new Set<number>() }
        : await matcher.match(tested, signal);
    // A matcher finds them in order.
    const hits = first === 0 ? [...found.hits] : Array.from(found.hits, (hit) => hit + first);
    for (const cut of found.cut) if (!(block.isCut && cut + first === 0)) this.cutLines++;
    if (block.isCut && first === 0 && !found.hits.has(0)) this.cutLines++;
    const kept = collector.count(hits);
    if (kept.length === 0 && hits.length > 0) return;
    const { label, place } = number(block, kept);
    // What is before a match that is not kept any more is not shown.
    const from = kept.length < hits.length ? Math.max(0, (kept[0] ?? 0) - collector.contextLines) : 0;
    let next = 0;
    for (let start = from; start < lines.length; start += STEP_LINES) {
      const part = new Set<number>();
      for (; (kept[next] ?? Infinity) < start + STEP_LINES; next++) part.add((kept[next] ?? 0) - start);
      collector.take(
        {
          lines: lines.slice(start, start + STEP_LINES),
          label: (index, by) => label(index + start, by),
          place: (index) => place(index + start),
        },
        part,
      );
      if (sliceIsOver()) await nextSlice(signal);
    }
  }
}

/** Where the last lines of a text begin; -1 for none. */
function startOfLastLines(text: string, count: number): number {
  if (count === 0) return -1;
  let at = text.length;
  for (let line = 0; line < count && at > 0; line++) at = text.lastIndexOf('\n', at - 1);
  return at <= 0 ? 0 : at + 1;
}
