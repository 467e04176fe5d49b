import { AppError } from '../../errors.ts';
import { postComment, fetchComments } from '../../nextcloud/apps/comments.ts';
import type { RemotePath } from '../../path.ts';
import { iso } from '../entry/entry.ts';
import type { Reading } from '../read/reading.ts';
import type { Call } from '../context/call.ts';
import { stat } from '../context/stat.ts';
import type { Undo } from '../context/undo.ts';
import type { PolicyParts } from '../context/stat.ts';

const LONGEST = 1000;

/** What people wrote about a file, newest first. Theirs are words like those in a file: data. */
export async function listComments(
  parts: PolicyParts,
  path: RemotePath,
  limit: number,
  call: Call,
): Promise<Reading> {
  parts.policy.assertReadable(path);
  const { fileId = '' } = await stat(parts, path, call);
  const all = await fetchComments(parts.account, fileId, call);
  const shown = all.slice(0, limit);
  const lines = shown.map(({ author, message, at }) => `${iso(at) ?? ''} ${author}: ${message}`);
  return {
    header: `${path} | ${shown.length} of ${all.length} comments`,
    ...(lines.length === 0 ? {} : { body: lines.join('\n') }),
    notes: [],
  };
}

export interface Commented {
  readonly path: string;
  readonly undo: Undo;
}

export async function addComment(
  parts: PolicyParts,
  path: RemotePath,
  message: string,
  call: Call,
): Promise<Commented> {
  parts.policy.assertWritable(path);
  if (message.trim() === '' || message.length > LONGEST)
    throw new AppError('invalid_input', `A comment has 1 to ${LONGEST} characters, not ${message.length}`, {
      hint: 'Write a shorter one.',
    });
  const { fileId = '' } = await stat(parts, path, call);
  await postComment(parts.account, fileId, message, call);
  return { path, undo: [{ action: 'delete-comment', path }] };
}
