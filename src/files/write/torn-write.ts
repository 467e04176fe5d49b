import { AppError } from '../../errors.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import type { RemotePath } from '../../path.ts';
import { readContent, contentSize } from './content.ts';
import type { Content } from './content.ts';
import type { Call } from '../context/call.ts';
import type { StatParts } from '../context/stat.ts';
import { editable, snapshot } from '../read/snapshot.ts';

/**
 * Nextcloud overwrites a file in place: if the body breaks off, the beginning of it stays, with the size
 * and the etag of the old contents, until the file is read (observed on 34).
 */

/** Statuses of refusals that come after the server has opened the file for writing. */
const lateRefusals = [400, 413];

/** The same error, marked as uncertain if the refused request may have torn the file. */
export function maybeTorn(error: AppError): AppError {
  if (error.uncertain || !lateRefusals.includes(error.status ?? 0)) return error;
  const { code, message, hint, status } = error;
  return new AppError(code, message, {
    uncertain: true,
    cause: error,
    ...(hint === undefined ? {} : { hint }),
    ...(status === undefined ? {} : { status }),
  });
}

/** The file at the path if it is only the beginning of what was sent, and has to be sent again. */
export async function tornAt(
  parts: StatParts,
  path: RemotePath,
  content: Content,
  call: Call,
): Promise<Resource | undefined> {
  const size = contentSize(content);
  const { file, bytes } = await snapshot(parts, path, editable, call);
  if (bytes.length >= size) return undefined;
  let at = 0;
  for await (const piece of readContent(content, 0, bytes.length)) {
    if (!piece.equals(bytes.subarray(at, at + piece.length))) return undefined;
    at += piece.length;
  }
  return file;
}
