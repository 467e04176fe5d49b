/** Why a glob is refused, as the end of a sentence: "has more than 64 alternatives in braces". */
export class GlobError extends Error {
  override readonly name = 'GlobError';
}
