/** What one client, or many, may use up. Times in milliseconds. */
export interface HttpLimits {
  /** Connections at once. Above it those that say nothing have to go first. */
  readonly connections: number;
  /** Requests at once of one client: one account where callers bring their own, else one address. */
  readonly requestsPerClient: number;
  /** Older sessions (before revision 2026-07-28) and SSE streams that are kept. */
  readonly sessions: number;
  readonly sessionIdleMs: number;
  readonly bodyBytes: number;
  /** Until the headers of a request are there. */
  readonly headersMs: number;
  /** Until the whole request is there. */
  readonly requestMs: number;
  /** A connection between two requests. */
  readonly idleMs: number;
  /** How long running calls may take when the server stops. */
  readonly drainMs: number;
}

export const defaultHttpLimits: HttpLimits = {
  connections: 1000,
  requestsPerClient: 64,
  sessions: 1000,
  sessionIdleMs: 4 * 60 * 60 * 1000,
  bodyBytes: 4 * 1024 * 1024,
  headersMs: 10_000,
  requestMs: 60_000,
  idleMs: 30_000,
  drainMs: 25_000,
};
