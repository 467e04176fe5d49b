import { invalidArgument } from './sabre-error.ts';

const ONE_DAY = 24 * 60 * 60;
/** The latest time that ext4 can store; the file system limits later times to it. */
const MAX_TIME = 15_032_385_535;

/** Parses `X-OC-MTime` and `X-OC-CTime`, in seconds since 1970 (apps/dav/lib/Connector/Sabre/MtimeSanitizer.php). */
export function parseTime(text: string, major: number): number {
  if (/^0x[0-9a-f]+$/i.test(text.trim()) || text.trim() === '' || Number.isNaN(Number(text))) {
    throw invalidArgument(
      major < 30
        ? 'X-OC-MTime header must be an integer (unix timestamp).'
        : `X-OC-MTime header must be a valid integer (unix timestamp), got "${text}".`,
    );
  }
  const time = Math.trunc(Number(text));
  if (time <= ONE_DAY) {
    if (major < 30) throw invalidArgument('X-OC-MTime header must be a valid positive integer');
    throw invalidArgument(
      `X-OC-MTime header must be a valid positive unix timestamp greater than one day, got "${text}".`,
    );
  }
  return Math.min(time, MAX_TIME);
}
