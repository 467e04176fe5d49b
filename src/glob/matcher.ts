import { GlobError } from './glob-error.ts';
import { foldCase } from './letter-case.ts';
import type { GlobStep } from './steps.ts';

const SLASH = 47;
/** Positions of all alternatives of one pattern. Each character of a name costs time for every one of them. */
const MAX_POSITIONS = 4096;
/** Characters of names for which the matcher remembers where they may stand. */
const MAX_REMEMBERED = 512;

/** What stands before a position; undefined for one that no character leads to. */
type Test = ((point: number) => boolean) | undefined;

/**
 * Matches many patterns in one pass over a text, in time proportional to the length of the text whatever the patterns
 * are (the Shift-And algorithm of Baeza-Yates and Gonnet, 1992). A pattern is a row of positions, and one bit for each
 * tells whether the text so far leads there. A character moves the bits on by one where it may stand, and keeps those
 * where `*` or `**` stands. A character is a code point; upper and lower case are the same.
 */
export class GlobMatcher {
  readonly #tests: Test[] = [];
  readonly #words: number;
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  /** Kept by every character but a slash. */
  readonly #stays: Int32Array;
  /** Kept by a slash. */
  readonly #staysAtSlash: Int32Array;
  /** Before `**` and a slash, which may stand for no folder at all: the next two positions are reached as well. */
  readonly #skips: Int32Array;
  readonly #masks = new Map<number, Int32Array>();

  /** @throws GlobError when the patterns have too many positions */
  constructor(patterns: readonly (readonly GlobStep[])[], most = MAX_POSITIONS) {
    const marks: Record<'starts' | 'ends' | 'stays' | 'staysAtSlash' | 'skips', number[]> = {
      starts: [],
      ends: [],
      stays: [],
      staysAtSlash: [],
      skips: [],
    };
    const here = (): number => this.#tests.length - 1;
    for (const steps of patterns) {
      this.#tests.push(undefined);
      marks.starts.push(here());
      for (const step of steps) {
        if (step.kind === 'some' || step.kind === 'anything') marks.stays.push(here());
        if (step.kind === 'anything') marks.staysAtSlash.push(here());
        if (step.kind === 'folders') {
          marks.skips.push(here());
          this.#tests.push(undefined);
          marks.stays.push(here());
          marks.staysAtSlash.push(here());
        }
        this.#tests.push(...testsOf(step));
      }
      marks.ends.push(here());
      if (this.#tests.length > most) throw new GlobError('is too long with all its alternatives');
    }
    this.#words = Math.ceil(this.#tests.length / 32);
    this.#starts = this.#bits(marks.starts);
    this.#ends = this.#bits(marks.ends);
    this.#stays = this.#bits(marks.stays);
    this.#staysAtSlash = this.#bits(marks.staysAtSlash);
    this.#skips = this.#bits(marks.skips);
  }

  /** Whether one of the patterns matches the whole text. */
  matches(text: string): boolean {
    return this.#run(text, false);
  }

  /** Whether one of the patterns matches the path or a folder above it. The path does not begin with a slash. */
  covers(path: string): boolean {
    return this.#run(path, true);
  }

  #run(text: string, folders: boolean): boolean {
    let now: Int32Array = new Int32Array(this.#words);
    let next: Int32Array = new Int32Array(this.#words);
    now.set(this.#starts);
    this.#skip(now);
    for (const char of foldCase(text)) {
      const point = char.codePointAt(0) ?? 0;
      if (folders && point === SLASH && meet(now, this.#ends)) return true;
      const mask = this.#maskOf(point);
      const stays = point === SLASH ? this.#staysAtSlash : this.#stays;
      let carry = 0;
      let alive = 0;
      for (let word = 0; word < now.length; word++) {
        const bits = now[word] ?? 0;
        const moved = (((bits << 1) | carry) & (mask[word] ?? 0)) | (bits & (stays[word] ?? 0));
        carry = bits >>> 31;
        next[word] = moved;
        alive |= moved;
      }
      if (alive === 0) return false;
      this.#skip(next);
      [now, next] = [next, now];
    }
    return meet(now, this.#ends);
  }

  #skip(bits: Int32Array): void {
    let carry = 0;
    for (let word = 0; word < bits.length; word++) {
      const from = (bits[word] ?? 0) & (this.#skips[word] ?? 0);
      bits[word] = (bits[word] ?? 0) | (from << 1) | (from << 2) | carry;
      carry = (from >>> 31) | (from >>> 30);
    }
  }

  /** The positions that a character leads to. */
  #maskOf(point: number): Int32Array {
    const known = this.#masks.get(point);
    if (known) return known;
    const places = this.#tests.flatMap((test, place) => (test?.(point) ? [place] : []));
    const mask = this.#bits(places);
    if (this.#masks.size >= MAX_REMEMBERED) this.#masks.clear();
    this.#masks.set(point, mask);
    return mask;
  }

  #bits(places: readonly number[]): Int32Array {
    const bits = new Int32Array(this.#words);
    for (const place of places) bits[place >> 5] = (bits[place >> 5] ?? 0) | (1 << (place & 31));
    return bits;
  }
}

function testsOf(step: GlobStep): Test[] {
  switch (step.kind) {
    case 'text':
      return Array.from(foldCase(step.text), (char) => (point) => point === char.codePointAt(0));
    case 'one':
      return [(point) => point !== SLASH];
    case 'class': {
      const { negated, ranges } = step;
      const inside = (point: number): boolean =>
        ranges.some(([first, last]) => point >= first && point <= last);
      return [(point) => point !== SLASH && inside(point) !== negated];
    }
    case 'folders':
      return [(point) => point === SLASH];
    case 'some':
    case 'anything':
      return [];
  }
}

function meet(a: Int32Array, b: Int32Array): boolean {
  return a.some((bits, word) => (bits & (b[word] ?? 0)) !== 0);
}
