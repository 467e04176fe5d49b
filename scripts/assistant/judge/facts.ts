/**
 * A fact that an answer must, or must not, contain: a text in any case and spacing, a number in any notation (a small one
 * also as a word), or a pattern.
 */
export type Fact = string | number | RegExp;

/** An answer with one kind of quotation mark and blank, in small letters. */
function plainText(text: string): string {
  return text
    .normalize('NFC')
    .replaceAll(/[*_`]/g, '')
    .replaceAll(/[“”„«»]/g, '"')
    .replaceAll(/[‘’]/g, "'")
    .replaceAll(/[\s\u00a0\u202f]+/g, ' ')
    .toLowerCase();
}

/** `1204.5` as it may be written: 1204.5, 1,204.50, 1.204,50, 1 204.50. */
function numberPattern(value: number): RegExp {
  const [whole = '', cents = ''] = Math.abs(value).toFixed(2).split('.');
  const groups = whole.replaceAll(/\B(?=(\d{3})+$)/g, "[.,' ]?");
  const decimals =
    cents === '00' ? '(?:[.,]00?)?' : cents.endsWith('0') ? `[.,]${cents.slice(0, 1)}0?` : `[.,]${cents}`;
  return new RegExp(`(?<!\\d)(?<!\\d[.,])${groups}${decimals}(?!\\d)(?![.,]\\d)`);
}

const small = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ');

export function holds(answer: string, fact: Fact): boolean {
  const text = plainText(answer);
  if (typeof fact === 'number') {
    const word = small[fact];
    return numberPattern(fact).test(text) || (word !== undefined && new RegExp(`\\b${word}\\b`).test(text));
  }
  if (typeof fact === 'string') return text.includes(plainText(fact));
  return fact.test(text);
}

const months = 'january february march april may june july august september october november december'.split(
  ' ',
);

/** A date in the notations that people use: 9 June 2025, June 9, 2025, 2025-06-09, 09.06.2025. */
export function dateFact(iso: string): RegExp {
  const [year = '', month = '', day = ''] = iso.split('-');
  const name = months[Number(month) - 1] ?? '';
  const short = `${name.slice(0, 3)}(?:${name.slice(3)})?\\.?`;
  const date = `0?${Number(day)}(?:st|nd|rd|th)?`;
  const inWords = `${date}\\.? (?:of )?${short}(?:,? ${year})?|${short} ${date}(?:,? ${year})?`;
  return new RegExp(
    `\\b(?:${inWords}|${iso}|0?${Number(day)}[./]0?${Number(month)}[./]${year}|0?${Number(month)}/0?${Number(day)}/${year})(?!\\d|,? \\d{4}\\b)`,
  );
}
