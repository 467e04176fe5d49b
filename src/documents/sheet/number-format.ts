/** What kind of value a number format makes of a number. */
export type ValueKind = 'number' | 'percent' | 'date' | 'time' | 'datetime' | 'duration';

/** The built-in number formats (ECMA-376 part 1, 18.8.30). */
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

/** The kind of value of a number format, by its id, or by its format code when it is a custom one. */
export function valueKindOf(id: number, code?: string): ValueKind {
  if (code === undefined) return builtin.get(id) ?? 'number';
  // Drop literal text, colors, conditions and currency symbols: their letters are not format codes.
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

/** Formats a stored number: dates as ISO 8601, numbers with the 15 significant digits that Excel keeps. */
export function formatValue(value: number, kind: ValueKind, from1904 = false): string {
  if (kind === 'number') return plainNumber(value);
  if (kind === 'percent') return `${plainNumber(value * 100)}%`;
  if (kind === 'duration') return clock(Math.round(value * 86_400));
  // In the 1900 date system, serial number 60 is 29 February 1900, a day that did not exist.
  const days = from1904 ? value + 1_462 : value < 60 ? value + 1 : value;
  if (value < 0 || value > 2_958_466) return plainNumber(value);
  const seconds = Math.round(days * 86_400);
  const iso = new Date(seconds * 1_000 - 2_209_161_600_000).toISOString();
  const time = iso.endsWith(':00.000Z') ? iso.slice(11, 16) : iso.slice(11, 19);
  if (kind === 'time' && value < 1) return time;
  if (kind === 'date' || seconds % 86_400 === 0) return iso.slice(0, 10);
  return `${iso.slice(0, 10)} ${time}`;
}

/** A number without the rounding errors of binary fractions. */
export function plainNumber(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(15))) : String(value);
}

function clock(total: number): string {
  const pad = (part: number): string => String(part).padStart(2, '0');
  const seconds = Math.abs(total);
  const sign = total < 0 ? '-' : '';
  return `${sign}${Math.floor(seconds / 3_600)}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
}
