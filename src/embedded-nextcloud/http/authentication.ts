import { randomBytes } from 'node:crypto';
import type { UserAccount } from '../store/account.ts';
import type { Instance } from '../store/instance.ts';
import type { HttpExchange } from './http-exchange.ts';

export type AuthenticationResult =
  'granted' | 'anonymous' | 'wrong-basic' | 'wrong-bearer' | 'disabled' | 'throttled';

const WINDOW_MS = 30 * 60 * 1000;
const MAX_FAILURES = 10;
const EXPIRES = 'expires=Fri, 31-Dec-2100 23:59:59 GMT';

interface Session {
  account: UserAccount;
  secret: string;
}

/** Authenticates requests by session cookie, Basic or Bearer credentials, with brute-force protection. */
export class Authentication {
  readonly #instance: Instance;
  readonly #sessions = new Map<string, Session>();
  readonly #failures = new Map<string, number[]>();

  constructor(instance: Instance) {
    this.#instance = instance;
  }

  authenticate(exchange: HttpExchange): AuthenticationResult {
    const authorization = exchange.header('authorization');
    const cookie = this.#session(exchange);
    // A valid session takes precedence over the Authorization header (apps/dav/lib/Connector/Sabre/Auth.php), except
    // for POST, which checks the credentials again. Before version 30 the header had to be there as well.
    const sessionSuffices = authorization !== undefined || this.#instance.major >= 30;
    if (cookie && sessionSuffices && (exchange.method !== 'POST' || !authorization))
      return this.#grant(exchange, cookie.account);
    const result = this.#check(exchange, authorization);
    if (!cookie) this.#giveCookies(exchange, result === 'granted' ? authorization : undefined);
    return result;
  }

  /** Ends the sessions of an account, or only those of one app password. */
  endSessions(account: UserAccount, secret?: string): void {
    for (const [id, session] of this.#sessions) {
      if (session.account === account && (secret === undefined || session.secret === secret)) {
        this.#sessions.delete(id);
      }
    }
  }

  #check(exchange: HttpExchange, authorization: string | undefined): AuthenticationResult {
    const { basic, bearer } = parse(authorization);
    const address = exchange.request.socket.remoteAddress ?? '';
    if (bearer !== undefined) {
      const account = this.#byToken(bearer);
      if (!account) return this.#fail(address, 'wrong-bearer');
      this.#failures.delete(address);
      return this.#grant(exchange, account);
    }
    if (!basic) return 'anonymous';
    if (this.#isThrottled(address)) return 'throttled';
    const account = this.#byPassword(basic.login, basic.password);
    if (!account) return this.#fail(address, 'wrong-basic');
    return this.#grant(exchange, account);
  }

  #grant(exchange: HttpExchange, account: UserAccount): AuthenticationResult {
    if (!account.enabled) return 'disabled';
    exchange.account = account;
    account.lastLogin = Date.now();
    // The header exists since version 31 (apps/dav/lib/Connector/Sabre/UserIdHeaderPlugin.php).
    if (this.#instance.major >= 31) exchange.set('X-User-Id', account.id);
    return 'granted';
  }

  #fail(address: string, result: AuthenticationResult): AuthenticationResult {
    const since = Date.now() - WINDOW_MS;
    const recent = (this.#failures.get(address) ?? []).filter((at) => at > since);
    this.#failures.set(address, [...recent, Date.now()]);
    return result;
  }

  #isThrottled(address: string): boolean {
    if (!this.#instance.bruteForce) return false;
    const since = Date.now() - WINDOW_MS;
    return (this.#failures.get(address) ?? []).filter((at) => at > since).length > MAX_FAILURES;
  }

  #byPassword(login: string, password: string): UserAccount | undefined {
    // Since version 30 the login name is case-insensitive (lib/private/User/Session.php).
    const normalize = (name: string): string => (this.#instance.major >= 30 ? name.toLowerCase() : name);
    const wanted = normalize(login);
    for (const account of this.#instance.accounts.values()) {
      if (normalize(account.login) === wanted && account.password === password) return account;
      for (const token of account.appPasswords) {
        if (token.secret === password && normalize(token.login) === wanted) return account;
      }
    }
    return undefined;
  }

  #byToken(secret: string): UserAccount | undefined {
    for (const account of this.#instance.accounts.values()) {
      if (account.password === secret) return account;
      if (account.appPasswords.some((token) => token.secret === secret)) return account;
    }
    return undefined;
  }

  #session(exchange: HttpExchange): Session | undefined {
    const { id } = this.#instance;
    const match = new RegExp(`(?:^|;\\s*)${id}=([^;]+)`).exec(exchange.header('cookie') ?? '');
    return match?.[1] === undefined ? undefined : this.#sessions.get(match[1]);
  }

  #giveCookies(exchange: HttpExchange, authorization: string | undefined): void {
    const { id, basePath } = this.#instance;
    const path = `path=${basePath || '/'}`;
    const session = randomBytes(13).toString('hex');
    if (exchange.account) {
      const { basic, bearer } = parse(authorization);
      const secret = bearer ?? basic?.password ?? '';
      this.#sessions.set(session, { account: exchange.account, secret });
    }
    const passphrase = randomBytes(48).toString('hex');
    exchange.response.setHeader('Set-Cookie', [
      `${id}=${randomBytes(13).toString('hex')}; ${path}; HttpOnly; SameSite=Lax`,
      `oc_sessionPassphrase=${passphrase}; ${path}; HttpOnly; SameSite=Lax`,
      `nc_sameSiteCookielax=true; ${path}; httponly;${EXPIRES}; SameSite=lax`,
      `nc_sameSiteCookiestrict=true; ${path}; httponly;${EXPIRES}; SameSite=strict`,
      `${id}=${session}; ${path}; HttpOnly; SameSite=Lax`,
    ]);
  }
}

function parse(authorization: string | undefined): {
  basic?: { login: string; password: string };
  bearer?: string;
} {
  if (authorization === undefined) return {};
  const bearer = /^Bearer\s+(.+)$/i.exec(authorization)?.[1];
  if (bearer !== undefined) return { bearer };
  const encoded = /^Basic\s+(.+)$/i.exec(authorization)?.[1];
  if (encoded === undefined) return {};
  const text = Buffer.from(encoded, 'base64').toString();
  const colon = text.indexOf(':');
  if (colon < 0) return {};
  return { basic: { login: text.slice(0, colon), password: text.slice(colon + 1) } };
}
