import { AppError } from '../../errors.ts';
import { ROOT } from '../../path.ts';
import type { Account } from '../account.ts';
import { collectResources, elements, NAMESPACES, XML } from '../dav/dav.ts';
import type { FoundResources, RequestOptions } from '../dav/dav.ts';
import { readMultistatus } from '../dav/multistatus.ts';
import { listingProperties } from '../dav/resource.ts';

/**
 * The files and folders with a system tag, found by the tag's name without regard to case; with `favorite`
 * those of them that are favorites.
 */
export async function findTaggedFiles(
  account: Account,
  name: string,
  favorite: boolean,
  look: RequestOptions,
): Promise<FoundResources> {
  const id = await tagId(account, name, look);
  return account.run((userId) =>
    account.exchange(
      {
        method: 'REPORT',
        path: account.address.file(userId, ROOT),
        headers: { 'content-type': 'application/xml; charset=utf-8' },
        body: `<?xml version="1.0"?><oc:filter-files ${NAMESPACES}><d:prop>${elements([...listingProperties, 'oc:owner-id'])}</d:prop><oc:filter-rules>${favorite ? '<oc:favorite>1</oc:favorite>' : ''}<oc:systemtag>${id}</oc:systemtag></oc:filter-rules></oc:filter-files>`,
        signal: look.signal,
        expect: [207],
        type: XML,
        wanted: 'the files with a tag',
      },
      (reply) => collectResources(account, userId, reply, false),
    ),
  );
}

async function tagId(account: Account, name: string, look: RequestOptions): Promise<number> {
  const tags = new Map<string, number>();
  await account.exchange(
    {
      method: 'PROPFIND',
      path: `${account.address.root}/remote.php/dav/systemtags/`,
      headers: { depth: '1', 'content-type': 'application/xml; charset=utf-8' },
      body: `<?xml version="1.0"?><d:propfind ${NAMESPACES}><d:prop><oc:id/><oc:display-name/></d:prop></d:propfind>`,
      signal: look.signal,
      expect: [207],
      type: XML,
      wanted: 'the tags',
    },
    (reply) =>
      readMultistatus(reply.body, ({ properties }) => {
        const label = properties.get('oc:display-name')?.text;
        const id = Number(properties.get('oc:id')?.text);
        if (label && Number.isInteger(id)) tags.set(label.toLowerCase(), id);
      }),
  );
  const found = tags.get(name.trim().toLowerCase());
  if (found !== undefined) return found;
  const known = [...tags.keys()].slice(0, 20).join(', ');
  throw new AppError('not_found', `There is no tag called ${JSON.stringify(name)}`, {
    hint: known === '' ? 'This Nextcloud has no tags yet.' : `Tags there are: ${known}.`,
  });
}
