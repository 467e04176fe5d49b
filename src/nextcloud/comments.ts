import type { Account } from './account.ts';
import type { Look } from './dav.ts';
import { act, rows } from './rows.ts';

export interface Comment {
  readonly author: string;
  readonly message: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const properties = ['oc:message', 'oc:actorId', 'oc:actorDisplayName', 'oc:creationDateTime'];

/** Newest first. */
export async function commentsOn(account: Account, fileId: string, look: Look): Promise<Comment[]> {
  const found = await rows(account, () => ['comments', 'files', fileId], properties, look);
  return found.map((row) => ({
    author: row.text('oc:actorDisplayName') ?? row.text('oc:actorId') ?? 'somebody',
    message: row.text('oc:message') ?? '',
    at: Date.parse(row.text('oc:creationDateTime') ?? '') || 0,
  }));
}

export async function comment(account: Account, fileId: string, message: string, look: Look): Promise<void> {
  await act(
    account,
    () => ({
      method: 'POST',
      place: ['comments', 'files', fileId],
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ actorType: 'users', verb: 'comment', message }),
      expect: [201],
    }),
    look,
  );
}
