import { expandBraces } from './braces.ts';
import { GlobError } from './glob-error.ts';
import { GlobMatcher } from './matcher.ts';
import { assertModest } from './pattern.ts';
import { parseSteps } from './steps.ts';
import type { GlobStep } from './steps.ts';

/**
 * Paths that globs deny, with all that is below them. A wrong guess of what a glob means would leave a folder open, so
 * each is read in every way that makes sense: a name with brackets or braces is denied as it is, too, and a backslash
 * both as a quote and as a slash. What makes no sense is refused.
 */
export class DeniedPaths {
  readonly #matcher: GlobMatcher;

  /** @throws GlobError for the first glob that cannot be understood */
  constructor(globs: readonly string[]) {
    this.#matcher = new GlobMatcher(globs.flatMap(parseDenied), Infinity);
  }

  /** @param path without the first slash */
  covers(path: string): boolean {
    return path !== '' && this.#matcher.covers(path);
  }
}

/** Why a glob cannot be denied, as the end of a sentence; undefined when it can. */
export function whyNotDeniable(glob: string): string | undefined {
  try {
    parseDenied(glob);
    return undefined;
  } catch (error) {
    if (error instanceof GlobError) return error.message;
    throw error;
  }
}

function parseDenied(glob: string): GlobStep[][] {
  assertModest(glob);
  assertUnderstood(glob);
  const patterns = readings(glob);
  // As a path of Windows; a glob that quotes with backslashes may make none.
  if (glob.includes('\\'))
    try {
      patterns.push(...readings(glob.replaceAll('\\', '/')));
    } catch (error) {
      if (!(error instanceof GlobError)) throw error;
    }
  const steps = [...new Set(patterns)].map((one) => withoutRest(parseSteps(one, true)));
  void new GlobMatcher(steps); // is not too long
  return steps;
}

function readings(glob: string): string[] {
  const asName = (pattern: string, special: RegExp): string =>
    pattern.replace(special, (found) => (found.length > 1 ? found : `\\${found}`));
  const patterns = [...expandBraces(glob, true), asName(glob, /\\.|[{}]/gs)].flatMap(withNames);
  const all = [...patterns, asName(glob, /\\.|[[\]{}]/gs)].map(anchored);
  for (const one of all) parseSteps(one, true);
  return all;
}

/** Each bracket may be part of a name (`Photos [old]`) beside others that are wildcards. */
const MAX_BRACKETS = 4;

function withNames(glob: string): string[] {
  const pieces = glob.split(/((?<!\\)\[[^\]/]+\])/);
  if (pieces.length > 2 * MAX_BRACKETS + 1) return [glob];
  return pieces.reduce(
    (all, piece, index) =>
      all.flatMap((one) => (index % 2 === 0 ? [one + piece] : [one + piece, `${one}\\${piece}`])),
    [''],
  );
}

/** Other globs mean something by these. Taken as text, they would deny nothing. */
function assertUnderstood(glob: string): void {
  if (/(?<!\\)[!+@?*]\([^/]*\)/.test(glob))
    throw new GlobError(
      'has an extended pattern such as @(a|b), which is not understood: write {a,b}, or \\( for a parenthesis',
    );
  if (/(?<!\\)\{[^{},/]*\.\.[^{},/]*\}/.test(glob))
    throw new GlobError('has a range in braces, which is not understood: write {a,b,c}');
  if (/(^|[^\\])\\,/.test(glob)) throw new GlobError('has a backslash before a comma: write [,] for a comma');
}

/** As paths are stored, from the home folder on; without a slash at the start it is denied at every depth. */
function anchored(glob: string): string {
  const text = glob
    .normalize('NFC')
    .replace(/\\\//g, '/')
    .replace(/\/+/g, '/')
    .replace(/^(\.\/)+/, '')
    .replace(/\/$/, '');
  if (/(^|\/)\.\.?(\/|$)/.test(text)) throw new GlobError('has a folder . or .. in it, which no path has');
  if (text === '') return '**'; // "/" is everything
  return text.startsWith('/') ? text.slice(1) : text.startsWith('**') ? text : `**/${text}`;
}

/** Without `/**` at the end: the folder itself is denied with what is in it. */
function withoutRest(steps: readonly GlobStep[]): GlobStep[] {
  const last = steps.at(-1);
  const before = steps.at(-2);
  if (last?.kind !== 'anything' || before === undefined) return [...steps];
  if (before.kind === 'folders') return withoutRest([...steps.slice(0, -2), last]);
  if (before.kind !== 'text' || !before.text.endsWith('/')) return [...steps];
  const text = before.text.slice(0, -1);
  return withoutRest([...steps.slice(0, -2), ...(text === '' ? [] : [{ kind: 'text' as const, text }])]);
}
