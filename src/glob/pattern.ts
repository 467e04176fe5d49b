import { GlobError } from './glob-error.ts';

/** Characters of one pattern. */
export const MAX_PATTERN_CHARS = 1000;
/** `*`, `?` and brackets of one pattern. */
const MAX_WILDCARDS = 128;

/** @throws GlobError for a pattern that is longer than any name or has more wildcards than anybody needs */
export function assertModest(pattern: string): void {
  if (pattern.length > MAX_PATTERN_CHARS)
    throw new GlobError(`has more than ${MAX_PATTERN_CHARS} characters`);
  if ((pattern.match(/\*+|\?|\[/g)?.length ?? 0) > MAX_WILDCARDS)
    throw new GlobError(`has more than ${MAX_WILDCARDS} wildcards`);
}
