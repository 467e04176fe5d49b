/**
 * Texts one of which is in every match of a regular expression, in lower case; undefined where none is known. Where none
 * of them is in a large text, the expression, which takes a hundred times as long, need not be tested there.
 *
 * Only what is sure is found: plain characters, between wildcards and classes such as `\d`, in alternatives at the top.
 */
export function requiredTexts(pattern: string): readonly string[] | undefined {
  // Groups, classes, counts and quoting need a real parser.
  if (/[()[\]{}]|\\[QEpPxk0-9]|[^\0-\x7f]/.test(pattern)) return undefined;
  const texts = alternativesOf(pattern).map((one) => longestText(one));
  return texts.every((text) => text.length > 1) ? texts : undefined;
}

/** `a\|b|c` is `a\|b` and `c`. */
function alternativesOf(pattern: string): string[] {
  const parts = [''];
  for (const [token] of pattern.matchAll(/\\.|./gs))
    if (token === '|') parts.push('');
    else parts.push((parts.pop() ?? '') + token);
  return parts;
}

function longestText(pattern: string): string {
  let [longest, run] = ['', ''];
  const end = (): void => {
    if (run.length > longest.length) longest = run;
    run = '';
  };
  for (const [token] of pattern.matchAll(/\\.|./gs)) {
    if (token === '*' || token === '?') {
      // What is before it may be missing.
      run = run.slice(0, -1);
      end();
    } else if (token === '+' || /^[.^$]$/.test(token) || /^\\[a-z]$/i.test(token)) end();
    else run += token.at(-1) ?? '';
  }
  end();
  return longest.toLowerCase();
}
