import { mapInSlices } from '../../time-slices.ts';
import type { Account } from '../account.ts';
import { davRequest } from '../dav/dav-request.ts';
import type { RequestOptions } from '../dav/dav-request.ts';
import { davList } from '../dav/dav-list.ts';

export interface Comment {
  readonly id: string;
  /** User id of the author. */
  readonly authorId: string | undefined;
  readonly author: string;
  readonly message: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const properties = ['oc:message', 'oc:actorId', 'oc:actorDisplayName', 'oc:creationDateTime'] as const;

/** Newest first. */
export async function fetchComments(
  account: Account,
  fileId: string,
  options: RequestOptions,
): Promise<Comment[]> {
  const found = await davList(account, () => ['comments', 'files', fileId], properties, options);
  return mapInSlices(
    found,
    (row): Comment => ({
      id: row.names.at(-1) ?? '',
      authorId: row.text('oc:actorId'),
      author: row.text('oc:actorDisplayName') ?? row.text('oc:actorId') ?? 'somebody',
      message: row.text('oc:message') ?? '',
      at: Date.parse(row.text('oc:creationDateTime') ?? '') || 0,
    }),
    options.signal,
  );
}

/** @returns the id of the comment, where the server tells it */
export async function postComment(
  account: Account,
  fileId: string,
  message: string,
  options: RequestOptions,
): Promise<string | undefined> {
  const { headers } = await davRequest(
    account,
    {
      method: 'POST',
      place: ['comments', 'files', fileId],
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ actorType: 'users', verb: 'comment', message }),
      expect: [201],
    },
    options,
  );
  return /\/(\d+)$/.exec(headers.get('content-location') ?? '')?.[1];
}

/** Only the author of a comment may delete it. */
export async function removeComment(
  account: Account,
  { fileId, id }: { readonly fileId: string; readonly id: string },
  options: RequestOptions,
): Promise<void> {
  await davRequest(
    account,
    { method: 'DELETE', place: ['comments', 'files', fileId, id], expect: [204] },
    options,
  );
}
