import type { LoginLimits } from '../../app/app.ts';
import { messageLimits } from '../../text/json-measure.ts';
import type { JsonLimits } from '../../text/json-measure.ts';
import type { UnreadLimits } from './slow-readers.ts';

/** The maximum number of something at the same time. */
export interface Cap {
  /** Of one user; if all callers share one account, of one client address. */
  readonly perPrincipal: number;
  /** Of one client address, which can be a gateway of many users. */
  readonly perClient: number;
  /** Of the whole process. */
  readonly total: number;
}

/** Limits for one client and for all clients. Durations are in milliseconds. */
export interface HttpLimits extends LoginLimits {
  /** Open connections. Above the limit idle connections are closed. */
  readonly connections: number;
  /** Connections above this limit, on which only the health endpoints and the metrics answer. */
  readonly probeConnections: number;
  /**
   * Connections that the system accepts before the server has taken them; Linux allows at most net.core.somaxconn. When
   * there is no room, the client tries again after 1, 3 and 7 seconds. The default of Node.js is 511.
   */
  readonly backlog: number;
  /** Requests that are not answered yet, without open streams. */
  readonly requests: Cap;
  /** Running calls of tools, including those whose client has disconnected. */
  readonly calls: Cap;
  /** Open streams: SSE, and the subscriptions of revision 2026-07-28. */
  readonly streams: Cap;
  /** Open sessions of revisions before 2026-07-28. */
  readonly sessions: Cap;
  readonly sessionIdleMs: number;
  /** For the body of a request. */
  readonly body: JsonLimits;
  readonly headerBytes: number;
  readonly headerCount: number;
  /** Time to receive the headers of a request. */
  readonly headersMs: number;
  /** Time to receive a whole request. */
  readonly requestMs: number;
  /** For responses and events that a client does not read. */
  readonly unread: UnreadLimits;
  /** How long a connection stays open between two requests. */
  readonly idleMs: number;
  /** How long the server waits for running calls when it stops. */
  readonly drainMs: number;
}

const MINUTE = 60_000;
const MB = 1024 * 1024;

export const defaultHttpLimits: HttpLimits = {
  connections: 1000,
  probeConnections: 32,
  backlog: 4096,
  requests: { perPrincipal: 64, perClient: 256, total: 512 },
  calls: { perPrincipal: 64, perClient: 256, total: 512 },
  streams: { perPrincipal: 64, perClient: 256, total: 512 },
  sessions: { perPrincipal: 100, perClient: 500, total: 1000 },
  sessionIdleMs: 240 * MINUTE,
  openSessions: { total: 500, perPerson: 8, idleMs: 30 * MINUTE, graceMs: 5 * MINUTE },
  // Below the ten failures in 30 minutes after which Nextcloud blocks the address of this server.
  signIns: {
    atOnce: 4,
    waitingPerClient: 64,
    waiting: 256,
    failedPerName: 3,
    failedPerClient: 6,
    failed: 8,
    windowMs: 31 * MINUTE,
    answerMs: 20_000,
  },
  body: { ...messageLimits, bytes: 4 * MB },
  headerBytes: 16 * 1024,
  headerCount: 100,
  headersMs: 10_000,
  requestMs: MINUTE,
  unread: { bytes: 32 * MB, total: 256 * MB, ms: 30_000 },
  idleMs: 30_000,
  drainMs: 25_000,
};

/** One number of the limits, under the labels that the metrics have for it. */
export interface NamedCap {
  readonly limit: string;
  readonly scope: 'principal' | 'client' | 'total';
  readonly most: number;
}

/** What is counted for each caller, each client address and in total. */
export function namedCaps(limits: HttpLimits): NamedCap[] {
  const { openSessions, signIns, connections } = limits;
  const caps: Readonly<Record<string, Partial<Cap>>> = {
    requests: limits.requests,
    calls: limits.calls,
    streams: limits.streams,
    sessions: limits.sessions,
    accounts: { perPrincipal: openSessions.perPerson, total: openSessions.total },
    sign_ins: {
      perPrincipal: signIns.failedPerName,
      perClient: signIns.failedPerClient,
      total: signIns.failed,
    },
    connections: { total: connections },
  };
  return Object.entries(caps).flatMap(([limit, { perPrincipal, perClient, total }]) =>
    (['principal', 'client', 'total'] as const).flatMap((scope) => {
      const most = { principal: perPrincipal, client: perClient, total }[scope];
      return most === undefined ? [] : [{ limit, scope, most }];
    }),
  );
}
