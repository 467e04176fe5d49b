/**
 * Folds upper and lower case letter by letter. A character that has no single-letter counterpart, or only an ASCII one
 * (`ß`, `İ`, `ſ`), stays as it is: a server that compares letter by letter treats it the same way.
 */
export function foldCase(text: string): string {
  if (isAscii(text)) return text.toLowerCase();
  return Array.from(text, (char) => {
    if (isAscii(char)) return char.toLowerCase();
    const folded = char.toUpperCase().toLowerCase();
    return folded.length === char.length && !isAscii(folded) ? folded : char;
  }).join('');
}

/** Whether a text has cased letters outside of ASCII. SQLite ignores the case of ASCII letters only (observed). */
export function hasForeignCase(text: string): boolean {
  return Array.from(text).some((char) => !isAscii(char) && char.toLowerCase() !== char.toUpperCase());
}

function isAscii(text: string): boolean {
  return /^[ -~]*$/.test(text);
}
