import { createHash } from 'node:crypto';
import { AppError } from '../../errors.ts';
import { escapeLine } from '../../text/foreign-text.ts';
import { postComment, fetchComments } from '../../nextcloud/apps/comments.ts';
import { some } from '../../nextcloud/dav/resource.ts';
import type { RemotePath } from '../../path.ts';
import { mapInSlices } from '../../time-slices.ts';
import { fitting, room } from '../entry/cursor.ts';
import { iso } from '../entry/entry.ts';
import type { Reading } from '../read/reading.ts';
import type { Call } from '../context/call.ts';
import type { ChangeQueue } from '../context/change-queue.ts';
import { reconcile } from '../context/reconcile.ts';
import { stat } from '../context/stat.ts';
import type { PolicyParts } from '../context/stat.ts';
import type { FactOf } from '../history/fact.ts';
import { noting } from '../history/recorder.ts';

const LONGEST = 1000;
/** Characters that are shown of the name of an author. */
const MAX_NAME = 100;

/** What people wrote about a file, newest first. Theirs are words like those in a file: data. */
export async function listComments(
  parts: PolicyParts & { readonly maxChars: number },
  path: RemotePath,
  limit: number,
  call: Call,
): Promise<Reading> {
  parts.policy.assertReadable(path);
  const { fileId = '' } = await stat(parts, path, call);
  const all = await fetchComments(parts.account, fileId, call);
  // One line for each, so that no comment can pass for another one.
  const lines = await mapInSlices(
    all.slice(0, limit),
    ({ author, message, at }) => `${iso(at) ?? ''} ${escapeLine(author, MAX_NAME)}: ${escapeLine(message)}`,
    call.signal,
  );
  const shown = fitting(lines, limit, room(parts.maxChars, path));
  return {
    header: `${path} | ${shown.length} of ${all.length} comments`,
    ...(shown.length === 0 ? {} : { body: shown.join('\n') }),
    notes: [],
  };
}

export interface Commented {
  readonly path: string;
}

/** Adds a comment, one at a time for each file: the response to one may be lost, and it is told from the others. */
export async function addComment(
  parts: PolicyParts & { readonly changeQueue: ChangeQueue },
  path: RemotePath,
  message: string,
  call: Call,
): Promise<Commented> {
  parts.policy.assertWritable(path);
  if (message.trim() === '' || message.length > LONGEST)
    throw new AppError('invalid_input', `A comment has 1 to ${LONGEST} characters, not ${message.length}`, {
      hint: 'Write a shorter one.',
    });
  return parts.changeQueue.run(path, async () => {
    const { account } = parts;
    const { fileId = '' } = await stat(parts, path, call);
    const known = (await fetchComments(account, fileId, call)).map(({ id }) => id);
    const fact = { kind: 'commented', path, digest: digestOf(message), known } as const;
    const post = async (): Promise<{ id?: string }> =>
      some('id', await postComment(account, fileId, message, call));
    const check = async (): Promise<{ id: string } | undefined> => ownComment(parts, fileId, fact, call);
    const remedy = { kind: 'verify-change', place: 'comments' } as const;
    await noting(
      call,
      { fact, before: { fileId } },
      async () => reconcile(post, check, call, { once: true, remedy }),
      ({ id }) => ({ fileId, ref: id }),
    );
    return { path };
  });
}

/** The comment with this text that was not there before. */
export async function ownComment(
  { account }: Pick<PolicyParts, 'account'>,
  fileId: string,
  { digest, known }: Pick<FactOf<'commented'>, 'digest' | 'known'>,
  call: Call,
): Promise<{ id: string } | undefined> {
  const userId = await account.confirm(call.signal);
  const all = await fetchComments(account, fileId, call);
  return all.find(
    ({ id, authorId, message: text }) =>
      !known.includes(id) && authorId === userId && digestOf(text) === digest,
  );
}

/** Tells one text from another. Nextcloud trims a comment, and XML has one kind of line end. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text.trim().replace(/\s+/g, ' ')).digest('hex').slice(0, 32);
}
