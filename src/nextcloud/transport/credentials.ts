import { isAppError } from '../../errors.ts';
import type { AppError } from '../../errors.ts';
import { Secret } from '../../log.ts';

/** What signs the requests of one principal in at their Nextcloud. */
export interface CredentialProvider {
  /**
   * Value of the `Authorization` header; undefined sends the request without one.
   *
   * @throws AppError `unauthorized` when there is none to be had any more
   */
  authorization(signal?: AbortSignal): Promise<string | undefined>;
  /**
   * Told of a 401.
   *
   * @param used the value that was refused
   * @returns whether another value can be had, so that the request is worth sending once more
   */
  refused(error: AppError, used: string | undefined): Promise<boolean>;
}

/** For what a Nextcloud answers without a sign-in. */
export const anonymous: CredentialProvider = {
  authorization: async () => Promise.resolve(undefined),
  refused: async () => Promise.resolve(false),
};

/** A login name and an app password. What is refused once is never sent again. */
export class BasicCredentials implements CredentialProvider {
  readonly #value: Secret;
  readonly #onRefused: ((error: AppError) => void) | undefined;

  constructor(username: string, password: Secret, onRefused?: (error: AppError) => void) {
    this.#value = new Secret(`Basic ${Buffer.from(`${username}:${password.reveal()}`).toString('base64')}`);
    this.#onRefused = onRefused;
  }

  async authorization(): Promise<string> {
    return Promise.resolve(this.#value.reveal());
  }

  async refused(error: AppError): Promise<boolean> {
    this.#onRefused?.(error);
    return Promise.resolve(false);
  }
}

export interface BearerToken {
  readonly value: Secret;
  /** Milliseconds since 1970; absent when it is not known to end. */
  readonly expiresAt?: number;
}

/** A token is renewed so many milliseconds before it ends, so that no request carries one that ends on its way. */
const EARLY_MS = 60_000;

/**
 * A token that ends and is renewed. However many requests wait, one renewal is under way: a token endpoint
 * such as Nextcloud's takes each refresh token once.
 */
export class BearerCredentials implements CredentialProvider {
  readonly #renew: (signal?: AbortSignal) => Promise<BearerToken>;
  readonly #onRefused: ((error: AppError) => void) | undefined;
  #token: BearerToken;
  #renewal: Promise<BearerToken> | undefined;

  /** @param renew fetches the next token. @throws AppError `unauthorized` when the grant has ended */
  constructor(
    token: BearerToken,
    renew: (signal?: AbortSignal) => Promise<BearerToken>,
    onRefused?: (error: AppError) => void,
  ) {
    this.#token = token;
    this.#renew = renew;
    this.#onRefused = onRefused;
  }

  async authorization(): Promise<string> {
    if (Date.now() >= (this.#token.expiresAt ?? Infinity) - EARLY_MS) await this.#renewed();
    return header(this.#token);
  }

  async refused(error: AppError, used: string | undefined): Promise<boolean> {
    // Another request has renewed it meanwhile.
    if (used !== header(this.#token)) return true;
    try {
      await this.#renewed();
      return true;
    } catch (cause) {
      if (!isAppError(cause, 'unauthorized')) throw cause;
      this.#onRefused?.(error);
      return false;
    }
  }

  // Not with the signal of one request: the others wait for it as well.
  async #renewed(): Promise<void> {
    this.#renewal ??= this.#renew().finally(() => {
      this.#renewal = undefined;
    });
    this.#token = await this.#renewal;
  }
}

function header({ value }: BearerToken): string {
  return `Bearer ${value.reveal()}`;
}
