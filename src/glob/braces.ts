import { GlobError } from './glob-error.ts';

/** More patterns than this are refused: every file is tested against each of them. */
const MAX_ALTERNATIVES = 64;

/**
 * The patterns that `{one,two}` stands for, as in bash: braces in braces come out as well.
 *
 * @param strict a backslash quotes the next character, `{one}` means `one`, and a brace without its counterpart is
 *   refused. Otherwise a backslash is a character like any other, and braces that are not complete mean themselves.
 * @throws GlobError
 */
export function expandBraces(pattern: string, strict: boolean): string[] {
  const chars = pattern.match(strict ? /\\.|./gsu : /./gsu) ?? [];
  return [...new Set(expand(chars, pairs(chars, strict), { from: 0, to: chars.length }, strict))];
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Where the brace that is opened at an index is closed. */
function pairs(chars: readonly string[], strict: boolean): ReadonlyMap<number, number> {
  const closed = new Map<number, number>();
  const open: number[] = [];
  for (const [index, char] of chars.entries()) {
    if (char === '{') open.push(index);
    if (char !== '}') continue;
    const start = open.pop();
    if (start !== undefined) closed.set(start, index);
    else if (strict) throw new GlobError('has a } without a {');
  }
  if (strict && open.length > 0) throw new GlobError('has a { without a }');
  return closed;
}

function expand(
  chars: readonly string[],
  closed: ReadonlyMap<number, number>,
  { from, to }: Span,
  strict: boolean,
): string[] {
  let all = [''];
  for (let at = from; at < to; at++) {
    const end = closed.get(at);
    if (end === undefined) {
      all = all.map((one) => one + (chars[at] ?? ''));
      continue;
    }
    const choices = split(chars, closed, { from: at + 1, to: end });
    const inner = choices.flatMap((choice) => expand(chars, closed, choice, strict));
    const plain = choices.length > 1 || strict ? inner : inner.map((one) => `{${one}}`);
    all = all.flatMap((one) => plain.map((choice) => one + choice));
    if (all.length > MAX_ALTERNATIVES)
      throw new GlobError(`has more than ${MAX_ALTERNATIVES} alternatives in braces`);
    at = end;
  }
  return all;
}

/** The choices between two braces; the commas of braces inside are left alone. */
function split(chars: readonly string[], closed: ReadonlyMap<number, number>, { from, to }: Span): Span[] {
  const choices: Span[] = [];
  let start = from;
  for (let at = from; at < to; at++) {
    at = closed.get(at) ?? at;
    if (chars[at] !== ',') continue;
    choices.push({ from: start, to: at });
    start = at + 1;
  }
  return [...choices, { from: start, to }];
}
