import { AppError, isAppError } from '../errors.ts';
import { Address } from './address.ts';
import { Http } from './transport/http.ts';
import type { HttpOptions, HttpReply, HttpRequest } from './transport/http.ts';
import { readOcs } from './ocs.ts';

export interface AccountOptions extends Omit<HttpOptions, 'origin'> {
  readonly url: URL;
  /** The login name, or the user id where that is known. */
  readonly username: string;
}

const SILENCES = 2;

// How Nextcloud refuses paths of another user, depending on the method.
const doubtful = ['forbidden', 'not_found', 'conflict', 'invalid_response', 'unavailable'] as const;

/**
 * One login at one Nextcloud, and the user id that its URLs need. The id is usually the login name,
 * so that is tried first. Nextcloud 34 states the id in every answer (`X-User-Id`). 28 and 29 do not, and
 * are asked once, when a refusal may be due to a wrong id.
 */
export class Account {
  readonly address: Address;
  readonly username: string;
  /** Milliseconds that the server may take for something large before it answers. */
  readonly patienceMs: number;
  readonly #http: Http;
  #userId: string;
  #certain = false;
  /** Milliseconds that the server's clock is ahead of ours, accurate to a second. */
  #ahead = 0;

  constructor(options: AccountOptions) {
    this.address = new Address(options.url);
    this.username = options.username;
    this.#userId = options.username;
    this.patienceMs = options.timeoutSeconds * 1000 * SILENCES;
    const onAnswer: HttpOptions['onAnswer'] = (headers) => {
      const date = Date.parse(headers.get('date') ?? '');
      if (!Number.isNaN(date)) this.#ahead = date - Date.now();
      const id = headers.get('x-user-id');
      if (id && !this.#certain) this.#learn(id);
      return id && id !== this.#userId ? mixedUp : undefined;
    };
    this.#http = new Http({ ...options, origin: this.address.origin, onAnswer });
  }

  /** Scheme, host and port of all requests. Becomes https after a redirect from http. */
  get origin(): string {
    return this.#http.origin;
  }

  /** Identifies the account among those of all servers. */
  get name(): string {
    return `${this.username}@${this.address.origin}${this.address.root}`;
  }

  /** The user id, or the login name until the id is known. */
  get userId(): string {
    return this.#userId;
  }

  /** Converts a time of this computer to the server's clock, in milliseconds since 1970. */
  serverTime(ours: number): number {
    return ours + this.#ahead;
  }

  /** Sends one request; `consume` reads the body of the answer. */
  async exchange<T>(request: HttpRequest, consume: (reply: HttpReply) => Promise<T>): Promise<T> {
    return this.#http.exchange(request, consume);
  }

  /**
   * Runs work that needs the user id. When it fails and the id turns out to be wrong, the work runs again with
   * the right one. A request that was refused for a wrong user has changed nothing.
   */
  async run<T>(work: (userId: string) => Promise<T>): Promise<T> {
    const tried = this.#userId;
    try {
      return await work(tried);
    } catch (error) {
      if (!isAppError(error, ...doubtful) || (error.code === 'unavailable' && error.status === undefined))
        throw error;
      const actual = await this.confirm().catch(() => tried);
      if (actual === tried) throw error;
      return work(actual);
    }
  }

  /** Asks the server who is logged in, unless the id is known already. */
  async confirm(signal?: AbortSignal): Promise<string> {
    if (!this.#certain) {
      // Without a session: if a proxy mixed up sessions, this one may belong to another user.
      this.#http.forgetSession();
      const { id } = await readOcs(this, '/ocs/v2.php/cloud/user', signal);
      if (typeof id === 'string' && id !== '') this.#learn(id);
    }
    return this.#userId;
  }

  #learn(id: string): void {
    if (id === '.' || id === '..' || id.includes('/')) return; // would change the shape of every URL
    this.#userId = id;
    this.#certain = true;
  }
}

function mixedUp(uncertain: boolean): AppError {
  return new AppError('invalid_response', 'The server answered for another user', {
    uncertain,
    hint: 'Try again. If the error persists, a proxy mixes up the sessions of its users.',
  });
}
