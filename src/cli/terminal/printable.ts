/**
 * Makes text that may contain names from elsewhere safe for a terminal. Control characters, which could move the
 * cursor, change colors or break a list, and characters that change the direction of writing become escapes.
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

/** The same for text of several lines; the line breaks stay. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}
