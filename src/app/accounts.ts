import { createHmac, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { AppError } from '../errors.ts';
import type { Secret } from '../log.ts';
import type { Session } from '../mcp/server.ts';

export interface Login {
  readonly username: string;
  readonly password: Secret;
}

const MAX_ACCOUNTS = 500;
const IDLE_MS = 30 * 60 * 1000;
const MAX_REFUSALS = 10_000;
const REFUSAL_MS = 24 * 60 * 60 * 1000;

// Nextcloud slows down and then locks out an address after about ten refused logins in half an hour,
// and all callers come from this one.
const MAX_TRIES = 3;
const TRIES_MS = 30 * 60 * 1000;

/**
 * One session for each login, so that caches and cookies never meet. Kept in memory only, under a hash
 * that means nothing outside this process. The least used go first, and idle ones after half an hour.
 *
 * A password that was refused is remembered for longer than its session, and never sent again.
 */
export class Accounts {
  readonly #open: (login: Login, onRefused: (error: AppError) => void) => Session;
  readonly #salt = randomBytes(32);
  readonly #sessions = new LRUCache<string, Session>({
    max: MAX_ACCOUNTS,
    ttl: IDLE_MS,
    updateAgeOnGet: true,
    dispose: ({ workspace }) => void workspace.close().catch(() => undefined),
  });
  readonly #refused = new LRUCache<string, AppError>({ max: MAX_REFUSALS, ttl: REFUSAL_MS });
  readonly #tries = new LRUCache<string, number>({ max: MAX_REFUSALS, ttl: TRIES_MS, noUpdateTTL: true });

  constructor(open: (login: Login, onRefused: (error: AppError) => void) => Session) {
    this.#open = open;
  }

  session(login: Login): Session {
    const key = this.#hash(login.username, login.password.reveal());
    const session = this.#sessions.get(key);
    const refusal = this.#refused.get(key) ?? (session ? undefined : this.#tooManyTries(login));
    if (refusal) return { ...(session ?? this.#open(login, () => undefined)), unusable: refusal };
    if (session) return session;
    const opened = this.#open(login, (error) => this.#refuse(key, login, error));
    this.#sessions.set(key, opened);
    return opened;
  }

  close(): void {
    this.#sessions.clear();
  }

  #refuse(key: string, { username }: Login, error: AppError): void {
    if (this.#refused.has(key)) return;
    this.#refused.set(key, error);
    this.#sessions.delete(key);
    const name = this.#hash(username);
    this.#tries.set(name, (this.#tries.get(name) ?? 0) + 1);
  }

  #tooManyTries({ username }: Login): AppError | undefined {
    if ((this.#tries.get(this.#hash(username)) ?? 0) < MAX_TRIES) return undefined;
    return new AppError('rate_limited', 'Several wrong passwords came for this login', {
      hint: 'Check the app password and try again in half an hour.',
    });
  }

  #hash(...parts: string[]): string {
    return createHmac('sha256', this.#salt).update(JSON.stringify(parts)).digest('base64url');
  }
}
