import type { Account } from '../../nextcloud/account.ts';
import { readCapabilities } from '../../nextcloud/apps/capabilities.ts';
import type { Capabilities } from '../../nextcloud/apps/capabilities.ts';
import { RequestCoalescer } from './request-coalescer.ts';

/** Apps are rarely switched on and off. */
const FRESH_MS = 60 * 60 * 1000;

/** What the server can do for an account, asked for once an hour. */
export class CapabilityCache {
  readonly #account: Account;
  readonly #now: () => number;
  #known: { readonly capabilities: Capabilities; readonly at: number } | undefined;
  readonly #requests = new RequestCoalescer<Capabilities>();

  /** @param now milliseconds since 1970 */
  constructor(account: Account, now: () => number) {
    this.#account = account;
    this.#now = now;
  }

  async get(signal?: AbortSignal): Promise<Capabilities> {
    const known = this.#known;
    if (known && this.#now() - known.at < FRESH_MS) return known.capabilities;
    return this.refresh(signal);
  }

  /** Asks the server in any case. */
  async refresh(signal?: AbortSignal): Promise<Capabilities> {
    const capabilities = await this.#requests.join('', signal, async (ended) =>
      readCapabilities(this.#account, ended),
    );
    this.#known = { capabilities, at: this.#now() };
    return capabilities;
  }
}
