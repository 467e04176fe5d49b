import picomatch from 'picomatch';
import { like } from '../nextcloud/search-query.ts';
import type { RemotePath } from '../path.ts';
import { baseName } from '../path.ts';

/** A name to look for. */
export interface NameFilter {
  /** Patterns for the server's `like`; its answer has at least all true hits. */
  readonly likes: readonly string[];
  /** The truth. */
  readonly matches: (path: RemotePath) => boolean;
  /** The server's answer needs no check. */
  readonly exact: boolean;
}

/**
 * A glob (`*.pdf`, `report-202?-*`, `{a,b}.txt`, `invoices/*.pdf` below the folder) or a part of a name.
 * Upper and lower case are the same, in all alphabets.
 */
export function nameFilter(query: string, folder: RemotePath): NameFilter {
  const text = query.trim().normalize('NFC');
  if (text === '') return { likes: [], matches: () => true, exact: true };
  const exact = !/[[\]{}/\\]/.test(text) && !hasForeignCase(text);
  if (!/[*?[\]{}/]/.test(text)) {
    const wanted = text.toLowerCase();
    return {
      likes: [`%${loose(text)}%`],
      matches: (path) => baseName(path).toLowerCase().includes(wanted),
      exact,
    };
  }
  const glob = text.replace(/^\/+/, '');
  const last = glob.slice(glob.lastIndexOf('/') + 1);
  const isMatch = picomatch(glob.replace(/[()+!@|^$"]/g, '\\$&'), {
    dot: true,
    nocase: true,
    nonegate: true,
    noextglob: true,
    basename: !glob.includes('/'),
  });
  const base = folder === '/' ? 1 : folder.length + 1;
  return {
    likes: last === '' || /^\*+$/.test(last) ? [] : [toLike(last)],
    matches: (path) => isMatch(path.slice(base)),
    exact,
  };
}

// Classes and alternatives become "anything"; what they really mean is checked by `matches`.
function toLike(segment: string): string {
  return segment
    .replace(/\{[^}]*\}?/g, '*')
    .replace(/\[[^\]]*\]?/g, '*')
    .split(/(\*+|\?)/)
    .map((part) => (part.startsWith('*') ? '%' : part === '?' ? '_' : loose(part)))
    .join('')
    .replace(/%+/g, '%');
}

// SQLite compares only ASCII letters without case: other letters with a case are left open (observed).
function loose(text: string): string {
  return [...text].map((char) => (hasForeignCase(char) ? '_' : like(char))).join('');
}

function hasForeignCase(text: string): boolean {
  return [...text].some((char) => char > '\u007f' && char.toLowerCase() !== char.toUpperCase());
}
