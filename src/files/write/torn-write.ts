import { AppError } from '../../errors.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import type { RemotePath } from '../../path.ts';
import { readContent, contentSize } from './content.ts';
import type { Content } from './content.ts';
import type { Call, Service } from '../context/service.ts';
import { editable, snapshot } from '../read/snapshot.ts';

/**
 * Nextcloud writes over a file in place: when the body breaks off, a part of it stays, under the size
 * and the etag of what was there before, until the file is read (observed on 34).
 */

/** Refusals that come after the server has opened the file for writing. */
const late = [400, 413];

/** The same error, with the doubt that a refused replacement leaves behind. */
export function maybeTorn(error: AppError): AppError {
  if (error.uncertain || !late.includes(error.status ?? 0)) return error;
  const { code, message, hint, status } = error;
  return new AppError(code, message, {
    uncertain: true,
    cause: error,
    ...(hint === undefined ? {} : { hint }),
    ...(status === undefined ? {} : { status }),
  });
}

/** What is there now, when that is the beginning of what was sent and so wants to be sent again; else undefined. */
export async function tornAt(
  service: Service,
  path: RemotePath,
  content: Content,
  call: Call,
): Promise<Resource | undefined> {
  const size = contentSize(content);
  const { file, bytes } = await snapshot(service, path, editable, call);
  if (bytes.length >= size) return undefined;
  let at = 0;
  for await (const piece of readContent(content, 0, bytes.length)) {
    if (!piece.equals(bytes.subarray(at, at + piece.length))) return undefined;
    at += piece.length;
  }
  return file;
}
