import * as z from 'zod';
import { AppError } from '../../errors.ts';
import { Secret } from '../../log.ts';
import { JSON_CONTENT, readJson } from '../transport/body.ts';
import type { HttpRequest } from '../transport/http.ts';
import type { Plain } from '../ocs.ts';

/** A sign-in that a person has begun, and has to grant in the browser within 20 minutes. */
export interface PendingLogin {
  /** To be opened by the person. */
  readonly link: URL;
  readonly token: Secret;
}

export interface GrantedLogin {
  /** What the person typed to sign in; the app password works with it alone. */
  readonly username: string;
  readonly password: Secret;
}

const begun = z.object({ poll: z.object({ token: z.string() }), login: z.string() });
const granted = z.object({ loginName: z.string(), appPassword: z.string() });

const MAX_BYTES = 64 * 1024;

/**
 * Login flow v2 (developer manual, Login Flow). The device is named in Nextcloud by the User-Agent.
 *
 * @throws AppError
 */
export async function beginLogin(server: Plain, signal?: AbortSignal): Promise<PendingLogin> {
  const path = `${server.address.root}/index.php/login/v2`;
  const answer = await post(server, { path, expect: [200], signal });
  const { data } = begun.safeParse(answer);
  const link = data && URL.parse(data.login);
  if (!data || !link || !['http:', 'https:'].includes(link.protocol))
    throw new AppError('invalid_response', 'The server began no sign-in', {
      hint: 'Set the address to the one that the browser shows when you are in your Nextcloud.',
    });
  return { link, token: new Secret(data.poll.token) };
}

/**
 * Asked at the address that is known, and not where the answer leads: behind a proxy that is often wrong,
 * and what comes is a password.
 *
 * @returns undefined until the person has granted it; the password is told once
 */
export async function pollLogin(
  server: Plain,
  { token }: PendingLogin,
  signal?: AbortSignal,
): Promise<GrantedLogin | undefined> {
  const path = `${server.address.root}/index.php/login/v2/poll`;
  const body = `token=${encodeURIComponent(token.reveal())}`;
  const answer = await post(server, { path, body, expect: [200, 404], signal });
  const { data } = granted.safeParse(answer);
  return data && { username: data.loginName, password: new Secret(data.appPassword) };
}

/** Makes the app password that is in use worthless. @throws AppError `unauthorized` when it is already */
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
  const whole: HttpRequest = {
    method: 'POST',
    headers,
    type: JSON_CONTENT,
    open: true,
    wanted: 'the answer to a sign-in',
    ...request,
  };
  return server.exchange(whole, ({ body }) => readJson(body, MAX_BYTES));
}
