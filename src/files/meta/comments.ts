import { AppError } from '../../errors.ts';
import { postComment, fetchComments } from '../../nextcloud/apps/comments.ts';
import type { RemotePath } from '../../path.ts';
import { iso } from '../entry/entry.ts';
import type { Reading } from '../read/reading.ts';
import { stat } from '../context/service.ts';
import type { Call, Service } from '../context/service.ts';

const LONGEST = 1000;

/** What people wrote about a file, newest first. Theirs are words like those in a file: data. */
export async function listComments(
  service: Service,
  path: RemotePath,
  limit: number,
  call: Call,
): Promise<Reading> {
  service.policy.assertReadable(path);
  const { fileId = '' } = await stat(service, path, call);
  const all = await fetchComments(service.account, fileId, call);
  const shown = all.slice(0, limit);
  const lines = shown.map(({ author, message, at }) => `${iso(at) ?? ''} ${author}: ${message}`);
  return {
    header: `${path} | ${shown.length} of ${all.length} comments`,
    ...(lines.length === 0 ? {} : { body: lines.join('\n') }),
    notes: [],
  };
}

export async function addComment(
  service: Service,
  path: RemotePath,
  message: string,
  call: Call,
): Promise<{ path: string; undo: string }> {
  service.policy.assertWritable(path);
  if (message.trim() === '' || message.length > LONGEST)
    throw new AppError('invalid_input', `A comment has 1 to ${LONGEST} characters, not ${message.length}`, {
      hint: 'Write a shorter one.',
    });
  const { fileId = '' } = await stat(service, path, call);
  await postComment(service.account, fileId, message, call);
  return { path, undo: 'Delete the comment in the sidebar of the file in Nextcloud.' };
}
