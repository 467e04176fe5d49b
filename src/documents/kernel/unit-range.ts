import type { DocumentLimits, Part, UnitRange, Unit } from './document.ts';

export interface UnitText {
  text: string;
  notes?: string[];
}

/** The units of a document, numbered from 1. */
export interface UnitSource {
  unit: Unit;
  total: number;
  /** The separator between two units. */
  between: string;
  get(number: number): UnitText | Promise<UnitText>;
}

/** The first and the last unit of a range. */
export function unitBounds(range: UnitRange, total: number): { first: number; end: number } {
  const offset = Math.trunc(range.offset ?? 1);
  const first = offset < 0 ? Math.max(1, total + offset + 1) : Math.max(1, offset);
  const count = Math.max(1, Math.trunc(range.limit ?? Number.MAX_SAFE_INTEGER));
  return { first, end: Math.min(total, first + count - 1) };
}

/**
 * Reads units until the range or the character limit of one answer is reached. Units are kept whole; only one that
 * exceeds the limit by itself is cut.
 */
export async function readUnits(source: UnitSource, range: UnitRange, limits: DocumentLimits): Promise<Part> {
  const { unit, total, between } = source;
  const { first, end } = unitBounds(range, total);
  if (first > end) {
    const note =
      total === 0
        ? 'The document contains no text.'
        : `There is no ${unit} ${first}: the last one is ${total}.`;
    return { text: '', first: 0, last: 0, total, complete: true, notes: [note] };
  }
  const texts: string[] = [];
  const notes: string[] = [];
  let remaining = limits.outputChars;
  let cut = false;
  let last = first - 1;
  for (let number = first; number <= end; number++) {
    const piece = await source.get(number);
    if (piece.text.length + between.length > remaining) {
      if (texts.length > 0) break;
      cut = true;
      notes.push(
        `${unit} ${number} is cut: ${piece.text.length - remaining} of its ${piece.text.length} characters are left out.`,
      );
      texts.push(clip(piece.text, remaining));
      notes.push(...(piece.notes ?? []));
      last = number;
      break;
    }
    texts.push(piece.text);
    notes.push(...(piece.notes ?? []));
    remaining -= piece.text.length + between.length;
    last = number;
  }
  return { text: texts.join(between), first, last, total, complete: last >= total && !cut, notes };
}

/** The start of a text. A surrogate pair at the cut is left out as a whole. */
export function clip(text: string, length: number): string {
  if (text.length <= length) return text;
  const code = text.charCodeAt(length - 1);
  return text.slice(0, code >= 0xd800 && code < 0xdc00 ? length - 1 : length);
}
