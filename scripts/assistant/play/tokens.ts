/** Words of a text with a blank before them, numbers, white space, and other signs. */
const pieces = / ?(?:\p{Lu}?\p{Ll}+|\p{Lu}+(?!\p{Ll})|\p{L})| ?\p{N}+|\s+|[^\s\p{L}\p{N}]+/gu;

/**
 * About how many tokens a model takes for a text. A word of up to nine letters is one, and each further three letters one
 * more; a capital begins a word. Three digits are one, four other signs, and each run of white space that is more than the
 * blank before a word. It needs nothing of any model, and the same text always gives the same figure. Compared with the
 * encoding o200k_base it gave 0.94 of the tokens of the texts that the tools answer with, 1.02 of their structured content,
 * 1.07 of the list of the tools, and 0.78 of base64; a quarter of the bytes would have given 0.70, 0.72 and 0.41 of base64.
 */
export function tokensOf(text: string): number {
  let tokens = 0;
  for (const [piece] of text.matchAll(pieces)) {
    const run = piece.trimStart() || piece;
    if (/^\p{L}/u.test(run)) tokens += 1 + Math.ceil(Math.max(0, run.length - 9) / 3);
    else if (/^\p{N}/u.test(run)) tokens += Math.ceil(run.length / 3);
    else if (/^\s/.test(run)) tokens += run === ' ' ? 0 : 1;
    else tokens += Math.ceil(run.length / 4);
  }
  return tokens;
}
