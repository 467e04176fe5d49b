/** Which of the three a line end is. */
export const LF = 0;
export const CRLF = 1;
export const CR = 2;

export type LineEnd = typeof LF | typeof CRLF | typeof CR;

/** A text with LF at each line end, and what stood there. */
export interface PlainText {
  readonly text: string;
  /** What each LF of the text stands for, in order; absent where all are LF. */
  readonly ends?: Uint8Array | undefined;
}

export function toPlain(raw: string): PlainText {
  if (!raw.includes('\r')) return { text: raw };
  const text = raw.replace(/\r\n?/g, '\n');
  const ends = new Uint8Array(countLineEnds(text));
  let count = 0;
  for (const [end] of raw.matchAll(/\r\n?|\n/g)) ends[count++] = end === '\n' ? LF : end === '\r' ? CR : CRLF;
  return { text, ends };
}

export function toRaw({ text, ends }: PlainText): string {
  if (!ends) return text;
  let count = 0;
  return text.replace(/\n/g, () => {
    const end = ends[count++];
    return end === CRLF ? '\r\n' : end === CR ? '\r' : '\n';
  });
}

/** Line ends of a plain text, up to an index of it. */
export function countLineEnds(text: string, to = text.length): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

/**
 * Puts plain texts together. A CR at the end of one and an LF at the beginning of the next become one line end, as they
 * do in a file.
 */
export function joinPlain(parts: readonly PlainText[]): PlainText {
  if (parts.every(({ ends }) => !ends)) return { text: parts.map(({ text }) => text).join('') };
  const texts: string[] = [];
  const all: number[] = [];
  let endsWithCarriage = false;
  for (const { text, ends } of parts) {
    if (text === '') continue;
    const own = ends ?? new Uint8Array(countLineEnds(text));
    const merges: boolean = endsWithCarriage && text.startsWith('\n') && own[0] === LF;
    if (merges) all[all.length - 1] = CRLF;
    for (let at = merges ? 1 : 0; at < own.length; at++) all.push(own[at] ?? LF);
    texts.push(merges ? text.slice(1) : text);
    endsWithCarriage = text.endsWith('\n') && all.at(-1) === CR;
  }
  return { text: texts.join(''), ends: Uint8Array.from(all) };
}
