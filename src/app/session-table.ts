import { AppError } from '../errors.ts';
import type { Session } from '../mcp/session.ts';
import type { Principal } from './principal.ts';

/** Limits for open sessions. Durations are in milliseconds. */
export interface SessionTableLimits {
  readonly total: number;
  /** Sign-ins of one user: with several app passwords, or spellings of the login name. */
  readonly perPerson: number;
  /** An unused session is closed after this time. */
  readonly idleMs: number;
  /** An unused session can be closed after this time if another user needs the room. */
  readonly graceMs: number;
}

export interface SessionTableOptions {
  readonly limits: SessionTableLimits;
  /** Called for each session that is not opened because the table is full. */
  readonly onRefused?: (scope: 'principal' | 'total') => void;
  readonly now?: () => number;
}

interface Entry {
  readonly session: Session;
  readonly person: string;
  usedAt: number;
  holds: number;
}

const SWEEP_MS = 60_000;

/**
 * The sessions of principals that bring a login. A session that a request, a stream or a protocol session holds is
 * never closed to make room: the table rejects the new one instead.
 */
export class SessionTable {
  readonly #limits: SessionTableLimits;
  readonly #onRefused: (scope: 'principal' | 'total') => void;
  readonly #now: () => number;
  /** The least recently used first. */
  readonly #entries = new Map<string, Entry>();
  readonly #sweep = setInterval(() => this.#closeIdle(), SWEEP_MS).unref();

  constructor({ limits, onRefused = () => undefined, now = Date.now }: SessionTableOptions) {
    this.#limits = limits;
    this.#onRefused = onRefused;
    this.#now = now;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** @throws AppError `rate_limited` or `unavailable` if the table is full */
  open({ key, id }: Pick<Principal, 'key' | 'id'>, create: () => Session): Session {
    const known = this.#entries.get(key);
    if (known) {
      this.#use(key, known);
      return known.session;
    }
    this.#makeRoom(id);
    const session = create();
    this.#entries.set(key, { session, person: id, usedAt: this.#now(), holds: 0 });
    return session;
  }

  /** Keeps the session of a principal open. @returns a function that ends this */
  hold({ key }: Pick<Principal, 'key'>): () => void {
    const entry = this.#entries.get(key);
    if (!entry) return () => undefined;
    entry.holds++;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      entry.holds--;
      if (this.#entries.get(key) === entry) this.#use(key, entry);
    };
  }

  /** Closes a session, even if it is held. */
  end(key: string): void {
    const entry = this.#entries.get(key);
    this.#entries.delete(key);
    entry?.session.workspace.close().catch(() => undefined);
  }

  close(): void {
    clearInterval(this.#sweep);
    for (const key of this.#entries.keys()) this.end(key);
  }

  #use(key: string, entry: Entry): void {
    entry.usedAt = this.#now();
    this.#entries.delete(key);
    this.#entries.set(key, entry);
  }

  #makeRoom(person: string): void {
    const { total, perPerson, graceMs } = this.#limits;
    const own = [...this.#entries].filter(([, entry]) => entry.person === person);
    const unused = own.find(([, { holds }]) => holds === 0)?.[0];
    if (own.length >= perPerson) {
      if (unused === undefined) {
        this.#onRefused('principal');
        throw new AppError(
          'rate_limited',
          `One user can be signed in with ${perPerson} app passwords at once`,
          {
            retryAfter: 30,
            hint: 'Close a client that uses another app password.',
          },
        );
      }
      this.end(unused);
    }
    if (this.#entries.size < total) return;
    const before = this.#now() - graceMs;
    const idle = [...this.#entries].find(([, { holds, usedAt }]) => holds === 0 && usedAt < before)?.[0];
    const victim = unused ?? idle;
    if (victim === undefined) {
      this.#onRefused('total');
      throw new AppError('unavailable', 'The maximum number of users is signed in', {
        retryable: true,
        retryAfter: 60,
        hint: 'Try again in some minutes.',
      });
    }
    this.end(victim);
  }

  #closeIdle(): void {
    const before = this.#now() - this.#limits.idleMs;
    for (const [key, { holds, usedAt }] of this.#entries) if (holds === 0 && usedAt < before) this.end(key);
  }
}
