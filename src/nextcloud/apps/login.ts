import * as z from 'zod';
import { AppError } from '../../errors.ts';
import { Secret } from '../../log.ts';
import { JSON_CONTENT, readJson } from '../transport/body.ts';
import type { HttpRequest } from '../transport/http.ts';
import type { Plain } from '../ocs.ts';

/** A login that was started and has to be granted in the browser within 20 minutes. */
export interface PendingLogin {
  /** To be opened in the user's browser. */
  readonly link: URL;
  readonly token: Secret;
}

export interface GrantedLogin {
  /** The name that the user typed to log in. The app password works only with this name. */
  readonly username: string;
  readonly password: Secret;
}

const startedSchema = z.object({ poll: z.object({ token: z.string() }), login: z.string() });
const grantedSchema = z.object({ loginName: z.string(), appPassword: z.string() });

const MAX_BYTES = 64 * 1024;

/**
 * Login flow v2 (developer manual, Login Flow). Nextcloud names the device by the User-Agent.
 *
 * @throws AppError
 */
export async function beginLogin(server: Plain, signal?: AbortSignal): Promise<PendingLogin> {
  const path = `${server.address.root}/index.php/login/v2`;
  const answer = await post(server, { path, expect: [200], signal });
  const { data } = startedSchema.safeParse(answer);
  const link = data && URL.parse(data.login);
  if (!data || !link || !['http:', 'https:'].includes(link.protocol))
    throw new AppError('invalid_response', 'The server did not start a login', {
      hint: 'Set the address to the one that the browser shows when you are in your Nextcloud.',
    });
  return { link, token: new Secret(data.poll.token) };
}

/**
 * Polls at the known address and not at the one in the answer: that is often wrong behind a proxy, and the
 * reply contains a password.
 *
 * @returns undefined until the user has granted the login; the server tells the password only once
 */
export async function pollLogin(
  server: Plain,
  { token }: PendingLogin,
  signal?: AbortSignal,
): Promise<GrantedLogin | undefined> {
  const path = `${server.address.root}/index.php/login/v2/poll`;
  const body = `token=${encodeURIComponent(token.reveal())}`;
  const answer = await post(server, { path, body, expect: [200, 404], signal });
  const { data } = grantedSchema.safeParse(answer);
  return data && { username: data.loginName, password: new Secret(data.appPassword) };
}

/** Revokes the app password in use. @throws AppError `unauthorized` when it has been revoked already */
export async function revokeLogin(server: Plain, signal?: AbortSignal): Promise<void> {
  const request: HttpRequest = {
    method: 'DELETE',
    path: `${server.address.root}/ocs/v2.php/core/apppassword`,
    headers: { 'ocs-apirequest': 'true', accept: 'application/json' },
    expect: [200],
    type: JSON_CONTENT,
    wanted: 'JSON from its OCS interface',
    signal,
  };
  await server.exchange(request, async () => undefined);
}

async function post(
  server: Plain,
  request: Pick<HttpRequest, 'path' | 'expect' | 'signal'> & { readonly body?: string },
): Promise<unknown> {
  const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
  const complete: HttpRequest = {
    method: 'POST',
    headers,
    type: JSON_CONTENT,
    open: true,
    wanted: 'the answer to a login',
    ...request,
  };
  return server.exchange(complete, ({ body }) => readJson(body, MAX_BYTES));
}
