import { AppError } from '../../errors.ts';
import { like } from '../../nextcloud/dav/search-query.ts';
import type { RemotePath } from '../../path.ts';
import { baseName } from '../../path.ts';
import { parseGlob } from './glob.ts';
import type { GlobAlternative } from './glob.ts';
import { isLookAlike, plainLook } from '../../text/look-alike.ts';
import { foldCase, hasForeignCase } from '../../glob/letter-case.ts';
import { MAX_PATTERN_CHARS } from '../../glob/pattern.ts';

/** A condition on names. */
export interface NameFilter {
  /** Patterns for the `like` of the server, one of which matches every true hit; empty for any name. */
  readonly likes: readonly string[];
  /** The exact check. */
  readonly matches: (path: RemotePath) => boolean;
  /** The patterns match nothing but true hits. */
  readonly exact: boolean;
}

/**
 * A part of a name, or a glob: of names (`*.pdf`, `report-202?-*`), or with a slash of paths from the
 * folder on (`invoices/*.pdf`). Upper and lower case are the same, in all alphabets.
 *
 * @param byLook characters that look alike are the same, too, for a part of a name
 */
export function nameFilter(query: string, folder: RemotePath, byLook = false): NameFilter {
  // To bring a text into NFC can take time with the square of its length. More than a third of its length is left.
  if (query.length > 3 * MAX_PATTERN_CHARS) throw tooLong();
  const text = query.trim().normalize('NFC');
  if (text === '') return { likes: [], matches: () => true, exact: true };
  if (/\p{Cc}/u.test(text) || !text.isWellFormed())
    throw new AppError('invalid_input', 'The query has a character that no name can have', {
      hint: 'Send it without line breaks, tabs and other control characters.',
    });
  if (text.length > MAX_PATTERN_CHARS) throw tooLong();
  const wanted = foldCase(text);
  if (byLook)
    return {
      likes: [`%${loose(text, true)}%`],
      matches: (path) => foldCase(plainLook(baseName(path))).includes(foldCase(plainLook(text))),
      exact: false,
    };
  if (!/[*?[{/]/.test(text))
    return {
      likes: [`%${loose(text)}%`],
      matches: (path) => foldCase(baseName(path)).includes(wanted),
      exact: !hasForeignCase(text),
    };
  const glob = parseGlob(text.replace(/^\/+|\/+$/g, '') || '*');
  const base = folder === '/' ? 1 : folder.length + 1;
  const likes = [...new Set([...glob.alternatives.map(toLike), ...(/[[{]/.test(text) ? [loose(text)] : [])])];
  return {
    likes: likes.includes('%') ? [] : likes,
    // A pasted name with brackets also matches itself.
    matches: (path) => glob.matches(path.slice(base)) || foldCase(baseName(path)) === wanted,
    exact: !hasForeignCase(text) && glob.alternatives.every(isPlain),
  };
}

function tooLong(): AppError {
  return new AppError('invalid_input', `The query has more than ${MAX_PATTERN_CHARS} characters`, {
    hint: 'Search for a part of the name.',
  });
}

/** Some databases need very long for a pattern with more `%` than this. The exact check is made here. */
const MAX_LIKE_WILDCARDS = 8;

function isPlain({ name, withFolders }: GlobAlternative): boolean {
  const wildcards = name.filter(({ kind }) => kind === 'some').length;
  return !withFolders && wildcards <= MAX_LIKE_WILDCARDS && name.every(({ kind }) => kind !== 'class');
}

function toLike({ name }: GlobAlternative): string {
  let wildcards = 0;
  let pattern = '';
  for (const [index, step] of name.entries()) {
    if (step.kind === 'text') pattern += loose(step.text);
    else if (step.kind === 'one' || step.kind === 'class') pattern += '_';
    else if (name[index - 1]?.kind !== step.kind) {
      pattern += '%';
      if (++wildcards === MAX_LIKE_WILDCARDS) break;
    }
  }
  return pattern;
}

function loose(text: string, byLook = false): string {
  const isOpen = (char: string): boolean => hasForeignCase(char) || (byLook && isLookAlike(char));
  return Array.from(text, (char) => (isOpen(char) ? '_' : like(char))).join('');
}

/** Whether names that only look like the query are worth a search of their own: it is a plain part of a name. */
export function mayLookAlike(query: string): boolean {
  return !/[*?[{/]/.test(query) && Array.from(query.trim()).some(isLookAlike);
}
