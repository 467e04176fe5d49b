import type { Account } from '../account.ts';
import type { RequestOptions } from './dav-request.ts';
import { readMultistatus } from './multistatus.ts';
import type { ResourceResponse } from './multistatus.ts';
import type { NamespacedProperty } from './xml-request.ts';
import { propfindRequest } from './xml-request.ts';

/** An entry of a list that is not one of files: trash, versions, tags, comments, chunks of an upload. */
export interface DavRow<P extends NamespacedProperty = NamespacedProperty> {
  /** Decoded path segments below the listed place. */
  readonly names: readonly string[];
  readonly properties: ResourceResponse['properties'];
  /** Text of a property; undefined when it is absent or empty. */
  text(name: P): string | undefined;
}

export interface DavListOptions extends RequestOptions {
  readonly depth?: 1 | 'infinity';
}

/** PROPFIND on a place of the DAV interface, given as path segments. The place itself is left out. */
export async function davList<P extends NamespacedProperty>(
  account: Account,
  placeFor: (userId: string) => readonly string[],
  properties: readonly P[],
  { depth = 1, signal }: DavListOptions,
): Promise<DavRow<P>[]> {
  const { address } = account;
  return account.run((userId) => {
    const path = address.dav(...placeFor(userId));
    return account.exchange(
      propfindRequest({ path, depth, properties, wanted: 'a list', signal }),
      async (reply) => {
        const rows: DavRow<P>[] = [];
        await readMultistatus(reply.body, (response) => {
          const names = address.below(response.href, path);
          if (names === undefined || names.length === 0) return;
          const { properties: all } = response;
          rows.push({ names, properties: all, text: (name) => all.get(name)?.text || undefined });
        });
        return rows;
      },
    );
  });
}
