import * as z from 'zod';
import { AppError } from '../errors.ts';
import { JSON_CONTENT, readJson } from './transport/body.ts';
import type { HttpReply, HttpRequest } from './transport/http.ts';
import { isRead } from './transport/retry.ts';

/** Sends requests that do not depend on the user id. */
export interface Plain {
  readonly address: { readonly root: string };
  exchange<T>(request: HttpRequest, consume: (reply: HttpReply) => Promise<T>): Promise<T>;
}

const envelope = z.object({ ocs: z.object({ data: z.unknown() }) });
const record = z.record(z.string(), z.unknown());

const status = z.object({
  installed: z.boolean(),
  maintenance: z.boolean(),
  needsDbUpgrade: z.boolean().optional(),
  versionstring: z.string(),
  productname: z.string().optional(),
});

/** The answer of `status.php`, which needs no login and is given in maintenance mode too. */
export type ServerStatus = z.infer<typeof status>;

const MAX_BYTES = 2 * 1024 * 1024;

export interface OcsCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the root of the Nextcloud, `/ocs/v2.php/...`. */
  readonly path: string;
  /** The query of a GET, the form of the other methods. Undefined values are left out. */
  readonly parameters?: Readonly<Record<string, string | undefined>>;
}

/**
 * Calls the OCS API (Nextcloud developer manual). Version 2 has the HTTP status in its envelope as well.
 *
 * @returns `data` of the envelope
 * @throws AppError with the message of a refusal, or `invalid_response`
 */
export async function callOcs(
  server: Plain,
  { method, path, parameters = {} }: OcsCall,
  signal?: AbortSignal,
): Promise<unknown> {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) form.set(name, value);
  const inQuery = method === 'GET';
  const query = inQuery && form.size > 0 ? `?${form.toString()}` : '';
  const request: HttpRequest = {
    method,
    path: server.address.root + path + query,
    headers: {
      'ocs-apirequest': 'true',
      accept: 'application/json',
      ...(inQuery ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    },
    ...(inQuery ? {} : { body: form.toString() }),
    expect: [200],
    type: JSON_CONTENT,
    wanted: 'JSON from its OCS interface',
    signal,
  };
  return (await readAs(envelope, server, request)).ocs.data;
}

/** A GET of the OCS API whose data is an object. */
export async function readOcs(
  server: Plain,
  path: string,
  signal?: AbortSignal,
): Promise<Record<string, unknown>> {
  const data = record.safeParse(await callOcs(server, { method: 'GET', path }, signal));
  if (!data.success) throw notNextcloud(data.error);
  return data.data;
}

/** Reads `status.php`. @throws AppError `invalid_response` when the server is not a Nextcloud */
export async function readStatus(server: Plain, signal?: AbortSignal): Promise<ServerStatus> {
  return readAs(status, server, {
    method: 'GET',
    path: `${server.address.root}/status.php`,
    headers: { accept: 'application/json' },
    expect: [200],
    type: JSON_CONTENT,
    open: true,
    wanted: 'the status of a Nextcloud',
    signal,
  });
}

async function readAs<T>(schema: z.ZodType<T>, server: Plain, request: HttpRequest): Promise<T> {
  const answer = schema.safeParse(await server.exchange(request, ({ body }) => readJson(body, MAX_BYTES)));
  if (!answer.success) throw notNextcloud(answer.error, !isRead(request.method));
  return answer.data;
}

/** @param uncertain a change was asked for, and the server may have made it before it answered like this */
function notNextcloud(cause: unknown, uncertain = false): AppError {
  return new AppError('invalid_response', 'The server does not answer like a Nextcloud', {
    uncertain,
    hint: 'Set NEXTCLOUD_URL to the address that the browser shows when you are in your Nextcloud.',
    cause,
  });
}
