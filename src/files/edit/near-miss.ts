import { diffArrays } from 'diff';
import { escapeLine } from '../../text/foreign-text.ts';

export interface NearMiss {
  /** 1-based; 0 when nothing is like it. */
  readonly line: number;
  /** What was wanted and what is there, as the lines of a diff. */
  readonly difference: string;
}

/** Lines of the difference that are shown. */
const MAX_LINES = 40;
const MAX_WIDTH = 300;
/** Lines of the wanted text that are looked for, spread over all of it. */
const MAX_SOUGHT = 200;
/** Places in the wanted text at which one of its lines is taken into account: a line that is everywhere says little. */
const MAX_SAME = 8;
/** Characters of a line that are compared with others. */
const MAX_COMPARED = 500;
/** Below this, two lines have no more in common than any two. */
const ALIKE = 0.5;

/**
 * The place in a text that is most like what was looked for and not found. Takes time in proportion to the text,
 * whatever was looked for.
 */
export function closestPlace(text: string, wanted: string): NearMiss {
  const lines = text.split('\n');
  const sought = wanted.replace(/\n$/, '').split('\n');
  const start = byEqualLines(lines, sought) ?? byAlikeLine(lines, sought);
  if (start === undefined) return { line: 0, difference: '' };
  const there = lines.slice(start, start + sought.length);
  const difference = diffArrays(sought.slice(0, MAX_SOUGHT), there.slice(0, MAX_SOUGHT))
    .flatMap(({ value, added, removed }) =>
      value.map((line) => `${removed ? '-' : added ? '+' : ' '}${line}`),
    )
    .slice(0, MAX_LINES)
    .map((line) => visible(line.length > MAX_WIDTH ? `${line.slice(0, MAX_WIDTH)}...` : line));
  return { line: start + 1, difference: difference.join('\n') };
}

const bare = (line: string): string => line.replace(/\s+/g, ' ').trim();

/** Each line that is there, blanks aside, votes for where the first one would have to be. */
function byEqualLines(lines: readonly string[], sought: readonly string[]): number | undefined {
  const step = Math.max(1, Math.ceil(sought.length / MAX_SOUGHT));
  const offsets = new Map<string, number[]>();
  for (let index = 0; index < sought.length; index += step) {
    const line = bare(sought[index] ?? '');
    const same = offsets.get(line) ?? [];
    if (line === '' || same.length === MAX_SAME) continue;
    same.push(index);
    offsets.set(line, same);
  }
  const votes = new Map<number, number>();
  for (const [index, line] of lines.entries())
    for (const offset of offsets.get(bare(line)) ?? [])
      if (index >= offset) votes.set(index - offset, (votes.get(index - offset) ?? 0) + 1);
  return best(votes);
}

function byAlikeLine(lines: readonly string[], sought: readonly string[]): number | undefined {
  const offset = sought.findIndex((line) => bare(line).length > 1);
  const wanted = pairsOf(bare(sought[offset] ?? '').slice(0, MAX_COMPARED));
  if (wanted.size === 0) return undefined;
  let [found, most]: [number | undefined, number] = [undefined, 0];
  for (const [index, line] of lines.entries()) {
    // A line of quite another length cannot be alike, and is not worth the work.
    if (index < offset || line.length > wanted.size * 4 + 20) continue;
    const pairs = pairsOf(bare(line));
    let shared = 0;
    for (const pair of pairs) if (wanted.has(pair)) shared++;
    const likeness = (2 * shared) / (wanted.size + pairs.size);
    if (likeness >= ALIKE && likeness > most) [found, most] = [index - offset, likeness];
  }
  return found;
}

function best(votes: ReadonlyMap<number, number>): number | undefined {
  let found: number | undefined;
  let most = 0;
  for (const [start, count] of votes)
    if (count > most) {
      most = count;
      found = start;
    }
  return found;
}

/** The pairs of letters in a line, as numbers. */
function pairsOf(line: string): Set<number> {
  const pairs = new Set<number>();
  const lower = line.toLowerCase();
  for (let at = 0; at + 1 < lower.length; at++)
    pairs.add(lower.charCodeAt(at) * 0x10000 + lower.charCodeAt(at + 1));
  return pairs;
}

/** Blanks at the end, tabs and marks that cannot be seen are what most often makes the difference. */
function visible(line: string): string {
  return escapeLine(line, Infinity)
    .replace(/\u00a0/g, '\\u00a0')
    .replace(/ +$/, (blanks) => '\\x20'.repeat(blanks.length));
}
