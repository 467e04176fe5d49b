import { AppError, isAppError } from '../../errors.ts';
import { withEditLock } from '../../nextcloud/dav/edit-lock.ts';
import { pause } from '../../pause.ts';
import type { RemotePath } from '../../path.ts';
import { formatBytes } from '../../text/byte-size.ts';
import { refuseEncrypted } from '../read/encrypted.ts';
import { editable, snapshot } from '../read/snapshot.ts';
import type { Snapshot } from '../read/snapshot.ts';
import type { Reading } from '../read/reading.ts';
import { changeInTime } from '../edit/bounded-change.ts';
import type { TextChange } from '../edit/text-change.ts';
import type { Replacement } from '../edit/text-edits.ts';
import type { Call } from '../context/call.ts';
import { sendContent } from './send-content.ts';
import type { Uploaded } from './file-write.ts';
import { plainEtag } from './upload.ts';
import type { UploadParts } from './upload.ts';

export interface EditOptions {
  readonly edits: readonly Replacement[];
  readonly dryRun: boolean;
  /** Edit only what still has this etag. */
  readonly ifMatch?: string | undefined;
}

export interface EditParts extends UploadParts {
  /** Identifies the principal, for a fair share of the threads in which long edits are made. */
  readonly owner: string;
}

/** Another program may change the file between reading and writing. */
const MAX_ATTEMPTS = 5;

/**
 * Replaces parts of a text. The file is only written if it has not changed since it was read. If somebody else
 * has changed it, the edits are applied to the new contents, if they still match.
 */
export async function editFile(
  parts: EditParts,
  path: RemotePath,
  options: EditOptions,
  call: Call,
): Promise<Reading> {
  parts.policy.assertWritable(path);
  if (options.dryRun) return tryEdit(parts, path, options, call);
  return parts.changeQueue.run(path, async () =>
    withEditLock(parts.account, path, call, async () => {
      for (let attempts = 1; ; attempts++) {
        try {
          return await tryEdit(parts, path, options, call);
        } catch (error) {
          const hasChanged = isAppError(error, 'precondition_failed') && options.ifMatch === undefined;
          if (!hasChanged || attempts === MAX_ATTEMPTS) throw error;
          await pause(Math.random() * 20 * 2 ** attempts, call.signal);
        } finally {
          parts.metadata.changed(path);
        }
      }
    }),
  );
}

async function tryEdit(
  parts: EditParts,
  path: RemotePath,
  options: EditOptions,
  call: Call,
): Promise<Reading> {
  const before = await snapshot(parts, path, { ...editable, allocate: sharedBuffer }, call);
  refuseEncrypted(path, before.bytes);
  if (options.ifMatch !== undefined && plainEtag(options.ifMatch) !== before.file.etag)
    throw changedSince(path, before.file.etag);
  const asked = { bytes: before.bytes, edits: options.edits, where: path };
  const change = await changeInTime(asked, parts.owner, call.signal);
  if (options.dryRun || !change.bytes) return describeEdit(change, before, undefined);
  const write = {
    path,
    content: Buffer.from(change.bytes.buffer, change.bytes.byteOffset, change.bytes.length),
    modified: parts.mtimes.next(path, undefined, before.file),
    replaces: before.file,
  };
  return describeEdit(change, before, await sendContent(parts, write, call));
}

/** A thread may read what is written into it. */
function sharedBuffer(size: number): Buffer {
  return Buffer.from(new SharedArrayBuffer(size));
}

function describeEdit(change: TextChange, { file }: Snapshot, stored: Uploaded | undefined): Reading {
  const { path } = file;
  const same = !change.bytes;
  const what = stored
    ? 'edited'
    : same
      ? 'nothing to change, left as it is'
      : 'not changed, this is a dry run';
  const etag = stored?.etag ?? file.etag ?? '';
  const { difference = '' } = change;
  return {
    header: `${path} | ${what} | ${formatBytes(stored?.bytes ?? file.size ?? 0)} | etag ${etag}`,
    ...(difference === '' ? {} : { body: difference }),
    notes: same || difference !== '' ? [] : ['The difference is too large to be shown.'],
  };
}

function changedSince(path: RemotePath, etag: string | undefined): AppError {
  return new AppError('precondition_failed', `${path} has changed since it was read`, {
    hint: `Its etag is now ${etag ?? 'unknown'}. Read it again before you edit it.`,
  });
}
