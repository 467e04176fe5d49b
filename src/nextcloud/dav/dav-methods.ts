import { AsyncLocalStorage } from 'node:async_hooks';
import type { Readable } from 'node:stream';
import type { Headers } from 'undici';
import { AuthType, createClient, getPatcher } from 'webdav';
import type { WebDAVClient } from 'webdav';
import type { RemotePath } from '../../path.ts';
import type { Account } from '../account.ts';
import { encodePath } from '../address.ts';
import { refusePage } from '../transport/body.ts';

/**
 * The standard WebDAV verbs, by the `webdav` package with its fetch replaced by ours. Loaded on the
 * first change, because reading needs none of it.
 */
export interface DavMethod {
  readonly signal?: AbortSignal | undefined;
  readonly headers?: Record<string, string>;
}

export interface DavTarget extends DavMethod {
  /** Etag of what is to be replaced; without one the target must not exist. */
  readonly replaces?: string | undefined;
  /** Replace what is there even without its etag: folders have none that the server compares. */
  readonly overwrite?: boolean;
}

export interface PutRequest extends DavMethod {
  readonly body: Uint8Array | (() => Readable);
  /** Bytes. Nextcloud takes a body without a length for empty (observed). */
  readonly length: number;
}

interface Call {
  readonly account: Account;
  /** The only encoded paths that this call may touch. */
  readonly allowed: readonly string[];
  readonly expect: readonly number[];
  readonly verb: DavMethod;
  readonly body?: Uint8Array | (() => Readable);
  answer?: { status: number; headers: Headers };
}

/** What the server said when it had done as asked: 201 for new, 204 for replaced or gone. */
export interface DavOutcome {
  readonly status: number;
  readonly headers: Headers;
}

const calls = new AsyncLocalStorage<Call>();

type Fetch = (url: string, options: { method: string; headers: Record<string, string> }) => Promise<Response>;

const send: Fetch = async (url, options) => {
  const call = calls.getStore();
  if (!call) throw new Error('a WebDAV verb was used outside of its call');
  const path = new URL(url).pathname;
  if (!call.allowed.includes(path.replace(/\/$/, '')))
    throw new Error(`a WebDAV verb went astray to ${path}`);
  await call.account.exchange(
    {
      method: options.method,
      path,
      headers: { ...options.headers, ...call.verb.headers },
      ...(call.body === undefined ? {} : { body: call.body, transfer: true }),
      signal: call.verb.signal,
      expect: call.expect,
      wanted: 'the plain confirmation of a Nextcloud',
    },
    async (reply) => {
      await refusePage(options.method, reply.status, reply.body);
      call.answer = { status: reply.status, headers: reply.headers };
    },
  );
  return new Response(null, { status: 204 });
};

getPatcher().patch('fetch', (...args: unknown[]) => send(...(args as Parameters<Fetch>)));

// If-Match guards the source of a MOVE or COPY; its target is guarded by a tagged list (RFC 4918 section 10.4).
function guard(
  account: Account,
  userId: string,
  to: RemotePath,
  { replaces }: DavTarget,
): Record<string, string> {
  if (replaces === undefined) return {};
  return { if: `<${account.origin}${account.address.file(userId, to)}> (["${replaces}"])` };
}

async function perform(
  call: Call,
  userId: string,
  run: (client: WebDAVClient) => Promise<unknown>,
): Promise<DavOutcome> {
  const remote = call.account.origin + call.account.address.filesBase(userId);
  const client = createClient(remote, { authType: AuthType.None });
  await calls.run(call, () => run(client));
  if (!call.answer) throw new Error('a WebDAV verb ended without an answer');
  return call.answer;
}

export async function davMkcol(account: Account, path: RemotePath, verb: DavMethod): Promise<DavOutcome> {
  return account.run((userId) =>
    perform(plan(account, userId, [path], [201], verb), userId, (client) => client.createDirectory(path)),
  );
}

export async function davDelete(account: Account, path: RemotePath, verb: DavMethod): Promise<DavOutcome> {
  return account.run((userId) =>
    perform(plan(account, userId, [path], [204], verb), userId, (client) => client.deleteFile(path)),
  );
}

export async function davMove(
  account: Account,
  from: RemotePath,
  to: RemotePath,
  target: DavTarget,
): Promise<DavOutcome> {
  return account.run((userId) =>
    perform(plan(account, userId, [from], [201, 204], target), userId, (client) =>
      client.moveFile(from, to, {
        overwrite: target.overwrite ?? target.replaces !== undefined,
        headers: guard(account, userId, to, target),
      }),
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
    perform(plan(account, userId, [from], [201, 204], target), userId, (client) =>
      client.copyFile(from, to, {
        overwrite: target.overwrite ?? target.replaces !== undefined,
        headers: guard(account, userId, to, target),
      }),
    ),
  );
}

// The body goes around the package, so that it can be produced again when nothing of it was sent.
export async function davPut(account: Account, path: RemotePath, upload: PutRequest): Promise<DavOutcome> {
  return account.run((userId) =>
    perform({ ...plan(account, userId, [path], [201, 204], upload), body: upload.body }, userId, (client) =>
      client.putFileContents(path, '', { contentLength: upload.length }),
    ),
  );
}

function plan(
  account: Account,
  userId: string,
  paths: RemotePath[],
  expect: number[],
  verb: DavMethod,
): Call {
  const base = account.address.filesBase(userId);
  return { account, allowed: paths.map((path) => base + encodePath(path)), expect, verb };
}
