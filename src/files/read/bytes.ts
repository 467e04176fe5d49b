import { AppError } from '../../errors.ts';
import { some } from '../../nextcloud/dav/resource.ts';
import type { RemotePath } from '../../path.ts';
import { readRange } from './range.ts';
import { statCached, notAFile } from '../context/service.ts';
import type { Call, Service } from '../context/service.ts';

export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

export interface Bytes {
  readonly file_path: string;
  readonly offset: number;
  readonly length: number;
  readonly total_size: number;
  readonly etag?: string;
  readonly mime_type?: string;
  readonly complete: boolean;
  readonly content_base64: string;
}

export async function readBytes(
  service: Service,
  path: RemotePath,
  range: ByteRange,
  call: Call,
): Promise<Bytes> {
  service.policy.assertReadable(path);
  const file = await statCached(service, path, call);
  if (file.folder) throw notAFile(path);
  const size = file.size ?? 0;
  const { offset } = range;
  if (offset > size)
    throw new AppError('invalid_input', `There is no byte ${offset}: ${path} has ${size} bytes`, {
      hint: 'Use a smaller offset.',
    });
  const end = Math.min(size, offset + range.length);
  const parts: Buffer[] = [];
  await readRange(service, file, offset, end, call, (chunk) => parts.push(chunk) > 0);
  const bytes = Buffer.concat(parts);
  return {
    file_path: path,
    offset,
    length: bytes.length,
    total_size: size,
    ...some('etag', file.etag),
    ...some('mime_type', file.mime),
    complete: end === size,
    content_base64: bytes.toString('base64'),
  };
}
