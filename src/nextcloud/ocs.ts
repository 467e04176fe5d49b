import * as z from 'zod';
import { AppError } from '../errors.ts';
import type { HttpReply, HttpRequest } from './transport/http.ts';

/** What can send a request that does not depend on the user id. */
export interface Plain {
  readonly address: { readonly root: string };
  exchange<T>(request: HttpRequest, consume: (reply: HttpReply) => Promise<T>): Promise<T>;
}

const envelope = z.object({
  ocs: z.object({ meta: z.object({ statuscode: z.number() }), data: z.record(z.string(), z.unknown()) }),
});

const status = z.object({
  installed: z.boolean(),
  maintenance: z.boolean(),
  needsDbUpgrade: z.boolean().optional(),
  versionstring: z.string(),
  productname: z.string().optional(),
});

/** `status.php`: anonymous, answered in maintenance mode too. */
export type ServerStatus = z.infer<typeof status>;

const JSON_TYPE = /^application\/json/;
const MAX_BYTES = 2 * 1024 * 1024;

/** `data` of an OCS answer (Nextcloud developer manual, OCS API). v2 mirrors its status in HTTP. */
export async function readOcs(
  server: Plain,
  path: string,
  signal?: AbortSignal,
): Promise<Record<string, unknown>> {
  const request: HttpRequest = {
    method: 'GET',
    path: server.address.root + path,
    headers: { 'ocs-apirequest': 'true', accept: 'application/json' },
    expect: [200],
    type: JSON_TYPE,
    wanted: 'JSON from its OCS interface',
    signal,
  };
  const answer = envelope.safeParse(await server.exchange(request, readJson));
  if (!answer.success) throw notNextcloud(answer.error);
  return answer.data.ocs.data;
}

const anything = z.object({ ocs: z.object({ data: z.unknown() }) });

/** Any call of the OCS interface, with its parameters as a form. Its refusals carry their reason. */
export async function callOcs(
  server: Plain,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  parameters: Readonly<Record<string, string | undefined>>,
  signal?: AbortSignal,
): Promise<unknown> {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) form.set(name, value);
  const query = method === 'GET' && form.size > 0 ? `?${form.toString()}` : '';
  const request: HttpRequest = {
    method,
    path: server.address.root + path + query,
    headers: {
      'ocs-apirequest': 'true',
      accept: 'application/json',
      ...(method === 'GET' ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    },
    ...(method === 'GET' ? {} : { body: form.toString() }),
    expect: [200],
    type: JSON_TYPE,
    wanted: 'JSON from its OCS interface',
    signal,
  };
  const answer = anything.safeParse(await server.exchange(request, readJson));
  if (!answer.success) throw notNextcloud(answer.error);
  return answer.data.ocs.data;
}

export async function readStatus(server: Plain, signal?: AbortSignal): Promise<ServerStatus> {
  const request: HttpRequest = {
    method: 'GET',
    path: `${server.address.root}/status.php`,
    headers: { accept: 'application/json' },
    expect: [200],
    type: JSON_TYPE,
    open: true,
    wanted: 'the status of a Nextcloud',
    signal,
  };
  const answer = status.safeParse(await server.exchange(request, readJson));
  if (!answer.success) throw notNextcloud(answer.error);
  return answer.data;
}

async function readJson(reply: HttpReply): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of reply.body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BYTES) throw notNextcloud(undefined);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (cause) {
    throw notNextcloud(cause);
  }
}

function notNextcloud(cause: unknown): AppError {
  return new AppError('invalid_response', 'The server does not answer as a Nextcloud does', {
    hint: 'Set NEXTCLOUD_URL to the address that the browser shows when you are in your Nextcloud.',
    cause,
  });
}
