import { AppError, isAppError } from '../errors.ts';
import { fetchFile } from '../nextcloud/dav.ts';
import { some } from '../nextcloud/resource.ts';
import type { Resource } from '../nextcloud/resource.ts';
import type { RemotePath } from '../path.ts';
import { fileSize } from './amount.ts';
import { missing, notAFile, statIfThere } from './service.ts';
import type { Call, Service } from './service.ts';

/** A file as one GET gave it: its bytes, and the etag and time that belong to just these. */
export interface Snapshot {
  readonly file: Resource;
  readonly bytes: Buffer;
}

/** @throws AppError `too_large` above `most` bytes, `not_found`, `invalid_input` for a folder */
export async function snapshot(
  service: Service,
  path: RemotePath,
  most: number,
  call: Call,
): Promise<Snapshot> {
  try {
    return await fetchFile(service.account, path, call, async ({ etag, size, modified }, body) => {
      const chunks: Buffer[] = [];
      let got = 0;
      if ((size ?? 0) > most) throw tooLarge(path, size ?? 0, most);
      for await (const chunk of body) {
        got += chunk.length;
        if (got > most) throw tooLarge(path, got, most);
        chunks.push(chunk);
      }
      if (size !== undefined && size !== got)
        throw new AppError('unavailable', `${path} ended after ${got} of ${size} bytes`, {
          hint: 'Try again.',
        });
      const file = { path, folder: false, etag, size: got, ...some('modified', modified) };
      return { file, bytes: Buffer.concat(chunks) };
    });
  } catch (error) {
    if (isAppError(error, 'not_found')) throw missing(path, error);
    // A folder is answered with a page about WebDAV.
    if (isAppError(error, 'invalid_response') && (await statIfThere(service, path, call))?.folder)
      throw notAFile(path);
    throw error;
  }
}

function tooLarge(path: RemotePath, size: number, most: number): AppError {
  return new AppError(
    'too_large',
    `${path} has ${fileSize(size)}, and only up to ${fileSize(most)} can be edited`,
    {
      hint: 'Replace it as a whole with upload_file.',
    },
  );
}
