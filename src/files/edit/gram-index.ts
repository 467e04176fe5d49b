const GRAM = 8;
const BASE = 0x01000193;

/** A short part of a text that is looked for, and the blocks in which it may begin. */
export interface Anchor<Block> {
  readonly text: string;
  /** Where it begins in the text that is looked for. */
  readonly offset: number;
  readonly blocks: Set<Block>;
}

/** Anchors of one length, by their hash. */
interface AnchorLength<Block> {
  readonly length: number;
  readonly anchors: Map<number, Anchor<Block>[]>;
  /** Tells of most hashes without a look into the map that no anchor has them. */
  readonly filter: Uint8Array;
}

/**
 * Finds where texts may begin that are to be looked for later, in one pass over the text in which they will be: of each
 * it takes the eight characters that are rarest there (Rabin and Karp, 1987).
 */
export class GramIndex<Block> {
  readonly #lengths = new Map<number, AnchorLength<Block>>();
  readonly #anchors = new Map<string, Anchor<Block>>();

  constructor(text: string, wanted: Iterable<string>) {
    const counts = countGrams(text);
    for (const one of wanted) if (one !== '' && !this.#anchors.has(one)) this.#add(one, counts);
  }

  /** The longest part of a text that follows a place and has a say in what begins there. */
  get overhang(): number {
    return GRAM - 1;
  }

  /** Of a text that was wanted. */
  anchorOf(wanted: string): Anchor<Block> | undefined {
    return this.#anchors.get(wanted);
  }

  /** Hands out the anchors that are whole in a text and begin before an index of it. */
  scan(text: string, to: number, take: (at: number, anchor: Anchor<Block>) => void): void {
    for (const { length, anchors, filter } of this.#lengths.values()) {
      const power = powerOf(length);
      const last = Math.min(to, text.length - length + 1) + length - 1;
      for (let at = 0, hash = 0; at < last; at++) {
        hash = (Math.imul(hash, BASE) + text.charCodeAt(at)) | 0;
        if (at >= length) hash = (hash - Math.imul(text.charCodeAt(at - length), power)) | 0;
        if (at < length - 1 || filter[hash >>> 16] === 0) continue;
        const found = anchors.get(hash);
        if (found) for (const anchor of found) take(at - length + 1, anchor);
      }
    }
  }

  #add(wanted: string, counts: Uint32Array): void {
    const length = Math.min(GRAM, wanted.length);
    const { offset, hash } = rarest(wanted, length, counts);
    const text = wanted.slice(offset, offset + length);
    const same = this.#lengths.get(length) ?? {
      length,
      anchors: new Map<number, Anchor<Block>[]>(),
      filter: new Uint8Array(0x10000),
    };
    this.#lengths.set(length, same);
    const known = same.anchors.get(hash) ?? [];
    const twin = known.find((anchor) => anchor.text === text);
    const anchor = { text, offset, blocks: twin?.blocks ?? new Set<Block>() };
    this.#anchors.set(wanted, anchor);
    if (!twin) same.anchors.set(hash, [...known, anchor]);
    same.filter[hash >>> 16] = 1;
  }
}

/** How often there are parts of eight characters in a text, by their hash: about, since some share one. */
function countGrams(text: string): Uint32Array {
  const size = 2 ** Math.min(20, Math.max(10, Math.ceil(Math.log2(text.length + 1)) - 2));
  const counts = new Uint32Array(size);
  const power = powerOf(GRAM);
  for (let at = 0, hash = 0; at < text.length; at++) {
    hash = (Math.imul(hash, BASE) + text.charCodeAt(at)) | 0;
    if (at >= GRAM) hash = (hash - Math.imul(text.charCodeAt(at - GRAM), power)) | 0;
    counts[hash & (size - 1)] = (counts[hash & (size - 1)] ?? 0) + 1;
  }
  return counts;
}

function rarest(text: string, length: number, counts: Uint32Array): { offset: number; hash: number } {
  const power = powerOf(length);
  let [offset, found, least] = [0, 0, Infinity];
  for (let at = 0, hash = 0; at < text.length && least > 0; at++) {
    hash = (Math.imul(hash, BASE) + text.charCodeAt(at)) | 0;
    if (at >= length) hash = (hash - Math.imul(text.charCodeAt(at - length), power)) | 0;
    if (at < length - 1) continue;
    const count = length < GRAM ? 0 : (counts[hash & (counts.length - 1)] ?? 0);
    if (count < least) [offset, found, least] = [at - length + 1, hash, count];
  }
  return { offset, hash: found };
}

function powerOf(length: number): number {
  let power = 1;
  for (let at = 0; at < length; at++) power = Math.imul(power, BASE);
  return power;
}
