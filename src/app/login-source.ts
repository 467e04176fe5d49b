import { createHmac, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { isAppError } from '../errors.ts';
import type { AppError } from '../errors.ts';
import type { Secret } from '../log.ts';
import { BasicCredentials } from '../nextcloud/transport/credentials.ts';
import type { CredentialProvider } from '../nextcloud/transport/credentials.ts';
import { idOf } from './principal.ts';
import type { Principal, PrincipalDefaults, PrincipalSource } from './principal.ts';
import { foldName, SignInQueue } from './sign-in-queue.ts';
import type { SignInAttempt, SignInLimits, SignInScope } from './sign-in-queue.ts';

/** A login name and an app password that came with a request. */
export interface Login {
  readonly username: string;
  readonly password: Secret;
  /** The address that the request came from. */
  readonly client: string;
}

/** A login that is checked at the Nextcloud. */
export interface LoginCheck {
  readonly username: string;
  readonly credentials: CredentialProvider;
  readonly signal: AbortSignal;
}

export interface LoginSourceOptions {
  readonly defaults: PrincipalDefaults;
  readonly limits: SignInLimits;
  /** Called for each login that is not checked because a limit is reached. */
  readonly onRefused: (scope: SignInScope) => void;
  /** Sends one small request with the login. @returns the user id. @throws AppError `unauthorized` if it is rejected */
  readonly check: (login: LoginCheck) => Promise<string>;
  /** Closes the session of a sign-in that the server has rejected. */
  readonly end: (key: string) => void;
}

const MAX_KNOWN = 10_000;
const KNOWN_MS = 24 * 60 * 60 * 1000;

/**
 * Principals of callers who bring a login. A login has no principal, and takes up no memory, until the Nextcloud has
 * confirmed it. A password is identified by a hash with a key of this process. A password that the server rejected
 * is remembered for a day, and is not sent again. A confirmed one is not checked again while it is in use, so that
 * wrong passwords that others try cannot lock out a user who is signed in.
 */
export class LoginSource implements PrincipalSource<Login> {
  readonly queue: SignInQueue;
  readonly #options: LoginSourceOptions;
  readonly #salt = randomBytes(32);
  readonly #refused = new LRUCache<string, AppError>({ max: MAX_KNOWN, ttl: KNOWN_MS });
  /** User ids by the key of the sign-in. */
  readonly #confirmed = new LRUCache<string, string>({ max: MAX_KNOWN, ttl: KNOWN_MS, updateAgeOnGet: true });
  readonly #pending = new Map<string, Promise<string>>();

  constructor(options: LoginSourceOptions) {
    this.#options = options;
    this.queue = new SignInQueue(options);
  }

  /** @throws AppError `unauthorized` for a rejected login, `rate_limited` after too many failures, or the error of the check */
  async principalOf(login: Login): Promise<Principal> {
    const { defaults } = this.#options;
    if (defaults.unusable) throw defaults.unusable;
    const { username, password, client } = login;
    const key = this.#hash(username, password.reveal());
    const refusal = this.#refused.get(key);
    if (refusal) throw refusal;
    const attempt = { name: this.#hash(foldName(username)), client };
    const userId = this.#confirmed.get(key) ?? (await this.#confirm(key, login, attempt));
    return {
      ...defaults,
      id: idOf(userId, defaults.nextcloud),
      key,
      username,
      credentials: new BasicCredentials(username, password, (error) => {
        if (this.#refused.has(key)) return;
        this.#refuse(key, error);
        this.queue.fail(attempt);
      }),
    };
  }

  /** Checks equal logins that arrive at the same time only once. */
  async #confirm(key: string, login: Login, attempt: SignInAttempt): Promise<string> {
    const pending = this.#pending.get(key);
    if (pending) return pending;
    const begun = this.#check(key, login, attempt).finally(() => this.#pending.delete(key));
    this.#pending.set(key, begun);
    return begun;
  }

  async #check(key: string, { username, password }: Login, attempt: SignInAttempt): Promise<string> {
    const credentials = new BasicCredentials(username, password);
    try {
      const userId = await this.queue.run(attempt, async (signal) =>
        this.#options.check({ username, credentials, signal }),
      );
      this.#confirmed.set(key, userId);
      return userId;
    } catch (error) {
      if (isAppError(error, 'unauthorized')) this.#refuse(key, error);
      throw error;
    }
  }

  #refuse(key: string, error: AppError): void {
    this.#refused.set(key, error);
    this.#confirmed.delete(key);
    this.#options.end(key);
  }

  #hash(...parts: string[]): string {
    return createHmac('sha256', this.#salt).update(JSON.stringify(parts)).digest('base64url');
  }
}
