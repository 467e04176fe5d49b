import { isAppError } from '../../errors.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import type { Account } from '../../nextcloud/account.ts';
import type { RemotePath } from '../../path.ts';
import type { Call } from '../context/call.ts';
import { wholeFolder } from '../context/whole-folder.ts';
import type { Intent, Outcome } from '../history/recorder.ts';
import { MAX_NOTED } from '../history/recorder.ts';

/** What tells one state of a file or folder from another one, and the size, without which a folder is not counted. */
const identityProperties = ['d:getetag', 'd:resourcetype', 'oc:fileid', 'oc:size'] as const;

/**
 * Notes what is in a folder that was just made with its contents, so that what is added to it later is told from
 * them. Of very many only the etag of the folder is noted, which changes with anything in it.
 *
 * @returns what was made, as it is now; undefined when that could not be read or nobody notes it
 */
export async function noteContents(
  { account }: { readonly account: Account },
  { path }: { readonly path: RemotePath },
  how: 'copied' | 'restored',
  call: Call,
): Promise<Resource | undefined> {
  if (!call.changes) return undefined;
  const found = await contentsOf(account, path, call).catch((error: unknown) => {
    if (isAppError(error) && error.code !== 'cancelled') return undefined;
    throw error;
  });
  const [root, ...inside] = found ?? [];
  if (!root || inside.length === 0) return root;
  if (inside.length > MAX_NOTED / 2) {
    const fact = { kind: 'made', path, folder: true, how, whole: true } as const;
    await call.changes.add([{ fact, after: { fileId: root.fileId, etag: root.etag } }]);
    return root;
  }
  await call.changes.add(
    inside.map((each): Intent & { after: Outcome } => ({
      fact: { kind: 'made', path: each.path, folder: each.folder, how },
      after: { fileId: each.fileId, etag: each.etag },
    })),
  );
  return root;
}

/** Itself and all that is in it. */
export async function contentsOf(
  account: Account,
  path: RemotePath,
  call: Call,
): Promise<readonly Resource[]> {
  return (await wholeFolder(account, path, identityProperties, { signal: call.signal })).resources;
}
