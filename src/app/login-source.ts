import { createHmac, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { AppError } from '../errors.ts';
import type { Secret } from '../log.ts';
import { BasicCredentials } from '../nextcloud/transport/credentials.ts';
import { idOf } from './principal.ts';
import type { Principal, PrincipalDefaults, PrincipalSource } from './principal.ts';

/** A login name and an app password that came with a request. */
export interface Login {
  readonly username: string;
  readonly password: Secret;
}

/** The open sessions, by the key of their principal. */
export interface OpenSessions {
  has(key: string): boolean;
  delete(key: string): unknown;
}

const MAX_REFUSALS = 10_000;
const REFUSAL_MS = 24 * 60 * 60 * 1000;

// Nextcloud throttles and then blocks an IP address after about ten failed logins in half an hour, and the
// requests of all callers come from the address of this server.
const MAX_TRIES = 3;
const TRIES_MS = 30 * 60 * 1000;

/**
 * Principals of callers who bring a login. A password is identified by a hash with a key of this process. A
 * password that the server rejected is remembered for a day, and is not sent again.
 */
export class LoginSource implements PrincipalSource<Login> {
  readonly #defaults: PrincipalDefaults;
  readonly #sessions: OpenSessions;
  readonly #salt = randomBytes(32);
  readonly #refused = new LRUCache<string, AppError>({ max: MAX_REFUSALS, ttl: REFUSAL_MS });
  readonly #tries = new LRUCache<string, number>({ max: MAX_REFUSALS, ttl: TRIES_MS, noUpdateTTL: true });

  constructor(defaults: PrincipalDefaults, sessions: OpenSessions) {
    this.#defaults = defaults;
    this.#sessions = sessions;
  }

  /** For a rejected login returns a principal whose calls all fail with the reason. */
  async principalOf({ username, password }: Login): Promise<Principal> {
    const { nextcloud, unusable } = this.#defaults;
    const key = this.#hash(username, password.reveal());
    // Wrong passwords that others try must not lock out a user who is signed in.
    const tooMany = this.#sessions.has(key) ? undefined : this.#tooManyTries(username);
    const refusal = unusable ?? this.#refused.get(key) ?? tooMany;
    return Promise.resolve({
      ...this.#defaults,
      id: idOf(username, nextcloud),
      key,
      username,
      credentials: new BasicCredentials(username, password, (error) => this.#refuse(key, username, error)),
      ...(refusal ? { unusable: refusal } : {}),
    });
  }

  #refuse(key: string, username: string, error: AppError): void {
    if (this.#refused.has(key)) return;
    this.#refused.set(key, error);
    const name = this.#hash(username);
    this.#tries.set(name, (this.#tries.get(name) ?? 0) + 1);
    this.#sessions.delete(key);
  }

  #tooManyTries(username: string): AppError | undefined {
    if ((this.#tries.get(this.#hash(username)) ?? 0) < MAX_TRIES) return undefined;
    return new AppError('rate_limited', 'Several wrong passwords were sent for this login', {
      hint: 'Check the app password and try again in half an hour.',
    });
  }

  #hash(...parts: string[]): string {
    return createHmac('sha256', this.#salt).update(JSON.stringify(parts)).digest('base64url');
  }
}
