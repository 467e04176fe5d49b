/**
 * The globs of a list that is separated by commas. A comma in braces or brackets, or after a backslash, belongs to its
 * glob. What is opened and never closed takes the rest of the list with it, so that it is refused as a whole.
 */
export function splitGlobs(list: string): string[] {
  const globs: string[] = [];
  let start = 0;
  let depth = 0;
  for (const { 0: piece, index } of list.matchAll(/\\.|\[[^\]/]+\]|[{},]/gsu)) {
    if (piece === '{') depth++;
    if (piece === '}') depth--;
    if (piece !== ',' || depth > 0) continue;
    globs.push(list.slice(start, index));
    start = index + 1;
    depth = 0;
  }
  return [...globs, list.slice(start)].map((glob) => glob.trim()).filter((glob) => glob !== '');
}
