import { AppError } from '../../errors.ts';
import { expandBraces } from '../../glob/braces.ts';
import { GlobError } from '../../glob/glob-error.ts';
import { GlobMatcher } from '../../glob/matcher.ts';
import { assertModest } from '../../glob/pattern.ts';
import { parseSteps } from '../../glob/steps.ts';
import type { GlobStep } from '../../glob/steps.ts';

export interface Glob {
  /**
   * Whether a file is meant: by its path where the pattern says something of folders, otherwise by its name.
   *
   * @param path from the searched folder on
   */
  readonly matches: (path: string) => boolean;
  readonly alternatives: readonly GlobAlternative[];
}

/** What one choice of the braces says. */
export interface GlobAlternative {
  /** What its last part, a name, is made of. */
  readonly name: readonly GlobStep[];
  /** Says something of the folders above the name. */
  readonly withFolders: boolean;
}

/**
 * `*`, `?`, `[a-z]`, `[!a]`, `{one,two}` and `**` for any folders. A character is a code point, upper and
 * lower case are the same, a dot is nothing special, and what is not complete means itself.
 *
 * @throws AppError `invalid_input` for a pattern that is too long or has too many wildcards or alternatives
 */
export function parseGlob(pattern: string): Glob {
  return explained(() => {
    const all = parse(pattern);
    const withFolders = all.filter((steps) => steps.some(saysFolder));
    const paths = new GlobMatcher(withFolders);
    const names = new GlobMatcher(all.filter((steps) => !withFolders.includes(steps)));
    return {
      matches: (path) => names.matches(path.slice(path.lastIndexOf('/') + 1)) || paths.matches(path),
      alternatives: all.map((steps) => ({ name: nameOf(steps), withFolders: withFolders.includes(steps) })),
    };
  });
}

/**
 * The same for a media type, in which a slash is a character like any other.
 *
 * @throws AppError `invalid_input` as {@link parseGlob}
 */
export function parseMimeGlob(pattern: string): (mime: string) => boolean {
  return explained(() => {
    const matcher = new GlobMatcher(parse(pattern.replaceAll('*', '**')));
    return (mime) => matcher.matches(mime);
  });
}

function parse(pattern: string): GlobStep[][] {
  assertModest(pattern);
  return expandBraces(pattern, false).map((one) => parseSteps(one, false));
}

function explained<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof GlobError)) throw cause;
    throw new AppError('invalid_input', `The pattern cannot be used: it ${cause.message}`, {
      hint: 'Search for a part of the name instead.',
      cause,
    });
  }
}

function saysFolder(step: GlobStep): boolean {
  return ['folders', 'anything'].includes(step.kind) || (step.kind === 'text' && step.text.includes('/'));
}

function nameOf(steps: readonly GlobStep[]): GlobStep[] {
  const cut = steps.findLastIndex(saysFolder);
  return [...beginning(steps[cut]), ...steps.slice(cut + 1)];
}

function beginning(step: GlobStep | undefined): GlobStep[] {
  if (step?.kind === 'anything') return [{ kind: 'some' }];
  const text = step?.kind === 'text' ? step.text.slice(step.text.lastIndexOf('/') + 1) : '';
  return text === '' ? [] : [{ kind: 'text', text }];
}
