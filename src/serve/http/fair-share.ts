import { AppError } from '../../errors.ts';
import type { Meter } from '../../meter.ts';
import { failureText } from '../../tools/render/remedies.ts';
import { HttpError } from './http-error.ts';
import type { Cap } from './limits.ts';

/** Who uses a part of a limit. */
export interface Holder {
  /** The user; if all callers share one account, the client address. */
  readonly principal: string;
  readonly client: string;
}

/** The part of a cap that is reached. */
export type CapScope = 'principal' | 'client' | 'total';

export interface FairShareOptions {
  /** What is counted, in the plural, for the error message. */
  readonly what: string;
  readonly cap: Cap;
  /** The value of the Retry-After header. */
  readonly retrySeconds: number;
  /** Called for each rejected request. */
  readonly onRefused: (scope: CapScope) => void;
}

/** Limits the number of something per principal, per client address and in total. */
export class FairShare {
  readonly #options: FairShareOptions;
  readonly #principals = new Map<string, number>();
  readonly #clients = new Map<string, number>();
  #total = 0;

  constructor(options: FairShareOptions) {
    this.#options = options;
  }

  /** The total number in use. */
  get size(): number {
    return this.#total;
  }

  /** The part of the cap that is reached; undefined if there is room for one more. */
  full({ principal, client }: Holder): CapScope | undefined {
    const { cap } = this.#options;
    if ((this.#principals.get(principal) ?? 0) >= cap.perPrincipal) return 'principal';
    if ((this.#clients.get(client) ?? 0) >= cap.perClient) return 'client';
    return this.#total >= cap.total ? 'total' : undefined;
  }

  /**
   * @returns a function to call when it is no longer in use
   * @throws HttpError 429 when the caller has reached a limit, 503 when the process has
   */
  take(holder: Holder): () => void {
    const scope = this.full(holder);
    if (scope !== undefined) throw this.refusal(scope);
    const { principal, client } = holder;
    add(this.#principals, principal, 1);
    add(this.#clients, client, 1);
    this.#total++;
    let taken = true;
    return () => {
      if (!taken) return;
      taken = false;
      add(this.#principals, principal, -1);
      add(this.#clients, client, -1);
      this.#total--;
    };
  }

  refusal(scope: CapScope): HttpError {
    const { what, cap, retrySeconds, onRefused } = this.#options;
    onRefused(scope);
    const headers = { 'retry-after': String(retrySeconds) };
    if (scope === 'total')
      return new HttpError(
        503,
        `The server has reached its maximum number of ${what}. Try again later.`,
        headers,
      );
    const most = scope === 'principal' ? cap.perPrincipal : cap.perClient;
    return new HttpError(429, `At most ${most} ${what} at once are allowed. Wait for some to end.`, headers);
  }
}

function add(counts: Map<string, number>, key: string, change: number): void {
  const count = (counts.get(key) ?? 0) + change;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
}

/** Wraps a meter so that no call starts above the limit, over whichever transport it arrives. */
export function boundedMeter(meter: Meter, share: FairShare, holder: Holder): Meter {
  return {
    call: (tool) => {
      const release = takeForCall(share, holder);
      const ended = meter.call(tool);
      return (outcome) => {
        release();
        ended(outcome);
      };
    },
    cache: (name, hit) => meter.cache(name, hit),
    refused: (limit, scope) => meter.refused(limit, scope),
  };
}

// The SDK turns the message of this error into the result of the tool.
function takeForCall(share: FairShare, holder: Holder): () => void {
  try {
    return share.take(holder);
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    throw new Error(failureText(new AppError('rate_limited', error.message)), { cause: error });
  }
}
