import { AppError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Capabilities } from '../../nextcloud/apps/capabilities.ts';
import type { DavOutcome } from '../../nextcloud/dav/dav-request.ts';
import { some } from '../../nextcloud/dav/resource.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import type { RemotePath } from '../../path.ts';
import type { Call } from '../context/call.ts';
import { statIfThere } from '../context/stat.ts';
import type { StatParts } from '../context/stat.ts';
import { iso, newEntry, toEntry } from '../entry/entry.ts';
import type { Entry } from '../entry/entry.ts';
import type { Journal, TransferRecord } from '../journal/journal.ts';
import { contentSize } from './content.ts';
import type { Content } from './content.ts';
import type { TransferSlots } from './transfer-slots.ts';

/** A file that is to be written, after its target was looked at. */
export interface FileWrite {
  readonly path: RemotePath;
  readonly content: Content;
  /** The modification time to be stored, in seconds since 1970. */
  readonly modified: number;
  /** The file that is replaced, as it was read before; without one the name must be free. */
  readonly replaces: Resource | undefined;
}

/** What sending the contents of a file takes. */
export interface SendParts extends StatParts {
  readonly journal: Journal;
  readonly slots: TransferSlots;
  readonly capabilities: (call: Call) => Promise<Capabilities>;
  readonly log: Log;
}

export interface Uploaded extends Entry {
  readonly created: boolean;
  readonly replaced: boolean;
  /** Bytes that were stored. */
  readonly bytes: number;
  /** The same file was there already, and nothing was sent. */
  readonly same?: true;
  /** `SHA256:` and the digest in hexadecimal, if the contents were hashed while they were sent. */
  readonly checksum?: string;
  readonly notes?: readonly string[];
}

/** The file that a successful request has written. @throws AppError when the server ignored the condition */
export function uploadedFile({ path, content, modified, replaces }: FileWrite, done: DavOutcome): Uploaded {
  assertConditionHeld(done, replaces);
  const size = contentSize(content);
  const isTimeStored = done.headers.get('x-oc-mtime') === 'accepted';
  return {
    ...newEntry(path, 'file', done.headers),
    ...some('modified', iso(isTimeStored ? modified * 1000 : undefined)),
    created: replaces === undefined,
    replaced: replaces !== undefined,
    size,
    bytes: size,
  };
}

function assertConditionHeld({ status }: DavOutcome, replaces: Resource | undefined): void {
  if ((status === 201) === (replaces === undefined)) return;
  throw new AppError(
    'invalid_response',
    `The server ${status === 201 ? 'made a new file' : 'replaced a file'} although it was told not to`,
    {
      hint: 'A proxy may have removed the conditions of the request. Look at the versions of the file in Nextcloud.',
    },
  );
}

/** What tells a file that was just written from any other one. */
export type WriteTraits = Pick<TransferRecord, 'size' | 'modified' | 'began' | 'replaces'>;

/** The server's clock is read from a header with whole seconds. */
const CLOCK_TOLERANCE_MS = 2000;

/** The file at the path, if it can only be the one that was sent; its response may have been lost. */
export async function findUploaded(
  parts: StatParts,
  path: RemotePath,
  { size, modified, began, replaces }: WriteTraits,
  call: Call,
): Promise<Uploaded | undefined> {
  const found = await statIfThere(parts, path, call);
  const isOurs =
    found?.modified === modified * 1000 &&
    found.size === size &&
    found.etag !== replaces &&
    (found.detail?.uploaded ?? 0) >= parts.account.serverTime(began) - CLOCK_TOLERANCE_MS;
  if (!found || !isOurs) return undefined;
  return {
    ...toEntry(found),
    created: replaces === undefined,
    replaced: replaces !== undefined,
    bytes: size,
  };
}
