/**
 * When a request may be sent again. Pure: no clock, no socket.
 *
 * A read may always be repeated. A write may be repeated only when it is certain that the server did
 * not carry it out; everything else is left to the caller, who looks before acting again.
 */
export interface Failure {
  readonly method: string;
  /** 1 for the first try. */
  readonly attempt: number;
  /** HTTP status, when there was an answer. */
  readonly status?: number;
  /** Seconds from Retry-After, when there was one. */
  readonly retryAfter?: number;
  /** What broke, when there was no answer. */
  readonly network?: NetworkFailure;
  /** The body can be produced again. */
  readonly replayable: boolean;
}

/** `unsent`: no connection was made. `broken`: it broke, the request may have arrived. */
export type NetworkFailure = 'unsent' | 'broken' | 'timeout' | 'certificate' | 'name';

export const MAX_ATTEMPTS = 4;
const MAX_WAIT_MS = 10_000;
const BASE_MS = 200;

const reads = new Set(['GET', 'HEAD', 'PROPFIND', 'SEARCH', 'REPORT', 'OPTIONS']);

export function isRead(method: string): boolean {
  return reads.has(method);
}

/** Milliseconds to wait before the next try, or undefined when there must be none. `random` is in [0, 1). */
export function retryDelay(failure: Failure, random: number): number | undefined {
  if (failure.attempt >= MAX_ATTEMPTS || !failure.replayable || !mayRepeat(failure)) return undefined;
  if (failure.retryAfter !== undefined) {
    // Longer than an assistant waits: say so instead of waiting.
    return failure.retryAfter * 1000 > MAX_WAIT_MS ? undefined : failure.retryAfter * 1000;
  }
  const ceiling = BASE_MS * 2 ** (failure.attempt - 1);
  return Math.round(ceiling / 2 + (ceiling / 2) * random);
}

function mayRepeat({ method, status, network, retryAfter }: Failure): boolean {
  if (network !== undefined) return network === 'unsent' || (network === 'broken' && isRead(method));
  switch (status) {
    case 423: // a lock of a running request ends by itself (Nextcloud: FileLocked)
      return true;
    case 429: // without Retry-After it is the brute-force protection: asking again prolongs it
      return retryAfter !== undefined;
    case 503: // Nextcloud says so before it does anything
      return isRead(method) || retryAfter !== undefined;
    case 502:
    case 504:
      return isRead(method);
    default:
      return false;
  }
}

/** Retry-After in seconds, from either of its forms (RFC 9110 section 10.2.3). */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value.trim())) return Number(value);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000));
}
