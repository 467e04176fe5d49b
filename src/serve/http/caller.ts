import type { IncomingMessage } from 'node:http';
import type { AuthInfo } from '@modelcontextprotocol/server';
import type { App } from '../../app/app.ts';
import type { Login } from '../../app/login-source.ts';
import type { Principal, PrincipalSource } from '../../app/principal.ts';
import type { HttpSettings } from '../../config/http.ts';
import { Secret } from '../../log.ts';
import type { Session } from '../../mcp/session.ts';
import { isPrivate } from './client.ts';
import { HttpError } from './http-error.ts';

type Tools = App['tools'];

/** Who a request is for: one account, and the tools that the request asks for. */
export class Caller {
  readonly session: Session;
  readonly tools: Tools;

  constructor(session: Session, tools: Tools) {
    this.session = session;
    this.tools = tools;
  }

  /** Whether a session of `other` may be used: it must be of the same account and for the same tools. */
  is(other: Caller): boolean {
    return this.session === other.session && this.tools === other.tools;
  }

  /** The form in which the SDK passes the caller to the server factory. It never contains the client's token. */
  asAuth(): AuthInfo {
    return { token: '', clientId: 'caller', scopes: [], extra: { caller: this } };
  }

  static of(auth: AuthInfo | undefined): Caller {
    const caller = auth?.extra?.['caller'];
    if (!(caller instanceof Caller)) throw new Error('a request without a caller');
    return caller;
  }
}

/** Finds out who a request is for. @throws HttpError */
export function principalSource(
  { principal, logins }: Pick<App, 'principal' | 'logins'>,
  { accounts, trustProxy }: HttpSettings,
): PrincipalSource<IncomingMessage> {
  return accounts === 'configured'
    ? { principalOf: async () => Promise.resolve(principal) }
    : { principalOf: async (request) => logins.principalOf(readLogin(request, trustProxy)) };
}

function readLogin(request: IncomingMessage, trustProxy: boolean): Login {
  const { 'x-nextcloud-username': names = [], 'x-nextcloud-password': passwords = [] } =
    request.headersDistinct;
  const [username] = names;
  const [password] = passwords;
  if (!isPrivate(request, trustProxy))
    throw new HttpError(
      403,
      'A login is accepted only over TLS. Behind a proxy that terminates TLS, set MCP_TRUST_PROXY and let the proxy send X-Forwarded-Proto.',
    );
  if (!username || !password || names.length > 1 || passwords.length > 1)
    throw new HttpError(
      403,
      'Send your Nextcloud login name and app password as X-Nextcloud-Username and X-Nextcloud-Password.',
    );
  return { username: decode(username), password: new Secret(decode(password)) };
}

// Header values arrive as bytes; clients send non-ASCII names as UTF-8.
function decode(value: string): string {
  return Buffer.from(value, 'latin1').toString('utf8').trim();
}

/** A request can reduce the tools that the process offers, and cannot add any. */
export function toolsFor(app: App, principal: Principal, { headers }: IncomingMessage): Tools {
  const toolsets = headers['x-mcp-toolsets'];
  const readOnly = headers['x-mcp-readonly'];
  return app.toolsOf(principal, {
    toolsets:
      toolsets === undefined
        ? undefined
        : String(toolsets)
            .split(',')
            .map((name) => name.trim()),
    readOnly: readOnly !== undefined && !/^(false|0|no|off)$/i.test(String(readOnly).trim()),
  });
}
