import { AppError } from '../../errors.ts';
import { ROOT } from '../../path.ts';
import type { Account } from '../account.ts';
import { davList } from '../dav/dav-list.ts';
import { davRequest } from '../dav/dav-request.ts';
import type { RequestOptions } from '../dav/dav-request.ts';
import { collectResources } from '../dav/found-resources.ts';
import type { FoundResources } from '../dav/found-resources.ts';
import { listingProperties } from '../dav/resource.ts';
import { escapeXmlText, NAMESPACES, propElement, XML, XML_CONTENT_TYPE } from '../dav/xml-request.ts';

/** A system tag, which is shared by all users of the server. */
export interface Tag {
  readonly id: string;
  readonly name: string;
}

/** The tags that this account can see (Nextcloud, apps/systemtags). */
export async function fetchTags(account: Account, options: RequestOptions): Promise<Tag[]> {
  const rows = await davList(account, () => ['systemtags'], ['oc:id', 'oc:display-name'], options);
  return rows.flatMap((row) => {
    const [id, name] = [row.text('oc:id'), row.text('oc:display-name')];
    return id === undefined || name === undefined ? [] : [{ id, name }];
  });
}

/**
 * Creates a tag that everyone can see and assign.
 *
 * @throws AppError `conflict` when there is one with this name
 */
export async function createTag(account: Account, name: string, options: RequestOptions): Promise<Tag> {
  const { headers } = await davRequest(
    account,
    {
      method: 'POST',
      place: ['systemtags'],
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name, userVisible: true, userAssignable: true }),
      expect: [201],
    },
    options,
  );
  const id = /(\d+)\/?$/.exec(headers.get('content-location') ?? '')?.[1];
  if (id !== undefined) return { id, name };
  throw new AppError('invalid_response', 'The server created a tag and did not say its id', {
    uncertain: true,
    remedy: { kind: 'list-tags' },
  });
}

/** Does nothing when the file has the tag already (409). */
export async function assignTag(
  account: Account,
  fileId: string,
  tag: Tag,
  options: RequestOptions,
): Promise<void> {
  const place = ['systemtags-relations', 'files', fileId, tag.id];
  await davRequest(account, { method: 'PUT', place, expect: [201, 409] }, options);
}

/** Does nothing when the file does not have the tag (404). */
export async function unassignTag(
  account: Account,
  fileId: string,
  tag: Tag,
  options: RequestOptions,
): Promise<void> {
  const place = ['systemtags-relations', 'files', fileId, tag.id];
  await davRequest(account, { method: 'DELETE', place, expect: [204, 404] }, options);
}

/**
 * The files and folders that have a system tag, found by its name regardless of case; with `favorite` only
 * those that are favorites as well.
 *
 * @throws AppError `not_found` when there is no such tag
 */
export async function findTaggedFiles(
  account: Account,
  name: string,
  favorite: boolean,
  options: RequestOptions,
): Promise<FoundResources> {
  const { id } = await findTag(account, name, options);
  const properties = propElement([...listingProperties, 'oc:owner-id']);
  const rules = `${favorite ? '<oc:favorite>1</oc:favorite>' : ''}<oc:systemtag>${escapeXmlText(id)}</oc:systemtag>`;
  return account.run((userId) =>
    account.exchange(
      {
        method: 'REPORT',
        path: account.address.file(userId, ROOT),
        headers: { 'content-type': XML_CONTENT_TYPE },
        body: `<?xml version="1.0"?><oc:filter-files ${NAMESPACES}>${properties}<oc:filter-rules>${rules}</oc:filter-rules></oc:filter-files>`,
        signal: options.signal,
        expect: [207],
        type: XML,
        wanted: 'the files with a tag',
      },
      (reply) => collectResources(account, reply, { userId }),
    ),
  );
}

async function findTag(account: Account, name: string, options: RequestOptions): Promise<Tag> {
  const tags = new Map((await fetchTags(account, options)).map((tag) => [tag.name.toLowerCase(), tag]));
  const found = tags.get(name.trim().toLowerCase());
  if (found !== undefined) return found;
  const known = [...tags.keys()].slice(0, 20).join(', ');
  throw new AppError('not_found', `There is no tag called ${JSON.stringify(name)}`, {
    hint: known === '' ? 'This Nextcloud has no tags yet.' : `Existing tags: ${known}.`,
  });
}
