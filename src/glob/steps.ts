import { GlobError } from './glob-error.ts';
import { foldCase } from './letter-case.ts';

/** One step of a pattern: text as it is, or what may stand in its place. */
export type GlobStep =
  | { readonly kind: 'text'; readonly text: string }
  /** `?`, `*`, `**` before a slash, and any other `**`. */
  | { readonly kind: 'one' | 'some' | 'folders' | 'anything' }
  /** `[a-c]`: ranges of code points, both ends included, folded like the names they are compared with. */
  | { readonly kind: 'class'; readonly negated: boolean; readonly ranges: readonly CodePointRange[] };

export type CodePointRange = readonly [first: number, last: number];

/** A character of a pattern, and whether it stands for nothing but itself. */
interface PatternChar {
  readonly char: string;
  readonly quoted: boolean;
}

/**
 * The steps of a pattern without braces.
 *
 * @param strict a backslash quotes the next character, and a bracket that is not closed or whose range runs backwards
 *   is refused. Otherwise a backslash is a character like any other, and what is not complete means itself.
 * @throws GlobError
 */
export function parseSteps(pattern: string, strict: boolean): GlobStep[] {
  const chars = (pattern.match(strict ? /\\.|./gsu : /./gsu) ?? []).map((char) =>
    strict && char.length > 1 && char.startsWith('\\')
      ? { char: char.slice(1), quoted: true }
      : { char, quoted: false },
  );
  const steps: GlobStep[] = [];
  const is = (at: number, char: string): boolean => chars[at]?.char === char && !(chars[at]?.quoted ?? true);
  for (let at = 0; at < chars.length; at++) {
    const found = is(at, '[') ? readClass(chars, at, strict) : undefined;
    if (found) {
      steps.push(found.step);
      at = found.end;
    } else if (is(at, '?')) steps.push({ kind: 'one' });
    else if (!is(at, '*')) addText(steps, chars[at]?.char ?? '');
    else {
      const start = at;
      while (is(at + 1, '*')) at++;
      if (at === start) steps.push({ kind: 'some' });
      else if (!is(at + 1, '/')) steps.push({ kind: 'anything' });
      else {
        at++;
        // A second one says nothing more.
        if (steps.at(-1)?.kind !== 'folders') steps.push({ kind: 'folders' });
      }
    }
  }
  return steps;
}

function addText(steps: GlobStep[], text: string): void {
  const last = steps.at(-1);
  if (last?.kind === 'text') steps[steps.length - 1] = { kind: 'text', text: last.text + text };
  else steps.push({ kind: 'text', text });
}

function readClass(
  chars: readonly PatternChar[],
  open: number,
  strict: boolean,
): { step: GlobStep; end: number } | undefined {
  const ends = ({ char, quoted }: PatternChar, at: number): boolean =>
    at > open && (char === '/' || (char === ']' && !quoted));
  const end = chars.findIndex(ends);
  const inner = chars.slice(open + 1, end);
  if (chars[end]?.char !== ']' || inner.length === 0) {
    if (strict) throw new GlobError('has a [ that no ] closes');
    return undefined;
  }
  if (strict && /^\[[:.=]/.test(inner.map(({ char }) => char).join('')))
    throw new GlobError('has a named class such as [:alpha:], which is not understood');
  const [first] = inner;
  const negated = inner.length > 1 && first?.quoted === false && ['!', '^'].includes(first.char);
  const ranges = readRanges(negated ? inner.slice(1) : inner);
  if (ranges) return { step: { kind: 'class', negated, ranges }, end };
  if (strict) throw new GlobError('has a range in brackets that runs backwards');
  return undefined;
}

/** Undefined where a range runs backwards. A hyphen that is first or last is itself. */
function readRanges(members: readonly PatternChar[]): CodePointRange[] | undefined {
  const points = members.map(({ char }) => foldCase(char).codePointAt(0) ?? 0);
  const ranges: CodePointRange[] = [];
  for (let at = 0; at < points.length; at++) {
    const hyphen = members[at + 1]?.char === '-' && members[at + 1]?.quoted === false;
    const range = hyphen && at + 2 < points.length;
    const [first = 0, last = first] = [points[at], range ? points[at + 2] : undefined];
    if (last < first) return undefined;
    ranges.push([first, last]);
    if (range) at += 2;
  }
  return ranges;
}
