const units = ['KB', 'MB', 'GB', 'TB', 'PB'] as const;

/** Bytes for people: `0 B`, `812 B`, `1.2 KB`, `34 MB`. A kilobyte is 1,000 bytes (IEC 80000-13). */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value < 9.95 ? value.toFixed(1) : String(Math.round(value))} ${units[unit] ?? 'PB'}`;
}
