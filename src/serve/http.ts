import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { McpServer } from '@modelcontextprotocol/server';
import { createApp } from '../app/app.ts';
import { unusableBecause } from '../app/principal.ts';
import type { Config } from '../config/config.ts';
import { AppError } from '../errors.ts';
import type { Log } from '../log.ts';
import { createServer } from '../mcp/server.ts';
import { EXIT_MS, exitWithin } from './exit-deadline.ts';
import { Admission } from './http/caller.ts';
import type { Caller } from './http/caller.ts';
import { serveConnectionTest } from './http/connection-test.ts';
import { ConnectionTable } from './http/connections.ts';
import { boundedMeter, FairShare } from './http/fair-share.ts';
import { Health } from './http/health.ts';
import { defaultHttpLimits, namedCaps } from './http/limits.ts';
import type { HttpLimits } from './http/limits.ts';
import { Metrics } from './http/metrics.ts';
import { OriginGuard } from './http/origin-guard.ts';
import { HttpRouter } from './http/router.ts';
import { SlowReaders } from './http/slow-readers.ts';
import type { Handle, HttpRoute } from './http/router.ts';
import { Sse } from './http/transports/sse.ts';
import { Streamable } from './http/transports/streamable.ts';
import { startLines } from './http/start-lines.ts';
import { AccessToken } from './http/token.ts';
import { giveMemoryBack } from './idle-memory.ts';

const CHECK_MS = 1000;
const POLL_MS = 20;

export interface HttpServer {
  /** `http://host:port` */
  readonly url: string;
  /** Waits for running calls to end, then closes the server. */
  stop(): Promise<void>;
}

export interface HttpServerOptions {
  readonly limits?: Partial<HttpLimits>;
  /** Prints lines for the person who starts the server. They may contain a new token, so they must not be logged. */
  readonly announce?: (line: string) => void;
  /** Replaces the MCP server, to serve other tools over the same transport. */
  readonly createServer?: (caller: Caller) => McpServer;
}

/** Serves over HTTP until the process receives a signal to stop. */
export async function runHttp(config: Config, log: Log, announce: (line: string) => void): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  const server = await startHttp(config, log, { announce });
  await ended;
  log.info('stopping');
  exitWithin(defaultHttpLimits.drainMs + EXIT_MS, log);
  await server.stop();
  exitWithin(EXIT_MS, log);
}

/** @throws AppError `config` when a setting is wrong or the address is in use */
export async function startHttp(
  config: Config,
  log: Log,
  options: HttpServerOptions = {},
): Promise<HttpServer> {
  const settings = config.http;
  const unusable = unusableBecause(config);
  if (unusable) throw unusable;
  if (!settings) throw new AppError('config', 'No address to listen at is set');
  const { announce = () => undefined } = options;
  const limits: HttpLimits = { ...defaultHttpLimits, ...options.limits };
  const metrics = new Metrics(config.url?.origin ?? '');
  const { signIns, openSessions } = limits;
  const app = createApp(config, log, {
    local: false,
    meter: metrics,
    ...(settings.accounts === 'header' ? { logins: { signIns, openSessions } } : {}),
  });
  const shares = createShares(limits, metrics);
  const makeServer =
    options.createServer ??
    (({ session, tools, holder }: Caller): McpServer =>
      createServer({ ...session, meter: boundedMeter(session.meter, shares.calls, holder) }, tools));
  const streamable = new Streamable({ createServer: makeServer, limits, share: shares.sessions, log });
  const sse = settings.sse ? new Sse(makeServer, limits.body) : undefined;
  const health = new Health(app);
  const opened = settings.auth ? AccessToken.open(settings) : undefined;
  const token = opened?.token;
  const { requests, streams } = shares;
  const server = createHttpServer({
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.idleMs,
    connectionsCheckingInterval: Math.min(CHECK_MS, limits.headersMs),
  });
  // Node.js ignores the headers above this number. One more is read, so that the router can reject the request.
  server.maxHeadersCount = limits.headerCount + 1;
  const connections = new ConnectionTable(server, { limits, onDropped: () => metrics.droppedConnection() });
  new SlowReaders(limits.unread, () => metrics.droppedConnection()).watch(server);
  const admission = new Admission({ app, settings, limits, token, requests, streams, connections });
  const routes = createRoutes({ admission, streamable, sse, health, token, metrics });
  const router = new HttpRouter({
    routes,
    probes,
    guard: new OriginGuard(settings),
    connections,
    headerCount: limits.headerCount,
    metrics,
    log,
  });
  const watched: Readonly<Record<string, readonly [help: string, read: () => number]>> = {
    sessions: ['Open sessions of older clients', () => streamable.sessions.size + (sse?.size ?? 0)],
    streams: ['Open streams', () => streams.size],
    requests_running: ['Requests that are not answered yet, without open streams', () => requests.size],
    connections: ['Open connections', () => connections.size],
    accounts: ['Accounts of callers in memory', () => app.openSessions],
    sign_ins_pending: ['Logins that are being checked by the Nextcloud', () => app.logins?.queue.size ?? 0],
    sign_ins_failed: ['Failed logins in the last half hour', () => app.logins?.queue.failures ?? 0],
  };
  for (const [name, [help, read]] of Object.entries(watched)) metrics.watch(name, help, read);
  for (const { limit, scope, most } of namedCaps(limits)) metrics.cap(limit, scope, most);
  server.on('request', (request, response) => {
    router.serve(request, response).catch((error: unknown) => {
      log.error({ err: error }, 'unexpected error');
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const inUse = cause.code === 'EADDRINUSE';
      const why = inUse ? 'another program uses it' : cause.message;
      const { host, port } = settings;
      reject(
        new AppError('config', `Cannot listen at ${host}:${port}: ${why}`, {
          cause,
          ...(inUse ? { hint: `Choose another port with --http ${host}:${port + 1} or MCP_HTTP.` } : {}),
        }),
      );
    });
    server.listen({ port: settings.port, host: settings.host, backlog: limits.backlog }, resolve);
  });
  const stopGivingBack = giveMemoryBack(() => router.begun);
  const { port } = server.address() as AddressInfo;
  const url = `http://${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${port}`;
  for (const warning of config.warnings) log.warn(warning);
  if (!config.verifySsl) log.warn('NEXTCLOUD_VERIFY_SSL is false: any certificate is accepted');
  for (const line of startLines({ config, settings, url, origin: await opened?.keep() })) announce(line);

  const stop = async (): Promise<void> => {
    stopGivingBack();
    health.stop();
    router.stop();
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    const until = Date.now() + limits.drainMs;
    while ((metrics.running > 0 || router.running > 0) && Date.now() < until) await sleep(POLL_MS);
    await streamable.close();
    await sse?.close();
    server.closeAllConnections();
    await closed;
    await app.close();
    metrics.close();
  };
  let stopped: Promise<void> | undefined;
  return { url, stop: async () => (stopped ??= stop()) };
}

/** Paths that answer on connections above the limit, and do not count as requests of a caller. */
const probes: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);

interface RouteParts {
  readonly admission: Admission;
  readonly streamable: Streamable;
  readonly sse: Sse | undefined;
  readonly health: Health;
  readonly token: AccessToken | undefined;
  readonly metrics: Metrics;
}

function createRoutes(parts: RouteParts): Readonly<Record<string, HttpRoute>> {
  const { admission, streamable, sse, health, token, metrics } = parts;
  const mcp: Handle = async (request, response) =>
    streamable.serve(request, response, await admission.admit(request, response));
  return {
    '/mcp': { POST: mcp, GET: mcp, DELETE: mcp },
    '/healthz': { GET: (_request, response) => health.live(response) },
    '/readyz': { GET: async (_request, response) => health.ready(response) },
    '/metrics': {
      GET: async (request, response) => {
        await token?.check(request);
        await metrics.show(response);
      },
    },
    '/api/integrations/test-connection': {
      POST: async (request, response) =>
        serveConnectionTest(request, response, async () => admission.admit(request, response)),
    },
    ...(sse
      ? {
          '/sse': {
            GET: async (request, response) => sse.open(response, await admission.admit(request, response)),
          },
          '/messages': {
            POST: async (request, response) =>
              sse.receive(request, response, await admission.admit(request, response)),
          },
        }
      : {}),
  };
}

type Shared = 'requests' | 'calls' | 'streams' | 'sessions';

/** The kinds of limits, with the seconds of their Retry-After header. */
const shared: Readonly<Record<Shared, number>> = { requests: 1, calls: 1, streams: 30, sessions: 60 };

function createShares(limits: HttpLimits, metrics: Metrics): Readonly<Record<Shared, FairShare>> {
  const create = (what: Shared): FairShare =>
    new FairShare({
      what,
      cap: limits[what],
      retrySeconds: shared[what],
      onRefused: (scope) => metrics.refused(what, scope),
    });
  return {
    requests: create('requests'),
    calls: create('calls'),
    streams: create('streams'),
    sessions: create('sessions'),
  };
}
