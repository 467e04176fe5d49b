/**
 * Text that came from outside: from the Nextcloud, another person, a file or an archive. Whatever is shown of
 * it on a line of a result, an error or a terminal passes `escapeLine`, so that it can neither end the line,
 * nor steer a terminal, nor hide a part of itself, nor turn the direction of writing.
 */

/** UTF-16 units of one value at most: the longest path has 4,096. A longer value is cut, and says so. */
const MAX_CHARS = 4096;

/**
 * Controls, line ends, format characters, lone surrogates, and what Unicode says to show as nothing (zero-width and tag
 * characters, fillers, variation selectors that can carry hidden data). U+FE0F, which belongs to many emoji, is left alone.
 */
const hidden = /[[\p{Cc}\p{Zl}\p{Zp}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]--[\ufe0f]]/gv;

const named: ReadonlyMap<string, string> = new Map([
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\r', '\\r'],
]);

// As JSON escapes them, so that a call that is shown with its arguments can be made as it stands.
function escape(character: string): string {
  const short = named.get(character);
  if (short !== undefined) return short;
  return Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
    .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('');
}

/**
 * The text as one line on which everything can be seen.
 *
 * @param maxChars UTF-16 units of the text that are shown; what is cut off is counted
 */
export function escapeLine(text: string, maxChars = MAX_CHARS): string {
  if (text.length <= maxChars) return text.replace(hidden, escape);
  // Not between the two halves of a character.
  const end = /[\ud800-\udbff]/.test(text.charAt(maxChars - 1)) ? maxChars - 1 : maxChars;
  return `${text.slice(0, end).replace(hidden, escape)} [${text.length - end} more characters]`;
}

/** Characters that end a line or steer a terminal; tabs are left alone. */
const controls = /[\p{Zl}\p{Zp}\p{Cs}]|(?!\t)\p{Cc}/gu;

/** A line out of a file as it is, save for what would end it where it is shown among others. */
export function escapeControls(text: string): string {
  return text.replace(controls, escape);
}

/** As escapeLine, for text of several lines of our own making in which foreign values may stand: its line ends stay. */
export function escapeLines(text: string): string {
  return text
    .split('\n')
    .map((line) => escapeLine(line, Infinity))
    .join('\n');
}

/** Values that hold calls of our own making, such as how a change is undone, are as long as they need to be. */
const MAX_DATA_CHARS = 20_000;

/**
 * Plain data with every string in it escaped, names of properties included: what a layout gets, so that no
 * layout can forget a value. Numbers, booleans and what is absent stay as they are.
 */
export function escapeData<T>(data: T): T {
  return escapeValue(data) as T;
}

function escapeValue(value: unknown): unknown {
  if (typeof value === 'string') return escapeLine(value, MAX_DATA_CHARS);
  if (Array.isArray(value)) return value.map((each) => escapeValue(each));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [escapeLine(key), escapeValue(each)]));
}

/** Characters that the escapes of a text add to it. */
export function escapeCost(text: string): number {
  let cost = 0;
  for (const [character] of text.matchAll(hidden)) cost += escape(character).length - character.length;
  return cost;
}
