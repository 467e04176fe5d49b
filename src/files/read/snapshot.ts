import { AppError, isAppError } from '../../errors.ts';
import { fetchFile } from '../../nextcloud/dav/dav.ts';
import { consumeBody } from '../../nextcloud/transport/consume.ts';
import { some } from '../../nextcloud/dav/resource.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import type { RemotePath } from '../../path.ts';
import { mustFit } from './whole-file.ts';
import type { Most } from './whole-file.ts';
import { missing, notAFile, stat, statIfThere } from '../context/service.ts';
import type { Call, Service } from '../context/service.ts';

/**
 * A file as one GET gave it: its bytes, and the etag and time that belong to just these. It is asked for
 * as a range, because its size then comes beside the length of the body: what a proxy cuts short or makes
 * longer must not be taken for the whole and be written back.
 */
export interface Snapshot {
  readonly file: Resource;
  readonly bytes: Buffer;
}

export interface SnapshotPurpose extends Most {
  readonly allocate?: (size: number) => Buffer;
  /** Not begun again from the start when it breaks: the caller goes on in another way. */
  readonly once?: boolean;
}

/** Of what is edited; larger than any file that is replaced in place. */
export const editable: SnapshotPurpose = {
  bytes: 10 * 1024 * 1024,
  doing: 'edited',
  hint: 'Replace it as a whole with upload_file.',
};

/** @throws AppError `too_large`, `not_found`, `invalid_input` for a folder */
export async function snapshot(
  service: Service,
  path: RemotePath,
  wanted: SnapshotPurpose,
  call: Call,
): Promise<Snapshot> {
  try {
    const { allocate = (size: number) => Buffer.allocUnsafe(size), once = false } = wanted;
    const asked = { ...call, range: { start: 0 }, once };
    const whole = await fetchFile(service.account, path, asked, async (head, body) => {
      const { etag, size, modified, partial } = head;
      mustFit(path, size ?? 0, wanted);
      const room = size === undefined ? undefined : allocate(size);
      const chunks: Buffer[] = [];
      let got = 0;
      await consumeBody(body, (chunk) => {
        if (room) chunk.copy(room, got);
        else chunks.push(chunk);
        got += chunk.length;
        mustFit(path, got, wanted);
        call.report?.(got, size, path);
        return true;
      });
      if (size !== undefined && size !== got) throw otherLength(path, got, size);
      const file = { path, folder: false, etag, size: got, ...some('modified', modified) };
      return { partial, file, bytes: room ?? Buffer.concat(chunks) };
    });
    if (!whole.partial) await compare(service, whole.file, call);
    return whole;
  } catch (error) {
    if (isAppError(error, 'not_found')) throw missing(path, error);
    // A folder is answered with a page about WebDAV.
    if (isAppError(error, 'invalid_response') && (await statIfThere(service, path, call))?.folder)
      throw notAFile(path);
    throw error;
  }
}

async function compare(service: Service, { path, etag, size = 0 }: Resource, call: Call): Promise<void> {
  const there = await stat(service, path, call);
  if (there.etag === etag && there.size !== size) throw otherLength(path, size, there.size);
  if (there.etag !== etag)
    throw new AppError('precondition_failed', `${path} was changed while it was read`, {
      hint: 'Try again.',
    });
}

function otherLength(path: RemotePath, got: number, size: number | undefined): AppError {
  return new AppError('unavailable', `${path} came with ${got} of ${size ?? 'unknown'} bytes`, {
    hint: 'A proxy may have changed the answer. Try again.',
  });
}
