import { AppError } from '../../errors.ts';
import { some } from '../../nextcloud/dav/resource.ts';
import type { RemotePath } from '../../path.ts';
import type { AccessPolicy } from '../context/access-policy.ts';
import type { Call } from '../context/call.ts';
import { notAFile, statCached } from '../context/stat.ts';
import type { StatParts } from '../context/stat.ts';
import { readBuffer } from './range.ts';
import { withTrueSize } from './true-size.ts';

export interface ByteRange {
  /** The offset of the first byte. */
  readonly offset: number;
  /** The number of bytes. */
  readonly length: number;
}

export interface ReadBytesParts extends StatParts {
  readonly policy: AccessPolicy;
}

export interface Bytes {
  readonly file_path: string;
  readonly offset: number;
  readonly length: number;
  readonly total_size: number;
  readonly etag?: string;
  readonly mime_type?: string;
  /** Whether the range reaches the end of the file. */
  readonly complete: boolean;
  readonly content_base64: string;
}

/** Part of a file as base64. */
export async function readBytes(
  parts: ReadBytesParts,
  path: RemotePath,
  range: ByteRange,
  call: Call,
): Promise<Bytes> {
  parts.policy.assertReadable(path);
  const file = await withTrueSize(parts, await statCached(parts, path, call), call);
  if (file.folder) throw notAFile(path);
  const size = file.size ?? 0;
  const { offset } = range;
  if (offset > size)
    throw new AppError('invalid_input', `There is no byte ${offset}: ${path} has ${size} bytes`, {
      hint: 'Use a smaller offset.',
    });
  const end = Math.min(size, offset + range.length);
  const bytes = await readBuffer(parts, { file, start: offset, end }, call);
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
