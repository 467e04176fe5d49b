import type { Account } from '../account.ts';
import type { RequestOptions } from './dav-request.ts';
import { collectResources } from './found-resources.ts';
import type { FoundResources } from './found-resources.ts';
import { XML } from './xml-request.ts';

/**
 * SEARCH (RFC 5323). `body` makes the request body for a user id, see `searchBody`. The path of each hit
 * is relative to the files of this account.
 */
export async function davSearch(
  account: Account,
  body: (userId: string) => string,
  { signal }: RequestOptions,
): Promise<FoundResources> {
  return account.run((userId) =>
    account.exchange(
      {
        method: 'SEARCH',
        path: `${account.address.root}/remote.php/dav/`,
        headers: { 'content-type': 'text/xml; charset=utf-8' },
        body: body(userId),
        signal,
        expect: [207],
        type: XML,
        wanted: 'search results',
      },
      (reply) => collectResources(account, reply, { userId }),
    ),
  );
}
