import { segments } from '../../path.ts';
import type { RemotePath } from '../../path.ts';
import type { Account } from '../account.ts';
import { NAMESPACES } from '../dav/dav.ts';
import type { RequestOptions } from '../dav/dav.ts';
import { davRequest, davList } from '../dav/dav-list.ts';

/** A system tag: one for all users of the server. */
export interface Tag {
  readonly id: string;
  readonly name: string;
}

export async function fetchTags(account: Account, look: RequestOptions): Promise<Tag[]> {
  const found = await davList(account, () => ['systemtags'], ['oc:id', 'oc:display-name'], look);
  return found.flatMap((row) => {
    const [id, name] = [row.text('oc:id'), row.text('oc:display-name')];
    return id === undefined || name === undefined ? [] : [{ id, name }];
  });
}

/** Makes a tag and tells its id. */
export async function makeTag(account: Account, name: string, look: RequestOptions): Promise<Tag> {
  const { headers } = await davRequest(
    account,
    () => ({
      method: 'POST',
      place: ['systemtags'],
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name, userVisible: true, userAssignable: true }),
      expect: [201],
    }),
    look,
  );
  const id = /(\d+)\/?$/.exec(headers.get('content-location') ?? '')?.[1] ?? '';
  return { id, name };
}

/** 409: it has the tag already. 404: it does not have it. Either way it is as wanted. */
export async function assignTag(
  account: Account,
  fileId: string,
  tag: Tag,
  on: boolean,
  look: RequestOptions,
): Promise<void> {
  await davRequest(
    account,
    () => ({
      method: on ? 'PUT' : 'DELETE',
      place: ['systemtags-relations', 'files', fileId, tag.id],
      expect: on ? [201, 409] : [204, 404],
    }),
    look,
  );
}

export async function markFavorite(
  account: Account,
  path: RemotePath,
  on: boolean,
  look: RequestOptions,
): Promise<void> {
  await davRequest(
    account,
    (userId) => ({
      method: 'PROPPATCH',
      place: ['files', userId, ...segments(path)],
      headers: { 'content-type': 'application/xml; charset=utf-8' },
      body: `<?xml version="1.0"?><d:propertyupdate ${NAMESPACES}><d:set><d:prop><oc:favorite>${on ? 1 : 0}</oc:favorite></d:prop></d:set></d:propertyupdate>`,
      expect: [207],
    }),
    look,
  );
}
