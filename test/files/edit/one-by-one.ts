import type { Replacement } from '../../../src/files/edit/text-edits.ts';

/**
 * Replacements one after the other, each with a search through the whole text: what `applyEdits` must come to. Throws
 * a plain sentence where one does not fit.
 */
export function applyOneByOne(text: string, replacements: readonly Replacement[]): string {
  return replacements.reduce(apply, text);
}

function apply(text: string, { oldText, newText, replaceAll }: Replacement, index: number): string {
  const { lines: plain, at } = withPlainLineEnds(text);
  const wanted = oldText.replace(/\r\n?/g, '\n');
  if (wanted === '') throw new Error(`${index}: empty`);
  const found = occurrences(plain, wanted);
  if (found.length === 0) throw new Error(`${index}: missing`);
  if (found.length > 1 && !replaceAll) {
    const lines = found.slice(0, 5).map((place) => plain.slice(0, place).split('\n').length);
    throw new Error(`${index}: ${found.length} times, at the lines ${lines.join(', ')}`);
  }
  const usual = usualLineEnd(text);
  let result = '';
  let done = 0;
  for (const place of found) {
    const [start, end] = [at(place), at(place + wanted.length)];
    const lineEnd = /\r\n|\r|\n/.exec(text.slice(start, end))?.[0] ?? usual;
    result += text.slice(done, start) + (lineEnd ? newText.replace(/\r\n?|\n/g, lineEnd) : newText);
    done = end;
  }
  return result + text.slice(done);
}

function occurrences(text: string, wanted: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + wanted.length))
    found.push(at);
  return found;
}

function withPlainLineEnds(text: string): { lines: string; at: (index: number) => number } {
  const pairs: number[] = [];
  for (let at = text.indexOf('\r\n'); at !== -1; at = text.indexOf('\r\n', at + 2))
    pairs.push(at - pairs.length);
  return {
    lines: text.replace(/\r\n?/g, '\n'),
    at: (index) => index + pairs.filter((pair) => pair < index).length,
  };
}

function usualLineEnd(text: string): string | undefined {
  const pairs = text.match(/\r\n/g)?.length ?? 0;
  const feeds = (text.match(/\n/g)?.length ?? 0) - pairs;
  const returns = (text.match(/\r/g)?.length ?? 0) - pairs;
  if (pairs + feeds + returns === 0) return undefined;
  if (returns > pairs && returns > feeds) return '\r';
  return pairs > feeds ? '\r\n' : '\n';
}
