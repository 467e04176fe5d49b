/** Which known word is meant by one that is not known. */

const MOST = 3;
// A caller chooses the word, and the time grows with its length.
const MOST_LETTERS = 64;

/**
 * The words that are meant, best first: those that begin with the given one, else those that a few slips of the
 * keyboard lead to.
 */
export function nearest(given: string, known: readonly string[]): readonly string[] {
  const word = ownPart(given).slice(0, MOST_LETTERS);
  if (word.length < 2) return [];
  const longer = known.filter((one) => ownPart(one).startsWith(word));
  if (longer.length > 0 && longer.length <= MOST) return longer;
  const allowed = Math.max(1, Math.floor(word.length / 3));
  return known
    .map((one) => ({ one, slips: distance(word, ownPart(one)) }))
    .filter(({ slips }) => slips <= allowed)
    .toSorted((a, b) => a.slips - b.slips)
    .filter(({ slips }, _at, [best]) => slips === best?.slips)
    .slice(0, MOST)
    .map(({ one }) => one);
}

/** `Did you mean doctor? ` before another sentence, or an empty text where nothing is near. */
export function didYouMean(given: string, known: readonly string[]): string {
  const words = nearest(given, known);
  return words.length === 0 ? '' : `Did you mean ${words.join(' or ')}? `;
}

/** What a word does not have in common with all others of its kind. */
function ownPart(word: string): string {
  return word.replace(/^(--?|NEXTCLOUD_|MCP_)/, '').toLowerCase();
}

/** Letters added, left out, replaced, or swapped with their neighbor (optimal string alignment distance). */
function distance(one: string, other: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let row = 1; row <= one.length; row++) {
    const line = [row];
    for (let at = 1; at <= other.length; at++) {
      const differs = one[row - 1] === other[at - 1] ? 0 : 1;
      let best = Math.min((last[at] ?? 0) + 1, (line[at - 1] ?? 0) + 1, (last[at - 1] ?? 0) + differs);
      const swapped = one[row - 1] === other[at - 2] && one[row - 2] === other[at - 1];
      if (row > 1 && at > 1 && swapped) best = Math.min(best, (beforeLast[at - 2] ?? 0) + 1);
      line.push(best);
    }
    [beforeLast, last] = [last, line];
  }
  return last[other.length] ?? 0;
}
