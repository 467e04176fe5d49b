import { AppError } from '../../errors.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import type { RemotePath } from '../../path.ts';
import { formatBytes } from '../../byte-size.ts';
import { readRange } from './range.ts';
import type { Call, Service } from '../context/service.ts';

/** How much of a file is taken into memory, and for what. */
export interface Most {
  readonly bytes: number;
  readonly doing: string;
  /** What to do with a larger one. */
  readonly hint: string;
}

/** @throws AppError `too_large` */
export function mustFit(path: RemotePath, size: number, { bytes, doing, hint }: Most): void {
  if (size <= bytes) return;
  throw new AppError(
    'too_large',
    `${path} has ${formatBytes(size)}, and only up to ${formatBytes(bytes)} can be ${doing}`,
    { hint },
  );
}

/**
 * All bytes of a file, into memory that was sized before the first byte came.
 *
 * @throws AppError `conflict` when the file is not the one that was seen
 */
export async function wholeFile(
  service: Service,
  file: Resource,
  call: Call,
  allocate: (size: number) => Buffer = (size) => Buffer.allocUnsafe(size),
): Promise<Buffer> {
  const size = file.size ?? 0;
  if (size === 0) return Buffer.alloc(0);
  const bytes = allocate(size);
  let at = 0;
  await readRange(service, file, 0, size, call, (chunk) => {
    at += chunk.copy(bytes, at);
    call.report?.(at, size, file.path);
    return true;
  });
  return bytes;
}
