import { AppError } from '../../errors.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import type { RemotePath } from '../../path.ts';
import { formatBytes } from '../../text/byte-size.ts';
import type { Remedy } from '../../remedy.ts';
import { readRange } from './range.ts';
import type { Call } from '../context/call.ts';
import type { StatParts } from '../context/stat.ts';

/** The largest file that an operation takes into memory. */
export interface SizeLimit {
  readonly bytes: number;
  /** The operation, as a participle: `edited`. */
  readonly doing: string;
  /** What to do with a larger file. */
  readonly remedy: Remedy;
}

/** @throws AppError `too_large` */
export function assertFits(path: RemotePath, size: number, { bytes, doing, remedy }: SizeLimit): void {
  if (size <= bytes) return;
  throw new AppError(
    'too_large',
    `${path} has ${formatBytes(size)}, and only up to ${formatBytes(bytes)} can be ${doing}`,
    { remedy },
  );
}

/**
 * All bytes of a file, in memory that is allocated once.
 *
 * @throws AppError `conflict` when the file has changed since it was looked up
 */
export async function wholeFile(
  parts: StatParts,
  file: Resource,
  call: Call,
  allocate: (size: number) => Buffer = (size) => Buffer.allocUnsafe(size),
): Promise<Buffer> {
  const size = file.size ?? 0;
  if (size === 0) return Buffer.alloc(0);
  const bytes = allocate(size);
  let at = 0;
  await readRange(parts, { file, start: 0, end: size }, call, (chunk) => {
    at += chunk.copy(bytes, at);
    call.report?.(at, size, file.path);
    return true;
  });
  return bytes;
}
