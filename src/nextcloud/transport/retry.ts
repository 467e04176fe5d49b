/**
 * When a request may be sent again, and after how long. These functions are pure: no clock, no socket.
 *
 * A read may be repeated. A write may be repeated only when it is certain that the server did not carry it
 * out; otherwise the caller has to look for its effect first (see `reconcile`). A request that was refused
 * with 401 is never repeated: Nextcloud counts failed logins and locks the address out.
 */
export interface RequestFailure {
  readonly method: string;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** HTTP status, if there was an answer. */
  readonly status?: number;
  /** Seconds from Retry-After, if there was one. */
  readonly retryAfter?: number;
  /** What failed, if there was no answer. */
  readonly network?: NetworkFailure;
  /** The request body can be produced again, and nothing of the answer was used. */
  readonly replayable: boolean;
}

/**
 * `unsent`: no connection was established. `plain`: the server does not use TLS. `handshake`: the TLS
 * handshake failed. `broken`: the connection broke, and the request may have arrived. `garbage`: the answer
 * is not HTTP, or does not match its headers.
 */
export type NetworkFailure =
  'unsent' | 'plain' | 'handshake' | 'broken' | 'timeout' | 'garbage' | 'certificate' | 'name';

export const MAX_ATTEMPTS = 4;
/** The longest wait before a retry. When the server asks for more, the assistant is told how long instead. */
export const MAX_WAIT_MS = 10_000;
const BASE_MS = 200;

const reads = new Set(['GET', 'HEAD', 'PROPFIND', 'SEARCH', 'REPORT', 'OPTIONS']);

export function isRead(method: string): boolean {
  return reads.has(method);
}

/** Milliseconds to wait before the next attempt; undefined when there must be none. `random` is in [0, 1). */
export function retryDelay(failure: RequestFailure, random: number): number | undefined {
  const { attempt, replayable, retryAfter = 0 } = failure;
  if (attempt >= MAX_ATTEMPTS || !replayable || !mayRepeat(failure)) return undefined;
  const asked = retryAfter * 1000;
  // Never sooner than the server asked, and not all clients at the same moment.
  return asked > MAX_WAIT_MS ? undefined : asked + backoff(attempt, random);
}

/** Exponential backoff, half of it random, so that clients do not retry at the same moment. */
export function backoff(attempt: number, random: number): number {
  const ceiling = Math.min(BASE_MS * 2 ** (attempt - 1), MAX_WAIT_MS);
  return Math.round(ceiling / 2 + (ceiling / 2) * random);
}

function mayRepeat({ method, status, network, retryAfter }: RequestFailure): boolean {
  if (network !== undefined) return network === 'unsent' || (network === 'broken' && isRead(method));
  switch (status) {
    case 423: // refused because of a lock, before anything was done; the lock of a running request ends by itself
      return true;
    case 429: // without Retry-After it is the brute-force protection, which another request prolongs
      return retryAfter !== undefined;
    case 408:
    case 502:
    case 503:
    case 504:
      return isRead(method);
    default:
      return false;
  }
}

export interface Doubt {
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** HTTP status of the failure, absent when the connection broke. */
  readonly status: number | undefined;
  readonly retryAfter: number | undefined;
  /** The connection broke, so the server is not still working on the request. */
  readonly over: boolean;
}

/** The same for a change that a check has shown was not made. */
export function reconcileDelay(doubt: Doubt, random: number): number | undefined {
  const { attempt, status, retryAfter = 0, over } = doubt;
  if (attempt >= MAX_ATTEMPTS - 1 || !over || ![undefined, 502, 503].includes(status)) return undefined;
  const asked = retryAfter * 1000;
  return asked > MAX_WAIT_MS ? undefined : asked + backoff(attempt, random);
}

const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** Retry-After in seconds, from either of its formats (RFC 9110 section 10.2.3); undefined for anything else. */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  const text = value?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const date = HTTP_DATE.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000));
}
