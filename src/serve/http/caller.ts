import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AuthInfo } from '@modelcontextprotocol/server';
import type { App } from '../../app/app.ts';
import type { Login } from '../../app/login-source.ts';
import type { Principal, PrincipalSource } from '../../app/principal.ts';
import type { HttpSettings } from '../../config/http.ts';
import { Secret } from '../../log.ts';
import type { Session } from '../../mcp/session.ts';
import { refuseLarge } from './body.ts';
import { clientAddress, isPrivate } from './client.ts';
import type { ConnectionTable } from './connections.ts';
import type { FairShare, Holder } from './fair-share.ts';
import { HttpError } from './http-error.ts';
import type { HttpLimits } from './limits.ts';
import type { AccessToken } from './token.ts';

type Tools = App['tools'];

export interface CallerParts {
  readonly session: Session;
  readonly tools: Tools;
  /** Whose limits apply. */
  readonly holder: Holder;
  /** Keeps the session open. @returns a function that ends this */
  readonly hold: () => () => void;
}

/** Who a request is for: one account, and the tools that the request asks for. */
export class Caller implements CallerParts {
  readonly session: Session;
  readonly tools: Tools;
  readonly holder: Holder;
  readonly hold: () => () => void;

  constructor({ session, tools, holder, hold }: CallerParts) {
    this.session = session;
    this.tools = tools;
    this.holder = holder;
    this.hold = hold;
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

export interface AdmissionOptions {
  readonly app: App;
  readonly settings: HttpSettings;
  readonly limits: Pick<HttpLimits, 'body'>;
  /** Absent if no token is required. */
  readonly token: AccessToken | undefined;
  readonly requests: FairShare;
  readonly streams: FairShare;
  readonly connections: ConnectionTable;
}

/** Finds out who a request is for, and counts it against the limits until its response has ended. */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #source: PrincipalSource<IncomingMessage>;

  constructor(options: AdmissionOptions) {
    this.#options = options;
    this.#source = principalSource(options.app, options.settings);
  }

  /**
   * @throws HttpError when the token is missing, a limit is reached, or the request is too large
   * @throws AppError when the Nextcloud does not confirm the login
   */
  async admit(request: IncomingMessage, response: ServerResponse): Promise<Caller> {
    const { app, settings, limits, token, requests, streams, connections } = this.#options;
    await token?.check(request);
    refuseLarge(request, limits.body);
    const principal = await this.#source.principalOf(request);
    // The client can disconnect while its login is checked. Then no event would follow that ends the counting.
    if (request.socket.destroyed) throw new HttpError(400, 'The client has gone');
    connections.admit(request.socket);
    const client = clientAddress(request, settings.trustProxy);
    const holder = { client, principal: settings.accounts === 'header' ? principal.id : client };
    const share = opensStream(request) ? streams : requests;
    response.once('close', share.take(holder));
    const session = app.sessionOf(principal);
    const hold = (): (() => void) => app.hold(principal);
    response.once('close', hold());
    return new Caller({ session, tools: toolsFor(app, principal, request), holder, hold });
  }
}

/** Whether the response stays open. The SDK rejects a request whose method header does not match its body. */
function opensStream({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' || headers['mcp-method'] === 'subscriptions/listen';
}

/** Finds out who a request is for. @throws HttpError */
function principalSource(
  { principal, logins }: Pick<App, 'principal' | 'logins'>,
  { trustProxy }: HttpSettings,
): PrincipalSource<IncomingMessage> {
  return logins
    ? { principalOf: async (request) => logins.principalOf(readLogin(request, trustProxy)) }
    : { principalOf: async () => Promise.resolve(principal) };
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
  return {
    username: decode(username),
    password: new Secret(decode(password)),
    client: clientAddress(request, trustProxy),
  };
}

// Header values arrive as bytes; clients send non-ASCII names as UTF-8.
function decode(value: string): string {
  return Buffer.from(value, 'latin1').toString('utf8').trim();
}

/** A request can reduce the tools that the process offers, and cannot add any. */
function toolsFor(app: App, principal: Principal, { headers }: IncomingMessage): Tools {
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
