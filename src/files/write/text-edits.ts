import { AppError } from '../../errors.ts';
import { closestPlace } from './near-miss.ts';

export interface Replacement {
  readonly oldText: string;
  readonly newText: string;
  readonly replaceAll: boolean;
}

/**
 * Applies replacements one after the other, each to the outcome of those before it. Line ends match each
 * other whatever they are, and new ones are written as the lines around them are.
 *
 * @throws AppError `invalid_input` when one does not match, or matches more than once
 */
export function applyEdits(text: string, replacements: readonly Replacement[], where: string): string {
  return replacements.reduce((sum, each, index) => {
    const name = replacements.length === 1 ? 'old_text' : `old_text of edit ${index + 1}`;
    return apply(sum, each, name, where);
  }, text);
}

function apply(text: string, replacement: Replacement, name: string, where: string): string {
  const { lines: plain, at } = withPlainLineEnds(text);
  const wanted = replacement.oldText.replace(/\r\n?/g, '\n');
  if (wanted === '')
    throw new AppError('invalid_input', `${name} is empty`, {
      hint: 'Copy the lines to change from the file.',
      remedy: { kind: 'read' },
    });
  const found = occurrences(plain, wanted);
  if (found.length === 0) {
    const { line, difference } = closestPlace(plain, wanted);
    throw new AppError(
      'invalid_input',
      `${name} is not in ${where}`,
      line === 0
        ? { hint: 'Nothing in the file is like it.', remedy: { kind: 'read' } }
        : {
            hint: `The closest place is line ${line}. Below, "-" is what was sent and "+" what the file has.`,
            excerpt: difference,
          },
    );
  }
  if (found.length > 1 && !replacement.replaceAll) {
    const lines = found.slice(0, 5).map((index) => lineAt(plain, index));
    throw new AppError(
      'invalid_input',
      `${name} is in ${where} ${found.length} times, at the lines ${lines.join(', ')}${found.length > 5 ? ' and others' : ''}`,
      { hint: 'Add lines around it until it is there once.', remedy: { kind: 'replace-all' } },
    );
  }
  const usual = usualLineEnd(text);
  let result = '';
  let done = 0;
  for (const index of found) {
    const [start, end] = [at(index), at(index + wanted.length)];
    const lineEnd = /\r\n|\r|\n/.exec(text.slice(start, end))?.[0] ?? usual;
    const { newText } = replacement;
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

/** The text with LF at each line end, and where an index of it lies in the text itself. */
function withPlainLineEnds(text: string): { lines: string; at: (index: number) => number } {
  if (!text.includes('\r')) return { lines: text, at: (index) => index };
  const pairs: number[] = [];
  for (let at = text.indexOf('\r\n'); at !== -1; at = text.indexOf('\r\n', at + 2))
    pairs.push(at - pairs.length);
  const before = (index: number): number => {
    let [low, high] = [0, pairs.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[middle] ?? Infinity) < index) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return { lines: text.replace(/\r\n?/g, '\n'), at: (index) => index + before(index) };
}

/** Undefined where there is none yet. */
function usualLineEnd(text: string): string | undefined {
  const pairs = text.match(/\r\n/g)?.length ?? 0;
  const feeds = (text.match(/\n/g)?.length ?? 0) - pairs;
  const returns = (text.match(/\r/g)?.length ?? 0) - pairs;
  if (pairs + feeds + returns === 0) return undefined;
  if (returns > pairs && returns > feeds) return '\r';
  return pairs > feeds ? '\r\n' : '\n';
}

function lineAt(text: string, index: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < index; at = text.indexOf('\n', at + 1)) line++;
  return line;
}
