import { createTwoFilesPatch } from 'diff';
import { AppError, isAppError } from '../../errors.ts';
import { decodeText } from '../../documents/kernel/encoding.ts';
import { encode } from '../../documents/kernel/encoder.ts';
import { withEditLock } from '../../nextcloud/dav/edit-lock.ts';
import { pause } from '../../pause.ts';
import type { RemotePath } from '../../path.ts';
import { formatBytes } from '../../byte-size.ts';
import { editable, snapshot } from '../read/snapshot.ts';
import type { Snapshot } from '../read/snapshot.ts';
import type { Reading } from '../read/reading.ts';
import { applyEdits } from './text-edits.ts';
import type { Replacement } from './text-edits.ts';
import type { Call } from '../context/call.ts';
import { toVersion } from '../context/undo.ts';
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

/** Another program may change the file between reading and writing. */
const MAX_ATTEMPTS = 5;

/**
 * Replaces parts of a text. The file is only written if it has not changed since it was read. If somebody else
 * has changed it, the edits are applied to the new contents, if they still match.
 */
export async function editFile(
  parts: UploadParts,
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
  parts: UploadParts,
  path: RemotePath,
  options: EditOptions,
  call: Call,
): Promise<Reading> {
  const before = await snapshot(parts, path, editable, call);
  if (options.ifMatch !== undefined && plainEtag(options.ifMatch) !== before.file.etag)
    throw changedSince(path, before.file.etag);
  const change = applyTo(before, options.edits);
  if (options.dryRun || change.before === change.after) return describeEdit(change, before, undefined);
  const write = {
    path,
    content: change.bytes,
    modified: parts.mtimes.next(path, undefined, before.file),
    replaces: before.file,
  };
  return describeEdit(change, before, await sendContent(parts, write, call));
}

interface Change {
  readonly before: string;
  readonly after: string;
  readonly bytes: Buffer;
}

/** Applies the edits. Encoding and byte order mark stay the same. */
function applyTo({ file, bytes }: Snapshot, edits: readonly Replacement[]): Change {
  const {
    text: before,
    encoding: { encoding, bom, binary },
  } = decodeText(bytes);
  if (binary)
    throw new AppError('invalid_input', `${file.path} is not a text`, {
      remedy: { kind: 'replace-file' },
    });
  if (!encode(before, encoding)?.equals(bytes.subarray(bom)))
    throw new AppError(
      'invalid_input',
      `${file.path} has bytes that are not valid ${encoding.toUpperCase()}, which an edit would change`,
      { remedy: { kind: 'replace-file' } },
    );
  if (before === '')
    throw new AppError('invalid_input', `${file.path} is empty, so there is nothing in it to replace`, {
      remedy: { kind: 'replace-file' },
    });
  const after = applyEdits(before, edits, { where: file.path });
  const encoded = encode(after, encoding);
  if (!encoded)
    throw new AppError(
      'invalid_input',
      `new_text has a character that ${encoding.toUpperCase()} does not have`,
      {
        hint: `${file.path} is stored in ${encoding.toUpperCase()}. Use characters that it has.`,
        remedy: { kind: 'replace-file' },
      },
    );
  return { before, after, bytes: Buffer.concat([bytes.subarray(0, bom), encoded]) };
}

const DIFF_MS = 1000;
const DIFF_CHARS = 30_000;

function describeEdit(change: Change, { file }: Snapshot, stored: Uploaded | undefined): Reading {
  const { path } = file;
  const same = change.before === change.after;
  const what = stored
    ? 'edited'
    : same
      ? 'nothing to change, left as it is'
      : 'not changed, this is a dry run';
  const etag = stored?.etag ?? file.etag ?? '';
  const patch = same ? '' : difference(path, change);
  return {
    header: `${path} | ${what} | ${formatBytes(stored?.bytes ?? file.size ?? 0)} | etag ${etag}`,
    ...(patch === '' ? {} : { body: patch }),
    notes: same || patch !== '' ? [] : ['The difference is too large to be shown.'],
    ...(stored ? { undo: toVersion(path, file) } : {}),
  };
}

function difference(path: RemotePath, { before, after }: Change): string {
  const plain = (text: string): string => text.replace(/\r\n?/g, '\n');
  const patch = createTwoFilesPatch(path, path, plain(before), plain(after), undefined, undefined, {
    context: 2,
    timeout: DIFF_MS,
  });
  const lines = patch?.split('\n').slice(1).join('\n').trimEnd() ?? '';
  return lines.length > DIFF_CHARS ? '' : lines;
}

function changedSince(path: RemotePath, etag: string | undefined): AppError {
  return new AppError('precondition_failed', `${path} has changed since it was read`, {
    hint: `Its etag is now ${etag ?? 'unknown'}. Read it again before you edit it.`,
  });
}
