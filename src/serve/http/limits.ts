/** Limits for one client and for all clients. Durations are in milliseconds. */
export interface HttpLimits {
  /** Open connections. Above the limit idle connections are closed. */
  readonly connections: number;
  /** Parallel requests of one client: an account if callers bring their own login, otherwise an IP address. */
  readonly requestsPerClient: number;
  /** Open sessions of revisions before 2026-07-28, and SSE streams. */
  readonly sessions: number;
  readonly sessionIdleMs: number;
  readonly bodyBytes: number;
  /** Time to receive the headers of a request. */
  readonly headersMs: number;
  /** Time to receive a whole request. */
  readonly requestMs: number;
  /** How long a connection stays open between two requests. */
  readonly idleMs: number;
  /** How long the server waits for running calls when it stops. */
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
