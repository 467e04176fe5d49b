import { AppError, isAppError } from '../../errors.ts';
import { fetchFile } from '../../nextcloud/dav/get.ts';
import { consumeBody } from '../../nextcloud/transport/consume.ts';
import { some } from '../../nextcloud/dav/resource.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import type { RemotePath } from '../../path.ts';
import { assertFits } from './whole-file.ts';
import type { SizeLimit } from './whole-file.ts';
import type { Call } from '../context/call.ts';
import { missing, notAFile, stat, statIfThere } from '../context/stat.ts';
import type { StatParts } from '../context/stat.ts';

/**
 * A file as one GET returned it: its bytes, and the etag and time that belong to them. It is requested as a range,
 * because the response then has the size of the file beside the length of the body: a body that a proxy cut short or
 * made longer must not be taken for the whole file and be written back.
 */
export interface Snapshot {
  readonly file: Resource;
  readonly bytes: Buffer;
}

export interface SnapshotPurpose extends SizeLimit {
  readonly allocate?: (size: number) => Buffer;
  /** A broken response is not requested again: the caller continues in another way. */
  readonly once?: boolean;
}

/** For files that are edited. The limit is above the size up to which a file is replaced in place. */
export const editable: SnapshotPurpose = {
  bytes: 10 * 1024 * 1024,
  doing: 'edited',
  remedy: { kind: 'replace-file' },
};

/** @throws AppError `too_large`, `not_found`, `invalid_input` for a folder */
export async function snapshot(
  parts: StatParts,
  path: RemotePath,
  wanted: SnapshotPurpose,
  call: Call,
): Promise<Snapshot> {
  try {
    const { allocate = (size: number) => Buffer.allocUnsafe(size), once = false } = wanted;
    const request = { ...call, range: { start: 0 }, once };
    const fetched = await fetchFile(parts.account, path, request, async (head, body) => {
      const { etag, size, modified, partial } = head;
      assertFits(path, size ?? 0, wanted);
      const whole = size === undefined ? undefined : allocate(size);
      const chunks: Buffer[] = [];
      let got = 0;
      await consumeBody(body, (chunk) => {
        if (whole) chunk.copy(whole, got);
        else chunks.push(chunk);
        got += chunk.length;
        assertFits(path, got, wanted);
        call.report?.(got, size, path);
        return true;
      });
      if (size !== undefined && size !== got) throw wrongLength(path, got, size);
      const file = { path, folder: false, etag, size: got, ...some('modified', modified) };
      return { partial, file, bytes: whole ?? Buffer.concat(chunks) };
    });
    if (!fetched.partial) await assertCurrent(parts, fetched.file, call);
    return fetched;
  } catch (error) {
    if (isAppError(error, 'not_found')) throw missing(path, error);
    // For a folder the response is a page about WebDAV.
    if (isAppError(error, 'invalid_response') && (await statIfThere(parts, path, call))?.folder)
      throw notAFile(path);
    throw error;
  }
}

async function assertCurrent(
  parts: StatParts,
  { path, etag, size = 0 }: Resource,
  call: Call,
): Promise<void> {
  const there = await stat(parts, path, call);
  if (there.etag === etag && there.size !== size) throw wrongLength(path, size, there.size);
  if (there.etag !== etag)
    throw new AppError('precondition_failed', `${path} was changed while it was read`, {
      hint: 'Try again.',
    });
}

function wrongLength(path: RemotePath, got: number, size: number | undefined): AppError {
  return new AppError('unavailable', `${path} came with ${got} of ${size ?? 'unknown'} bytes`, {
    hint: 'A proxy may have changed the answer. Try again.',
  });
}
