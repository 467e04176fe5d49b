import type { ServerResponse } from 'node:http';
import type { App } from '../../app/app.ts';
import { isAppError } from '../../errors.ts';
import { sendJson } from './http-error.ts';

const KNOWN_MS = 10_000;
const PATIENCE_MS = 5000;

interface Readiness {
  readonly ready: boolean;
  /** The code of the error and no details, because the endpoint is public. */
  readonly reason?: string;
}

/** `/healthz`: the process runs. `/readyz`: the Nextcloud answers too; it is asked at most every ten seconds. */
export class Health {
  readonly #app: App;
  #stopping = false;
  #known: { readonly at: number; readonly answer: Promise<Readiness> } | undefined;

  constructor(app: App) {
    this.#app = app;
  }

  stop(): void {
    this.#stopping = true;
  }

  live(response: ServerResponse): void {
    sendJson(response, 200, { ok: true });
  }

  async ready(response: ServerResponse): Promise<void> {
    const { ready, reason } = this.#stopping ? { ready: false, reason: 'stopping' } : await this.#look();
    sendJson(response, ready ? 200 : 503, { ok: ready, ...(reason === undefined ? {} : { reason }) });
  }

  #look(): Promise<Readiness> {
    const now = Date.now();
    if (!this.#known || now - this.#known.at > KNOWN_MS) this.#known = { at: now, answer: this.#ask() };
    return this.#known.answer;
  }

  async #ask(): Promise<Readiness> {
    try {
      await this.#app.reach(AbortSignal.timeout(PATIENCE_MS));
      return { ready: true };
    } catch (error) {
      return { ready: false, reason: isAppError(error) ? error.code : 'unavailable' };
    }
  }
}
