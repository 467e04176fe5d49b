import { AppError, isAppError } from '../../errors.ts';
import { fetchFile } from '../../nextcloud/dav/get.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import type { RemotePath } from '../../path.ts';
import { formatBytes } from '../../text/byte-size.ts';
import { consumeBody } from '../../nextcloud/transport/consume.ts';
import type { Call } from '../context/call.ts';
import type { StatParts } from '../context/stat.ts';

/**
 * The same file with the size that its contents have, where it is listed with 0 bytes: some storages and server-side
 * encryption forget the size of a file that is not empty. Asked for as a range, because the answer to that has the
 * size from Nextcloud itself, whatever a proxy adds to the body.
 *
 * @throws AppError `invalid_response` when there is a body, and the size of the file is not told
 */
export async function withTrueSize(parts: StatParts, file: Resource, call: Call): Promise<Resource> {
  if (file.folder || (file.size ?? 0) > 0) return file;
  const { path } = file;
  try {
    return await fetchFile(parts.account, path, { ...call, range: { start: 0 } }, async (head, body) => {
      const { partial, size, etag } = head;
      if (partial && size !== undefined) return { ...file, size, etag };
      await consumeBody(body, () => {
        throw otherLength(path, size, 0);
      });
      return file;
    });
  } catch (error) {
    // There is no byte to begin with.
    if (isAppError(error) && error.status === 416) return file;
    throw error;
  }
}

/** Said with what was read from a file that is listed as empty. */
export function sizeNote({ path, size = 0 }: Resource): string {
  return `Nextcloud lists ${path} with 0 B, but it has ${formatBytes(size)}. The administrator can repair that with "occ files:scan".`;
}

/** The error for contents of another length than the file has, when the file is the same. */
export function otherLength(path: RemotePath, got: number | undefined, listed: number): AppError {
  const came = got === undefined ? 'other contents' : `${got} B`;
  return new AppError(
    'invalid_response',
    `${path} came with ${came}, and Nextcloud lists it with ${listed} B`,
    {
      hint: 'A proxy in front of the Nextcloud may have put something else in its place, such as a web page, or added it.',
      remedy: { kind: 'check-connection' },
    },
  );
}
