/** How a number format of a workbook shows a number, as far as it changes what the number means. */
export type ValueKind = 'number' | 'percent' | 'date' | 'time' | 'datetime' | 'duration';

const builtin: ReadonlyMap<number, ValueKind> = new Map<number, ValueKind>([
  [9, 'percent'],
  [10, 'percent'],
  ...[14, 15, 16, 17, 27, 28, 29, 30, 31, 34, 35, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58].map(
    (id) => [id, 'date'] as const,
  ),
  ...[18, 19, 20, 21, 32, 33].map((id) => [id, 'time'] as const),
  [22, 'datetime'],
  [45, 'duration'],
  [46, 'duration'],
  [47, 'duration'],
]);

export function valueKindOf(id: number, code?: string): ValueKind {
  if (code === undefined) return builtin.get(id) ?? 'number';
  // Literal text, colours, conditions and currency marks hold letters that mean nothing.
  const bare = (code.split(';')[0] ?? '')
    .replace(/"[^"]*"|\\.|_.|\*./g, '')
    .replace(/\[(?!(h+|m+|s+)\])[^\]]*\]/gi, '')
    .toLowerCase();
  if (/\[(h+|m+|s+)\]/.test(bare)) return 'duration';
  const day = /[yd]/.test(bare) || /(^|[^hs:.])m{3,}/.test(bare) || /^m+$/.test(bare);
  const time = /[hs]/.test(bare);
  if (day) return time ? 'datetime' : 'date';
  if (time) return 'time';
  return bare.includes('%') ? 'percent' : 'number';
}

/** A stored number as a person reads it: dates in ISO form, no digits beyond what the program keeps. */
export function formatValue(value: number, kind: ValueKind, from1904 = false): string {
  if (kind === 'number') return plainNumber(value);
  if (kind === 'percent') return `${plainNumber(value * 100)}%`;
  if (kind === 'duration') return clock(Math.round(value * 86_400));
  // The first serial of 1900 counts a 29 February that never was.
  const days = from1904 ? value + 1_462 : value < 60 ? value + 1 : value;
  if (value < 0 || value > 2_958_466) return plainNumber(value);
  const seconds = Math.round(days * 86_400);
  const iso = new Date(seconds * 1_000 - 2_209_161_600_000).toISOString();
  const time = iso.endsWith(':00.000Z') ? iso.slice(11, 16) : iso.slice(11, 19);
  if (kind === 'time' && value < 1) return time;
  if (kind === 'date' || seconds % 86_400 === 0) return iso.slice(0, 10);
  return `${iso.slice(0, 10)} ${time}`;
}

export function plainNumber(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(15))) : String(value);
}

function clock(total: number): string {
  const two = (part: number): string => String(part).padStart(2, '0');
  const seconds = Math.abs(total);
  const sign = total < 0 ? '-' : '';
  return `${sign}${Math.floor(seconds / 3_600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
