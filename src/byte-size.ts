const units = ['KB', 'MB', 'GB', 'TB', 'PB'] as const;

/** Bytes for people: `0 B`, `812 B`, `1.2 KB`, `34 MB`; a kilobyte is 1,024 bytes, as in Nextcloud. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  let value = bytes / 1024;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value < 9.95 ? value.toFixed(1) : String(Math.round(value))} ${units[unit] ?? 'PB'}`;
}
