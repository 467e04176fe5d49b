import { randomBytes } from 'node:crypto';
import type { HttpExchange } from './http/http-exchange.ts';
import { sendGrant, sendPage } from './http/html-pages.ts';
import type { UserAccount } from './store/account.ts';
import type { Instance } from './store/instance.ts';

interface Flow {
  readonly login: string;
  readonly until: number;
  granted: UserAccount | undefined;
}

const LIFETIME_MS = 20 * 60 * 1000;
const secret = (): string => randomBytes(96).toString('base64url').slice(0, 128);

/**
 * Login flow v2 (core/Controller/ClientFlowLoginV2Controller.php). A single form replaces the pages in which a person
 * signs in and grants access. `EmbeddedNextcloud.grant` does the same without a browser.
 */
export class LoginFlowServer {
  readonly #instance: Instance;
  readonly #flows = new Map<string, Flow>();

  constructor(instance: Instance) {
    this.#instance = instance;
  }

  async serve(exchange: HttpExchange): Promise<void> {
    const rest = exchange.path.slice('/index.php/login/v2'.length);
    if (rest === '' || rest === '/') return this.#start(exchange);
    if (rest === '/poll') return this.#poll(exchange);
    if (rest.startsWith('/flow/')) return this.#page(exchange, rest.slice('/flow/'.length));
    return sendPage(exchange, 404, 'Page not found');
  }

  /** Grants access, as a person does in the browser. */
  grant(loginUrl: string, account: UserAccount): void {
    for (const flow of this.#flows.values()) if (loginUrl.endsWith(flow.login)) flow.granted = account;
  }

  #start(exchange: HttpExchange): void {
    if (exchange.method !== 'POST') return exchange.reply(405);
    const token = secret();
    const login = secret();
    this.#flows.set(token, { login, until: Date.now() + LIFETIME_MS, granted: undefined });
    const base = `${this.#instance.url}/index.php/login/v2`;
    return exchange.json(200, { poll: { token, endpoint: `${base}/poll` }, login: `${base}/flow/${login}` });
  }

  async #poll(exchange: HttpExchange): Promise<void> {
    if (exchange.method !== 'POST') return exchange.reply(405);
    const token = tokenOf(await exchange.text());
    if (token === undefined) return exchange.reply(400);
    const flow = this.#flows.get(token);
    // Nextcloud answers the same for a token that is unknown, expired or not yet granted.
    if (!flow?.granted || flow.until < Date.now()) return exchange.json(404, []);
    this.#flows.delete(token);
    return exchange.json(200, {
      server: this.#instance.url,
      loginName: flow.granted.login,
      appPassword: flow.granted.newAppPassword(),
    });
  }

  async #page(exchange: HttpExchange, login: string): Promise<void> {
    if (exchange.method === 'POST') {
      const user = new URLSearchParams(await exchange.text()).get('user') ?? '';
      const account = this.#instance.account(user);
      if (account) this.grant(login, account);
      return sendPage(exchange, account ? 200 : 403, account ? 'Account connected' : 'Access forbidden');
    }
    return sendGrant(exchange, [...this.#instance.accounts.keys()]);
  }
}

function tokenOf(body: string): string | undefined {
  if (!body.startsWith('{')) return new URLSearchParams(body).get('token') ?? undefined;
  try {
    const value: unknown = JSON.parse(body);
    const known = typeof value === 'object' && value !== null && 'token' in value ? value.token : undefined;
    return typeof known === 'string' ? known : undefined;
  } catch {
    return undefined;
  }
}
