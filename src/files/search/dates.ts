import { AppError } from '../../errors.ts';

const DAY = 86_400_000;
const units: Readonly<Record<string, number>> = {
  h: 3_600_000,
  d: DAY,
  w: 7 * DAY,
  m: 30 * DAY,
  y: 365 * DAY,
};

/**
 * Parses a date or a time, in UTC: `2026-01-31`, `2026-01-31T08:00Z`, `2026-01`, `2026`,
 * `today`, `yesterday`, `7d` (from the beginning of the day seven days ago; also h, w, m, y). Milliseconds since 1970; for a period its beginning.
 *
 * @throws AppError `invalid_input`
 */
export function parseDate(text: string, now: number): number {
  const value = text.trim().toLowerCase();
  const midnight = now - (now % DAY);
  if (value === 'now') return now;
  if (value === 'today') return midnight;
  if (value === 'yesterday') return midnight - DAY;
  const ago = /^(\d{1,5})\s*([hdwmy])$/.exec(value);
  if (ago) {
    const unit = units[ago[2] ?? 'd'] ?? DAY;
    // Rounded to whole days and hours, so that the next page, a moment later, belongs to the same search.
    return now - (now % Math.min(unit, DAY)) - Number(ago[1]) * unit;
  }
  const parts = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/.exec(value);
  if (parts) {
    const [year, month, day] = [Number(parts[1]), Number(parts[2] ?? 1), Number(parts[3] ?? 1)];
    const time = Date.UTC(year, month - 1, day);
    const back = new Date(time);
    if (back.getUTCMonth() === month - 1 && back.getUTCDate() === day) return time;
  } else if (/^\d{4}-\d{2}-\d{2}t/.test(value)) {
    const zoned = /(z|[+-]\d{2}:?\d{2})$/.test(value) ? value : `${value}z`;
    const time = Date.parse(zoned.toUpperCase());
    if (!Number.isNaN(time)) return time;
  }
  throw new AppError('invalid_input', `${JSON.stringify(text.slice(0, 50))} is not a date`, {
    hint: 'Write 2026-01-31, 2026-01-31T08:00Z, 2026-01, today, yesterday or 7d.',
  });
}
