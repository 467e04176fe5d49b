import type { Headers } from 'undici';
import type { Account } from '../account.ts';
import { refusePage } from '../transport/body.ts';

export interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
}

/** One change at a place of the DAV interface. Places are decoded path segments below `remote.php/dav`. */
export interface DavRequest {
  readonly method: 'MOVE' | 'MKCOL' | 'POST' | 'PUT' | 'DELETE' | 'PROPPATCH';
  readonly place: readonly string[];
  /** The target of a MOVE. */
  readonly destination?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly expect: readonly number[];
}

/** What the server said when it had done as asked: 201 for new, 204 for replaced or deleted. */
export interface DavOutcome {
  readonly status: number;
  readonly headers: Headers;
}

/**
 * Sends a change of something that is not a file in the account's folders: trash, versions, tags, comments,
 * the upload area. Changes of files are in `dav-methods.ts`. A request that is a function depends on the user
 * id, and is sent again when that was wrong; any other one would be made a second time.
 */
export async function davRequest(
  account: Account,
  request: DavRequest | ((userId: string) => DavRequest),
  { signal }: RequestOptions,
): Promise<DavOutcome> {
  const { address } = account;
  const send = async ({ place, destination, headers, ...rest }: DavRequest): Promise<DavOutcome> => {
    const target = destination && { destination: account.origin + address.dav(...destination) };
    return account.exchange(
      {
        ...rest,
        path: address.dav(...place),
        headers: { ...headers, ...target },
        signal,
        wanted: 'a confirmation',
      },
      async (reply) => {
        await refusePage(rest.method, reply.status, reply.body);
        return { status: reply.status, headers: reply.headers };
      },
    );
  };
  return typeof request === 'function' ? account.run((userId) => send(request(userId))) : send(request);
}
