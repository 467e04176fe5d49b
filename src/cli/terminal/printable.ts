/**
 * Text in which names may stand, as a terminal can be given it: control characters, which could move the cursor,
 * colour the rest or break a list, and those that turn the direction of writing are shown as escapes.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, (character) => {
    const code = character.charCodeAt(0);
    return named.get(code) ?? `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

const named = new Map([
  [9, '\\t'],
  [10, '\\n'],
  [13, '\\r'],
]);

/** The same for a text of several lines, whose ends stay. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}
