import type { DocumentLimits, Part, UnitRange, Unit } from './document.ts';

export interface UnitText {
  text: string;
  notes?: string[];
}

export interface UnitSource {
  unit: Unit;
  total: number;
  /** What stands between two pieces. */
  between: string;
  get(number: number): UnitText | Promise<UnitText>;
}

/** Where a range starts and how many units it may have, `offset` counting from 1 or from the end. */
export function bounds(range: UnitRange, total: number): { first: number; end: number } {
  const offset = Math.trunc(range.offset ?? 1);
  const first = offset < 0 ? Math.max(1, total + offset + 1) : Math.max(1, offset);
  const count = Math.max(1, Math.trunc(range.limit ?? Number.MAX_SAFE_INTEGER));
  return { first, end: Math.min(total, first + count - 1) };
}

/** Reads whole units until the range or the room of one answer is used up. Only a unit longer than all the room is cut. */
export async function readSpan(source: UnitSource, range: UnitRange, limits: DocumentLimits): Promise<Part> {
  const { unit, total, between } = source;
  const { first, end } = bounds(range, total);
  if (first > end) {
    const note =
      total === 0 ? 'There is no text in it.' : `There is no ${unit} ${first}: the last one is ${total}.`;
    return { text: '', first: 0, last: 0, total, complete: true, notes: [note] };
  }
  const texts: string[] = [];
  const notes: string[] = [];
  let room = limits.outputChars;
  let cut = false;
  let last = first - 1;
  for (let number = first; number <= end; number++) {
    const piece = await source.get(number);
    if (piece.text.length + between.length > room) {
      if (texts.length > 0) break;
      cut = true;
      notes.push(
        `${unit} ${number} is cut: ${piece.text.length - room} of its ${piece.text.length} characters are left out.`,
      );
      texts.push(clip(piece.text, room));
      notes.push(...(piece.notes ?? []));
      last = number;
      break;
    }
    texts.push(piece.text);
    notes.push(...(piece.notes ?? []));
    room -= piece.text.length + between.length;
    last = number;
  }
  return { text: texts.join(between), first, last, total, complete: last >= total && !cut, notes };
}

/** The start of a text, never half of a character. */
export function clip(text: string, length: number): string {
  if (text.length <= length) return text;
  const code = text.charCodeAt(length - 1);
  return text.slice(0, code >= 0xd800 && code < 0xdc00 ? length - 1 : length);
}
