/**
 * One form for upper and lower case, letter by letter. What has no counterpart of a single letter, or
 * one in ASCII only (`ß`, `İ`, `ſ`), equals itself alone: a server that compares letters does so too.
 */
export function foldCase(text: string): string {
  if (isAscii(text)) return text.toLowerCase();
  return Array.from(text, (char) => {
    if (isAscii(char)) return char.toLowerCase();
    const folded = char.toUpperCase().toLowerCase();
    return folded.length === char.length && !isAscii(folded) ? folded : char;
  }).join('');
}

/** SQLite compares only ASCII letters without regard to case (observed); of others this is told. */
export function hasForeignCase(text: string): boolean {
  return Array.from(text).some((char) => !isAscii(char) && char.toLowerCase() !== char.toUpperCase());
}

function isAscii(text: string): boolean {
  return /^[ -~]*$/.test(text);
}
