import { AppError } from '../errors.ts';
import type { Resource } from '../nextcloud/resource.ts';
import { fileSize } from './amount.ts';
import { readRange } from './range.ts';
import type { Call, Service } from './service.ts';

/**
 * All bytes of a file, into memory that was sized before the first byte came.
 *
 * @throws AppError `too_large` above `most` bytes, `conflict` when the file is not the one that was seen
 */
export async function wholeFile(
  service: Service,
  file: Resource,
  most: number,
  call: Call,
  allocate: (size: number) => Buffer = (size) => Buffer.allocUnsafe(size),
): Promise<Buffer> {
  const size = file.size ?? 0;
  if (size > most)
    throw new AppError(
      'too_large',
      `${file.path} has ${fileSize(size)}, more than the ${fileSize(most)} that are read at once`,
      {
        hint: 'download_file stores it on this computer.',
      },
    );
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
