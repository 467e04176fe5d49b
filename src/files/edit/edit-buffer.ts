import { GramIndex } from './gram-index.ts';
import type { Anchor } from './gram-index.ts';
import { countLineEnds, CR, CRLF, joinPlain, LF, toPlain, toRaw } from './line-ends.ts';
import type { LineEnd, PlainText } from './line-ends.ts';

/** Characters of a block. What changes costs time for one or two of them. */
const BLOCK = 256;
const SMALLEST = 64;
/** To find and replace at a place costs as much as to read so many characters. */
const PLACE_COST = 10;

/** A part of the text; they follow each other in a list. */
interface Block {
  text: string;
  /** What its line ends stand for; absent where all are LF. */
  ends: Uint8Array | undefined;
  before: Block | undefined;
  after: Block | undefined;
  /** Where it begins in the text, as of the last count. */
  start: number;
  /** What may begin in it, or might before it changed. */
  anchors: Anchor<Block>[] | undefined;
}

/** A place in the text. */
interface Place {
  readonly block: Block;
  readonly at: number;
}

/** The places of one text in another, in order and without overlap. */
export type Places = readonly Place[];

/** Counts what was done, and throws when it is too much. */
export type Spend = (characters: number) => void;

/**
 * A text that many replacements are made in. The texts that will be looked for are known from the start, so that one
 * pass over the text finds where each may be, and a replacement costs a pass over what it changes.
 */
export class EditBuffer {
  readonly #index: GramIndex<Block>;
  readonly #spend: Spend;
  #first: Block | undefined;
  #last: Block | undefined;
  #length: number;
  readonly #counts: [lf: number, crlf: number, cr: number] = [0, 0, 0];
  #isCounted = false;

  /** @param wanted all that will be looked for, with LF as line ends */
  constructor(raw: string, wanted: readonly string[], spend: Spend) {
    const plain = toPlain(raw);
    this.#spend = spend;
    spend(raw.length + wanted.reduce((sum, one) => sum + one.length, 0));
    this.#index = new GramIndex(plain.text, wanted);
    this.#length = plain.text.length;
    this.#count(plain, 1);
    const blocks = blocksOf(plain);
    for (const block of blocks) this.#append(block);
    this.#index.scan(plain.text, plain.text.length, (at, anchor) => {
      const block = blocks[Math.min(Math.floor(at / BLOCK), blocks.length - 1)];
      if (block) register(block, anchor);
    });
  }

  get length(): number {
    return this.#length;
  }

  /** The text with LF as line ends. */
  plain(): string {
    return this.#all()
      .map(({ text }) => text)
      .join('');
  }

  raw(): string {
    return toRaw(joinPlain(this.#all()));
  }

  /** Where a text is, of those that were named at the start. */
  find(wanted: string): Places {
    const anchor = this.#index.anchorOf(wanted);
    if (!anchor) return [];
    const blocks = [...anchor.blocks];
    if (blocks.length > 1) this.#number();
    const found: Place[] = [];
    // Where the text after the last place begins, moved by the offset of the anchor as its places are.
    let free = 0;
    for (const block of blocks.toSorted((a, b) => a.start - b.start)) {
      const view = block.text + this.#overhang(block);
      const next = (from: number): number => view.indexOf(anchor.text, from);
      this.#spend(view.length);
      for (let at = next(free - block.start); at !== -1 && at < block.text.length;) {
        const place = back(block, at, anchor.offset);
        const isThere = place !== undefined && (anchor.text === wanted || this.#is(place, wanted));
        if (isThere) found.push(place);
        this.#spend(PLACE_COST);
        free = block.start + at + (isThere ? wanted.length : 1);
        at = next(free - block.start);
      }
    }
    return found;
  }

  /** The number of the line that a place is in. */
  lines(places: Places): number[] {
    this.#number();
    const text = this.plain();
    return places.map(({ block, at }) => countLineEnds(text, block.start + at) + 1);
  }

  /** Puts a text at places of one length. Its line ends become those of what was there, or those of the text around. */
  replace(places: Places, length: number, newText: string): void {
    const usual = this.#usual();
    const inserts = new Map<LineEnd | undefined, PlainText>();
    const insert = (end: LineEnd | undefined): PlainText => {
      const known = inserts.get(end) ?? withLineEnds(newText, end);
      inserts.set(end, known);
      return known;
    };
    for (let next = 0; next < places.length;) {
      const run = this.#run(places, next, length);
      next += run.cuts.length;
      this.#rebuild(run, (removed) => insert(removed ?? usual));
    }
  }

  /** The blocks that are changed together, beginning with that of one place, and where in them. */
  #run(places: Places, index: number, length: number): Run {
    const blocks: Block[] = [];
    const offsets = new Map<Block, number>();
    let size = 0;
    const add = (block: Block): void => {
      offsets.set(block, size);
      blocks.push(block);
      size += block.text.length;
    };
    const cuts: Cut[] = [];
    for (let place = places[index]; place; place = places[++index]) {
      if (blocks.length === 0) add(place.block);
      const offset = offsets.get(place.block);
      if (offset === undefined) break;
      const [start, end] = [offset + place.at, offset + place.at + length];
      cuts.push({ start, end });
      // A line end that is cut off beside another may become one with it.
      for (let after = blocks.at(-1)?.after; after && (size < end || (size === end && this.#mixed));) {
        add(after);
        after = after.after;
      }
    }
    return { blocks, cuts };
  }

  get #mixed(): boolean {
    return this.#counts[CR] > 0 || this.#counts[CRLF] > 0;
  }

  #rebuild({ blocks, cuts }: Run, insert: Insert): void {
    const changed = cutAndPut(joinPlain(blocks), cuts, insert);
    const before = blocks[0]?.before;
    const mayMerge = cuts[0]?.start === 0 && (this.#mixed || changed.ends !== undefined);
    const needsBefore = before && (changed.text.length < SMALLEST || mayMerge);
    const gone = needsBefore ? [before, ...blocks] : blocks;
    const whole = needsBefore ? joinPlain([before, changed]) : changed;
    this.#spend(whole.text.length);
    for (const block of gone) this.#count(block, -1);
    this.#count(whole, 1);
    this.#length += whole.text.length - gone.reduce((sum, { text }) => sum + text.length, 0);
    this.#swap(gone, blocksOf(whole));
  }

  #swap(old: readonly Block[], blocks: readonly Block[]): void {
    this.#isCounted = false;
    const [before, after] = [old[0]?.before, old.at(-1)?.after];
    for (const block of old) for (const anchor of block.anchors ?? []) anchor.blocks.delete(block);
    const row = [before, ...blocks, after];
    for (let at = 0; at + 1 < row.length; at++) {
      const [left, right] = [row[at], row[at + 1]];
      if (left) left.after = right;
      if (right) right.before = left;
    }
    if (!before) this.#first = blocks[0] ?? after;
    if (!after) this.#last = blocks.at(-1) ?? before;
    for (const block of blocks) this.#scan(block, 0);
    // What began in the blocks before and reached into these may begin there no more, and others may.
    let reach = this.#index.overhang;
    for (let block = before; block && reach > 0; block = block.before) {
      this.#scan(block, Math.max(0, block.text.length - reach));
      reach -= block.text.length;
    }
  }

  #append(block: Block): void {
    block.before = this.#last;
    if (this.#last) this.#last.after = block;
    this.#first ??= block;
    this.#last = block;
  }

  /** Finds the anchors that begin in a block, from one index on. */
  #scan(block: Block, from: number): void {
    const text = from === 0 ? block.text : block.text.slice(from);
    this.#index.scan(text + this.#overhang(block), text.length, (_at, anchor) => register(block, anchor));
  }

  /** As much of the blocks after one as may belong to what begins in it. */
  #overhang(block: Block): string {
    const length = this.#index.overhang;
    let text = '';
    for (let after = block.after; after && text.length < length; after = after.after)
      text += after.text.slice(0, length - text.length);
    return text;
  }

  #is({ block, at }: Place, wanted: string): boolean {
    this.#spend(1);
    if (wanted.length <= block.text.length - at) return block.text.startsWith(wanted, at);
    let done = block.text.length - at;
    if (!wanted.startsWith(block.text.slice(at))) return false;
    for (let here = block.after; here && done < wanted.length; here = here.after) {
      const length = Math.min(wanted.length - done, here.text.length);
      if (!wanted.startsWith(here.text.slice(0, length), done)) return false;
      this.#spend(length);
      done += length;
    }
    return done === wanted.length;
  }

  #number(): void {
    if (this.#isCounted) return;
    let start = 0;
    for (let block = this.#first; block; block = block.after) {
      block.start = start;
      start += block.text.length;
    }
    this.#isCounted = true;
  }

  #all(): Block[] {
    const all: Block[] = [];
    for (let block = this.#first; block; block = block.after) all.push(block);
    return all;
  }

  #count({ text, ends }: PlainText | Block, by: 1 | -1): void {
    if (ends) for (const end of ends) this.#counts[end as LineEnd] += by;
    else this.#counts[LF] += by * countLineEnds(text);
  }

  /** What most of the line ends are; undefined where there is none yet. */
  #usual(): LineEnd | undefined {
    const [feeds, pairs, returns] = this.#counts;
    if (feeds + pairs + returns === 0) return undefined;
    if (returns > pairs && returns > feeds) return CR;
    return pairs > feeds ? CRLF : LF;
  }
}

interface Cut {
  readonly start: number;
  readonly end: number;
}

interface Run {
  readonly blocks: readonly Block[];
  readonly cuts: readonly Cut[];
}

/** What is put in the place of a text, by its first line end. */
type Insert = (removed: LineEnd | undefined) => PlainText;

function cutAndPut(old: PlainText, cuts: readonly Cut[], insert: Insert): PlainText {
  const parts: PlainText[] = [];
  const keep = cutter(old);
  let done = 0;
  for (const { start, end } of cuts) {
    parts.push(keep(done, start));
    parts.push(insert(firstEnd(keep(start, end))));
    done = end;
  }
  return joinPlain([...parts, keep(done, old.text.length)]);
}

function blocksOf({ text, ends }: PlainText): Block[] {
  const blocks: Block[] = [];
  const cut = cutter({ text, ends });
  for (let at = 0; at < text.length;) {
    const end = text.length - at < 2 * BLOCK ? text.length : at + BLOCK;
    const part = cut(at, end);
    blocks.push({
      text: part.text,
      ends: part.ends,
      before: undefined,
      after: undefined,
      start: 0,
      anchors: undefined,
    });
    at = end;
  }
  return blocks;
}

/** Cuts parts out of a text, each of which begins where the one before has ended. */
function cutter({ text, ends }: PlainText): (start: number, end: number) => PlainText {
  let used = 0;
  return (start, end) => {
    const part = text.slice(start, end);
    if (!ends) return { text: part };
    const from = used;
    used += countLineEnds(part);
    return { text: part, ends: ends.subarray(from, used) };
  };
}

function firstEnd({ text, ends }: PlainText): LineEnd | undefined {
  if (!text.includes('\n')) return undefined;
  return (ends?.[0] ?? LF) as LineEnd;
}

/** A new text with its line ends as they are wanted, or as they are where there is no wish. */
function withLineEnds(text: string, end: LineEnd | undefined): PlainText {
  const plain = toPlain(text);
  if (end === undefined) return plain;
  if (end === LF) return { text: plain.text };
  return { text: plain.text, ends: new Uint8Array(countLineEnds(plain.text)).fill(end) };
}

function register(block: Block, anchor: Anchor<Block>): void {
  if (anchor.blocks.has(block)) return;
  (block.anchors ??= []).push(anchor);
  anchor.blocks.add(block);
}

function back(block: Block, at: number, by: number): Place | undefined {
  let here: Block | undefined = block;
  let place = at - by;
  while (here && place < 0) {
    here = here.before;
    place += here?.text.length ?? 0;
  }
  return here && { block: here, at: place };
}
