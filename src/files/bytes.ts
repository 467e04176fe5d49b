import { AppError } from '../errors.ts';
import { fetchFile } from '../nextcloud/dav.ts';
import { some } from '../nextcloud/resource.ts';
import type { RemotePath } from '../path.ts';
import { glance, notAFile } from './service.ts';
import type { Call, Service } from './service.ts';
import { changed } from './text.ts';

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
  service.fence.allowReading(path);
  const file = await glance(service, path, call);
  if (file.folder) throw notAFile(path);
  const size = file.size ?? 0;
  const { offset } = range;
  if (offset > size)
    throw new AppError('invalid_input', `There is no byte ${offset}: ${path} has ${size} bytes`, {
      hint: 'Use a smaller offset.',
    });
  const end = Math.min(size, offset + range.length);
  const bytes = end === offset ? Buffer.alloc(0) : await part(service, path, offset, end, size, call);
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

/** The bytes from `start` up to `end`. */
async function part(
  service: Service,
  path: RemotePath,
  start: number,
  end: number,
  size: number,
  call: Call,
): Promise<Buffer> {
  // `bytes=0-0` is answered with the whole file (observed), so one byte is asked for as two.
  const range = { start, end: Math.max(end - 1, start === 0 ? 1 : 0) };
  return fetchFile(service.account, path, { ...call, range }, async (head, body) => {
    if (head.size !== size || head.start > start) throw changed(path);
    const skip = start - head.start;
    const wanted = skip + end - start;
    const chunks: Buffer[] = [];
    let got = 0;
    for await (const chunk of body) {
      chunks.push(chunk);
      got += chunk.length;
      if (got >= wanted) break;
    }
    if (got < wanted)
      throw new AppError('unavailable', 'The server sent less than it announced', {
        retryable: true,
        hint: 'Try again.',
      });
    return Buffer.concat(chunks).subarray(skip, wanted);
  });
}
