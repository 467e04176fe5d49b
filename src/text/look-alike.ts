/**
 * Names that look alike: macOS writes a narrow no-break space (U+202F) into the names of its screenshots, and editors
 * replace quotes and hyphens by typographic ones. A model types the plain character that it sees.
 */

/** One character each, so that a pattern with one wildcard for each matches all of them. */
const spaces = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g;
const apostrophes = /[\u2018\u2019\u201a\u201b\u02bc\u2032\u00b4`]/g;
const quotes = /[\u201c\u201d\u201e\u201f\u2033]/g;
const dashes = /[\u2010-\u2015\u2212\u2011\ufe58\ufe63\uff0d]/g;
const unseen = /\p{Default_Ignorable_Code_Point}/gu;

/** The same text with the plain character for each that looks like it. */
export function plainLook(text: string): string {
  if (!/[^\0-\x5f\x61-\x7f]/.test(text)) return text;
  return text.replace(spaces, ' ').replace(apostrophes, "'").replace(quotes, '"').replace(dashes, '-');
}

/** The same for whole names: without what is not seen, and with three dots for an ellipsis. */
export function plainName(name: string): string {
  return plainLook(name.normalize('NFC')).replace(unseen, '').replaceAll('\u2026', '...').trim();
}

/** Whether another text can look like this one. */
export function hasLookAlike(text: string): boolean {
  return /[ '"`-]|\.\.\.|[^\0-\x7f]/.test(text);
}

/** Whether a character is one of several that look alike, of which each stands for one in a name. */
export function isLookAlike(char: string): boolean {
  return /^[ '"`-]$/.test(char) || plainLook(char) !== char;
}

const MOST = 3;

/** In what one name differs from another that looks like it: `U+202F in place of U+0020`. */
export function differenceOf(name: string, from: string): string {
  const [ours, theirs] = [[...name], [...from]];
  if (ours.length !== theirs.length) return 'characters that are not seen, or others that look alike';
  const pairs = ours.flatMap((char, at) =>
    char === theirs[at] ? [] : [`${codeOf(char)} in place of ${codeOf(theirs[at] ?? '')}`],
  );
  return [...new Set(pairs)].slice(0, MOST).join(', ');
}

function codeOf(char: string): string {
  return `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
