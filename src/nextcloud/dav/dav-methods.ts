import type { Readable } from 'node:stream';
import { AuthType, createClient, getPatcher } from 'webdav';
import type { WebDAVClient } from 'webdav';
import type { RemotePath } from '../../path.ts';
import type { Account } from '../account.ts';
import { refusePage } from '../transport/body.ts';
import type { DavOutcome, RequestOptions } from './dav-request.ts';

/**
 * The methods that change files: MKCOL, PUT, MOVE, COPY and DELETE. The `webdav` package makes the requests
 * and the account sends them. Loaded on the first change, because reading needs none of it.
 */
export interface DavMethod extends RequestOptions {
  readonly headers?: Record<string, string>;
}

export interface DavTarget extends DavMethod {
  /** Etag of the file to be replaced; without one the target must not exist. */
  readonly replaces?: string | undefined;
  /** Replace the target even without its etag: the server compares none for folders. */
  readonly overwrite?: boolean;
}

export interface PutRequest extends DavMethod {
  readonly body: Uint8Array | (() => Readable);
  /** Bytes. Nextcloud takes a body without a length for empty (observed). */
  readonly length: number;
}

export async function davMkcol(account: Account, path: RemotePath, method: DavMethod): Promise<DavOutcome> {
  return account.run((userId) =>
    perform({ account, userId, path, method, expect: [201] }, (client) => client.createDirectory(path)),
  );
}

export async function davDelete(account: Account, path: RemotePath, method: DavMethod): Promise<DavOutcome> {
  return account.run((userId) =>
    perform({ account, userId, path, method, expect: [204] }, (client) => client.deleteFile(path)),
  );
}

export async function davMove(
  account: Account,
  from: RemotePath,
  to: RemotePath,
  target: DavTarget,
): Promise<DavOutcome> {
  return account.run((userId) =>
    perform({ account, userId, path: from, method: target, expect: [201, 204] }, (client) =>
      client.moveFile(from, to, targetOptions(account.origin + account.address.file(userId, to), target)),
    ),
  );
}

export async function davCopy(
  account: Account,
  from: RemotePath,
  to: RemotePath,
  target: DavTarget,
): Promise<DavOutcome> {
  return account.run((userId) =>
    perform({ account, userId, path: from, method: target, expect: [201, 204] }, (client) =>
      client.copyFile(from, to, targetOptions(account.origin + account.address.file(userId, to), target)),
    ),
  );
}

/** The body does not pass through the package, so that it can be produced again for a retry. */
export async function davPut(account: Account, path: RemotePath, upload: PutRequest): Promise<DavOutcome> {
  const { body, length } = upload;
  return account.run((userId) =>
    perform({ account, userId, path, method: upload, expect: [201, 204], body }, (client) =>
      client.putFileContents(path, '', { contentLength: length }),
    ),
  );
}

// If-Match is about the source of a MOVE or COPY. A condition on the target is a tagged list
// (RFC 4918 section 10.4).
function targetOptions(
  url: string,
  { overwrite, replaces }: DavTarget,
): { overwrite: boolean; headers: Record<string, string> } {
  return {
    overwrite: overwrite ?? replaces !== undefined,
    headers: replaces === undefined ? {} : { if: `<${url}> (["${replaces}"])` },
  };
}

interface Operation {
  readonly account: Account;
  readonly userId: string;
  /** The only path that the request may have in its URL. */
  readonly path: RemotePath;
  readonly method: DavMethod;
  readonly expect: readonly number[];
  readonly body?: Uint8Array | (() => Readable);
}

async function perform(
  operation: Operation,
  run: (client: WebDAVClient) => Promise<unknown>,
): Promise<DavOutcome> {
  const { account, userId } = operation;
  const transport = new Transport(operation);
  const client = createClient(account.origin + account.address.filesBase(userId), {
    authType: AuthType.None,
    httpAgent: transport,
    httpsAgent: transport,
  });
  await run(client);
  if (!transport.outcome) throw new Error('webdav sent no request');
  return transport.outcome;
}

interface FetchOptions {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Returns the agent that the client was created with. */
  readonly agent?: (url: URL) => unknown;
}

/** Sends the request of one client through its account. */
class Transport {
  readonly #operation: Operation;
  outcome: DavOutcome | undefined;

  constructor(operation: Operation) {
    this.#operation = operation;
  }

  async fetch(url: URL, options: FetchOptions): Promise<Response> {
    const { account, userId, path, method, expect, body } = this.#operation;
    const expected = account.address.file(userId, path);
    if (url.pathname !== expected && url.pathname !== `${expected}/`)
      throw new Error(`webdav made a request for ${url.pathname} instead of ${expected}`);
    await account.exchange(
      {
        method: options.method,
        path: url.pathname,
        headers: { ...options.headers, ...method.headers },
        ...(body === undefined ? {} : { body, transfer: true }),
        signal: method.signal,
        expect,
        wanted: 'the plain confirmation of a Nextcloud',
      },
      async ({ status, headers, body: answer }) => {
        await refusePage(options.method, status, answer);
        this.outcome = { status, headers };
      },
    );
    // Refusals are thrown by `exchange`, so webdav only ever learns of success.
    return new Response(null, { status: 204 });
  }
}

/**
 * `webdav` 5 takes no fetch per client. Its documented extension point is this patcher, which is one for
 * the whole package; what a client does carry through to fetch is its HTTP agent. So the patched fetch asks
 * for the agent and lets it send: no state is shared between calls, and a client without a transport
 * cannot reach the network.
 */
getPatcher().patch('fetch', async (...args: unknown[]) => {
  const [address, options] = args as [string, FetchOptions];
  const url = new URL(address);
  const transport = options.agent?.(url);
  if (!(transport instanceof Transport)) throw new Error('a webdav client was created without a transport');
  return transport.fetch(url, options);
});
