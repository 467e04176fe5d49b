/**
 * Controls, line ends, format characters, lone surrogates, and what Unicode says to show as nothing (zero-width and tag
 * characters, fillers, variation selectors that can carry hidden data). U+FE0F, which belongs to many emoji, is left alone.
 */
const hidden = /[[\p{Cc}\p{Zl}\p{Zp}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]--[\ufe0f]]/gv;

const named = new Map([
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\r', '\\r'],
]);

/**
 * Makes text that may contain names from elsewhere safe for a terminal: one line on which everything can be seen. What
 * could move the cursor, change colors, break a list, turn the direction of writing or hide something becomes an escape.
 */
export function printable(text: string): string {
  return text.replace(hidden, (character) => named.get(character) ?? escaped(character));
}

// As in JSON, so that text that is JSON stays JSON.
function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, at) =>
    character.charCodeAt(at).toString(16).padStart(4, '0'),
  )
    .map((unit) => `\\u${unit}`)
    .join('');
}

/** The same for text of several lines; the line breaks stay. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}
