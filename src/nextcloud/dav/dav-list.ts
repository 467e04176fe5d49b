import type { Headers } from 'undici';
import type { Account } from '../account.ts';
import { NAMESPACES, XML } from './dav.ts';
import type { RequestOptions } from './dav.ts';
import { refusePage } from '../transport/body.ts';
import { readMultistatus } from './multistatus.ts';
import type { ResourceResponse } from './multistatus.ts';

/** What is not a file of the person: trash, versions, tags, comments, as rows of properties. */
export interface DavRow {
  /** Decoded names below the place that was asked. */
  readonly names: readonly string[];
  readonly properties: ResourceResponse['properties'];
  text(name: string): string | undefined;
}

/** PROPFIND on a place of the DAV interface, without the place itself. */
export async function davList(
  account: Account,
  placeOf: (userId: string) => readonly string[],
  properties: readonly string[],
  look: RequestOptions & { readonly depth?: '1' | 'infinity' },
): Promise<DavRow[]> {
  const { address } = account;
  return account.run((userId) => {
    const place = address.dav(...placeOf(userId));
    return account.exchange(
      {
        method: 'PROPFIND',
        path: place,
        headers: { depth: look.depth ?? '1', 'content-type': 'application/xml; charset=utf-8' },
        body: `<?xml version="1.0"?><d:propfind ${NAMESPACES}><d:prop>${properties.map((name) => `<${name}/>`).join('')}</d:prop></d:propfind>`,
        signal: look.signal,
        expect: [207],
        type: XML,
        wanted: 'a list',
      },
      async (reply) => {
        const found: DavRow[] = [];
        await readMultistatus(reply.body, (response) => {
          const names = address.below(response.href, place);
          if (names === undefined || names.length === 0) return;
          const { properties: all } = response;
          found.push({ names, properties: all, text: (name) => all.get(name)?.text || undefined });
        });
        return found;
      },
    );
  });
}

export interface DavRequest {
  readonly method: 'MOVE' | 'POST' | 'PUT' | 'DELETE' | 'PROPPATCH';
  readonly place: readonly string[];
  /** For a MOVE: where to. */
  readonly destination?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly expect: readonly number[];
}

/** One change at a place of the DAV interface. */
export async function davRequest(
  account: Account,
  plan: (userId: string) => DavRequest,
  { signal }: RequestOptions,
): Promise<{ status: number; headers: Headers }> {
  const { address } = account;
  return account.run((userId) => {
    const { place, destination, headers, ...request } = plan(userId);
    const to = destination && { destination: account.origin + address.dav(...destination) };
    return account.exchange(
      {
        ...request,
        path: address.dav(...place),
        headers: { ...headers, ...to },
        signal,
        wanted: 'a confirmation',
      },
      async (reply) => {
        await refusePage(request.method, reply.status, reply.body);
        return { status: reply.status, headers: reply.headers };
      },
    );
  });
}
