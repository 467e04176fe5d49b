import { diffArrays } from 'diff';

export interface NearMiss {
  /** 1-based; 0 when nothing is like it. */
  readonly line: number;
  /** What was wanted and what is there, as the lines of a diff. */
  readonly difference: string;
}

const MAX_LINES = 40;
const MAX_WIDTH = 300;
/** Below this, two lines have no more in common than any two. */
const ALIKE = 0.5;

/** The place in a text that is most like what was looked for and not found. */
export function closestPlace(text: string, wanted: string): NearMiss {
  const lines = text.split('\n');
  const sought = wanted.replace(/\n$/, '').split('\n');
  const start = byEqualLines(lines, sought) ?? byAlikeLine(lines, sought);
  if (start === undefined) return { line: 0, difference: '' };
  const there = lines.slice(start, start + sought.length);
  const difference = diffArrays(sought, there)
    .flatMap(({ value, added, removed }) =>
      value.map((line) => `${removed ? '-' : added ? '+' : ' '}${line}`),
    )
    .map((line) => visible(line.length > MAX_WIDTH ? `${line.slice(0, MAX_WIDTH)}...` : line));
  return { line: start + 1, difference: difference.slice(0, MAX_LINES).join('\n') };
}

const bare = (line: string): string => line.replace(/\s+/g, ' ').trim();

/** Each line that is there, blanks aside, votes for where the first one would have to be. */
function byEqualLines(lines: readonly string[], sought: readonly string[]): number | undefined {
  const offsets = new Map<string, number[]>();
  for (const [index, line] of sought.entries())
    if (bare(line) !== '') offsets.set(bare(line), [...(offsets.get(bare(line)) ?? []), index]);
  const votes = new Map<number, number>();
  for (const [index, line] of lines.entries())
    for (const offset of offsets.get(bare(line)) ?? [])
      if (index >= offset) votes.set(index - offset, (votes.get(index - offset) ?? 0) + 1);
  return best(votes);
}

function byAlikeLine(lines: readonly string[], sought: readonly string[]): number | undefined {
  const offset = sought.findIndex((line) => bare(line).length > 1);
  const wanted = pairsOf(bare(sought[offset] ?? ''));
  if (wanted.size === 0) return undefined;
  const votes = new Map<number, number>();
  for (const [index, line] of lines.entries()) {
    // A line of quite another length cannot be alike, and is not worth the work.
    if (index < offset || line.length > wanted.size * 4 + 20) continue;
    const pairs = pairsOf(bare(line));
    let shared = 0;
    for (const pair of pairs) if (wanted.has(pair)) shared++;
    const likeness = (2 * shared) / (wanted.size + pairs.size);
    if (likeness >= ALIKE) votes.set(index - offset, likeness);
  }
  return best(votes);
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

function pairsOf(line: string): Set<string> {
  const pairs = new Set<string>();
  for (let at = 0; at + 1 < line.length; at++) pairs.add(line.slice(at, at + 2).toLowerCase());
  return pairs;
}

/** Blanks at the end, tabs and marks that cannot be seen are what most often makes the difference. */
function visible(line: string): string {
  return line
    .replace(/\t/g, '\\t')
    .replace(
      /[\u00a0\u200b-\u200f\u2028-\u202e\ufeff]/g,
      (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
    .replace(/ +$/, (blanks) => '\\x20'.repeat(blanks.length));
}
