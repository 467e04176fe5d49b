import { AppError, isAppError } from '../errors.ts';
import type { ErrorDetail } from '../errors.ts';

/** Limits for checking logins at the Nextcloud. */
export interface SignInLimits {
  /** Parallel checks. */
  readonly atOnce: number;
  /** Queued logins, of one client address and in total. */
  readonly waitingPerClient: number;
  readonly waiting: number;
  /** Failed logins within the window: of one name, of one client address, and in total. */
  readonly failedPerName: number;
  readonly failedPerClient: number;
  readonly failed: number;
  readonly windowMs: number;
  /** How long the Nextcloud may take to answer. */
  readonly answerMs: number;
}

/** A login to check. */
export interface SignInAttempt {
  /** The normalized name ({@link foldName}), or a hash of it. */
  readonly name: string;
  /** The address of the client. */
  readonly client: string;
}

interface Failure extends SignInAttempt {
  readonly at: number;
}

interface Waiting {
  readonly attempt: SignInAttempt;
  readonly begin: () => void;
  readonly refuse: (error: AppError) => void;
}

/** Whose part of a limit is reached; `nextcloud` if the Nextcloud itself asked to wait. */
export type SignInScope = 'principal' | 'client' | 'total' | 'nextcloud';

/** The logins that share a limit for failures. */
interface Scope {
  readonly name: SignInScope;
  readonly most: number;
  readonly includes: (other: SignInAttempt) => boolean;
  readonly refuse: (detail: ErrorDetail) => AppError;
}

export interface SignInOptions {
  readonly limits: SignInLimits;
  readonly onRefused?: (scope: SignInScope) => void;
  readonly now?: () => number;
}

interface Refusal {
  readonly scope: SignInScope;
  readonly error: AppError;
}

type Verdict = 'begin' | 'wait' | Refusal;

/** The pause after a 429 without a Retry-After header. */
const BRAKE_SECONDS = 60;

/**
 * Checks logins at the Nextcloud, a few in parallel, until too many have failed. Nextcloud blocks an IP address after
 * ten failed logins in 30 minutes (lib/private/Security/Bruteforce/Throttler.php), and the requests of all callers
 * come from the address of this server. A running check counts as a failure until it ends, so that parallel checks
 * cannot exceed a limit.
 */
export class SignInQueue {
  readonly #limits: SignInLimits;
  readonly #onRefused: (scope: SignInScope) => void;
  readonly #now: () => number;
  readonly #pending = new Set<SignInAttempt>();
  #failures: Failure[] = [];
  #waiting: Waiting[] = [];
  #pausedUntil = 0;

  constructor({ limits, onRefused = () => undefined, now = Date.now }: SignInOptions) {
    this.#limits = limits;
    this.#onRefused = onRefused;
    this.#now = now;
  }

  /** Running and queued checks. */
  get size(): number {
    return this.#pending.size + this.#waiting.length;
  }

  /** Failed logins within the window. */
  get failures(): number {
    this.#forget();
    return this.#failures.length;
  }

  /** @throws AppError `rate_limited` after too many failures, `unavailable` if the queue is full, or the error of `ask` */
  async run<T>(attempt: SignInAttempt, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
    await this.#turn(attempt);
    const signal = AbortSignal.timeout(this.#limits.answerMs);
    try {
      return await ask(signal);
    } catch (error) {
      if (isAppError(error, 'unauthorized')) this.fail(attempt);
      if (isAppError(error, 'rate_limited'))
        this.#pausedUntil = this.#now() + (error.retryAfter ?? BRAKE_SECONDS) * 1000;
      if (!signal.aborted) throw error;
      throw new AppError('timeout', 'The Nextcloud did not confirm the login in time', {
        retryable: true,
        cause: error,
      });
    } finally {
      this.#pending.delete(attempt);
      this.#beginNext();
    }
  }

  /** Counts a failed login. */
  fail({ name, client }: SignInAttempt): void {
    this.#forget();
    this.#failures.push({ name, client, at: this.#now() });
  }

  async #turn(attempt: SignInAttempt): Promise<void> {
    const verdict = this.#judge(attempt);
    if (verdict === 'begin') {
      this.#pending.add(attempt);
      return;
    }
    if (verdict !== 'wait') throw this.#refuse(verdict);
    const same = this.#waiting.filter((other) => other.attempt.client === attempt.client).length;
    const full = this.#waiting.length >= this.#limits.waiting;
    if (full || same >= this.#limits.waitingPerClient)
      throw this.#refuse({
        scope: full ? 'total' : 'client',
        error: new AppError('unavailable', 'Too many logins are waiting to be checked by the Nextcloud', {
          retryable: true,
          retryAfter: 5,
          hint: 'Try again in a moment.',
        }),
      });
    await new Promise<void>((resolve, reject) => {
      this.#waiting.push({ attempt, begin: resolve, refuse: reject });
    });
  }

  #beginNext(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const one of waiting) {
      const verdict = this.#judge(one.attempt);
      if (verdict === 'wait') this.#waiting.push(one);
      else if (verdict === 'begin') {
        this.#pending.add(one.attempt);
        one.begin();
      } else one.refuse(this.#refuse(verdict));
    }
  }

  #judge({ name, client }: SignInAttempt): Verdict {
    this.#forget();
    const { failedPerName, failedPerClient, failed, atOnce, windowMs } = this.#limits;
    const now = this.#now();
    if (now < this.#pausedUntil)
      return {
        scope: 'nextcloud',
        error: new AppError(
          'rate_limited',
          'The Nextcloud rejects further logins for some time',
          after(this.#pausedUntil - now),
        ),
      };
    const scopes: readonly Scope[] = [
      {
        name: 'principal',
        most: failedPerName,
        includes: (other) => other.name === name,
        refuse: (detail) =>
          new AppError('rate_limited', 'Several wrong passwords were sent for this login', detail),
      },
      {
        name: 'client',
        most: failedPerClient,
        includes: (other) => other.client === client,
        refuse: (detail) =>
          new AppError('rate_limited', 'Several failed logins came from this address', detail),
      },
      {
        name: 'total',
        most: failed,
        includes: () => true,
        refuse: (detail) =>
          new AppError('rate_limited', 'Several logins failed, from different addresses', detail),
      },
    ];
    let wait = this.#pending.size >= atOnce;
    for (const { name: scope, most, includes, refuse } of scopes) {
      const failures = this.#failures.filter(includes);
      const [oldest] = failures;
      if (oldest && failures.length >= most)
        return { scope, error: refuse(after(oldest.at + windowMs - now)) };
      if (failures.length + [...this.#pending].filter(includes).length >= most) wait = true;
    }
    return wait ? 'wait' : 'begin';
  }

  #refuse({ scope, error }: Refusal): AppError {
    this.#onRefused(scope);
    return error;
  }

  #forget(): void {
    const since = this.#now() - this.#limits.windowMs;
    this.#failures = this.#failures.filter(({ at }) => at > since);
  }
}

function after(waitMs: number): ErrorDetail {
  return {
    retryAfter: Math.max(1, Math.ceil(waitMs / 1000)),
    hint: 'Check the login name and the app password, and try again in half an hour.',
  };
}

/**
 * Normalizes a login name, so that its spellings count as one: Nextcloud ignores case, and its database may ignore
 * accents and width. Different names with the same normalized form only share a limit.
 */
export function foldName(name: string): string {
  return name
    .normalize('NFKD')
    .toUpperCase()
    .toLowerCase()
    .replace(/[\p{M}\p{C}\p{Z}\s]+/gu, '');
}
