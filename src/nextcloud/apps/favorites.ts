import { segments } from '../../path.ts';
import type { RemotePath } from '../../path.ts';
import type { Account } from '../account.ts';
import { davRequest } from '../dav/dav-request.ts';
import type { RequestOptions } from '../dav/dav-request.ts';
import { NAMESPACES, XML_CONTENT_TYPE } from '../dav/xml-request.ts';

/** Marks a file or folder as a favorite of the account, or takes the mark away. */
export async function markFavorite(
  account: Account,
  path: RemotePath,
  favorite: boolean,
  options: RequestOptions,
): Promise<void> {
  await davRequest(
    account,
    (userId) => ({
      method: 'PROPPATCH',
      place: ['files', userId, ...segments(path)],
      headers: { 'content-type': XML_CONTENT_TYPE },
      body: `<?xml version="1.0"?><d:propertyupdate ${NAMESPACES}><d:set><d:prop><oc:favorite>${favorite ? 1 : 0}</oc:favorite></d:prop></d:set></d:propertyupdate>`,
      expect: [207],
    }),
    options,
  );
}
