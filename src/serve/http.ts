import { createServer as createHttpServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { McpServer } from '@modelcontextprotocol/server';
import { createApp } from '../app/app.ts';
import type { Config } from '../config/config.ts';
import { isLoopbackAddress } from '../config/http.ts';
import { AppError } from '../errors.ts';
import type { Log } from '../log.ts';
import { createServer } from '../mcp/server.ts';
import { EXIT_MS, exitWithin } from './exit-deadline.ts';
import { refuseLarge } from './http/body.ts';
import { Caller, principalSource, toolsFor } from './http/caller.ts';
import { addressOf } from './http/client.ts';
import { serveConnectionTest } from './http/connection-test.ts';
import { boundConnections } from './http/connections.ts';
import { OriginGuard } from './http/origin-guard.ts';
import { Health } from './http/health.ts';
import { defaultHttpLimits } from './http/limits.ts';
import type { HttpLimits } from './http/limits.ts';
import { Metrics } from './http/metrics.ts';
import { HttpRouter } from './http/router.ts';
import type { HttpRoute } from './http/router.ts';
import { Sse } from './http/sse.ts';
import { Streamable } from './http/streamable.ts';
import { AccessToken } from './http/token.ts';
import { ConcurrencyLimit } from './http/concurrency-limit.ts';

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
  if (!settings || config.problems.length > 0)
    throw new AppError('config', `The settings are not complete. ${config.problems.join(' ')}`);
  const { announce = () => undefined } = options;
  const limits: HttpLimits = { ...defaultHttpLimits, ...options.limits };
  const metrics = new Metrics(config.url?.origin ?? '');
  const app = createApp(config, log, { local: false, meter: metrics });
  const makeServer =
    options.createServer ?? (({ session, tools }: Caller): McpServer => createServer(session, tools));
  const streamable = new Streamable(makeServer, limits, log);
  const sse = settings.sse ? new Sse(makeServer, limits) : undefined;
  const health = new Health(app);
  const token = settings.auth ? await AccessToken.open(settings, tellToken(announce)) : undefined;
  const turnstile = new ConcurrencyLimit(limits.requestsPerClient);
  const source = principalSource(app, settings);
  metrics.watch(
    'sessions',
    'Open sessions of older clients',
    () => streamable.sessions.size + (sse?.size ?? 0),
  );

  type Serve = (request: IncomingMessage, response: ServerResponse, caller: Caller) => Promise<void>;
  const known =
    (serve: Serve) =>
    async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      await token?.check(request.headers.authorization);
      refuseLarge(request, limits.bodyBytes);
      const principal = await source.principalOf(request);
      const session = app.sessionOf(principal);
      const client = settings.accounts === 'header' ? session : addressOf(request, settings.trustProxy);
      response.once('close', turnstile.enter(client));
      await serve(request, response, new Caller(session, toolsFor(app, principal, request)));
    };
  const mcp = known(async (request, response, caller) => streamable.serve(request, response, caller));
  const routes: Record<string, HttpRoute> = {
    '/mcp': { POST: mcp, GET: mcp, DELETE: mcp },
    '/healthz': { GET: (_request, response) => health.live(response) },
    '/readyz': { GET: async (_request, response) => health.ready(response) },
    '/metrics': {
      GET: async (request, response) => {
        await token?.check(request.headers.authorization);
        await metrics.show(response);
      },
    },
    '/api/integrations/test-connection': { POST: known(serveConnectionTest) },
    ...(sse
      ? {
          '/sse': { GET: known(async (_request, response, caller) => sse.open(response, caller)) },
          '/messages': {
            POST: known(async (request, response, caller) => sse.receive(request, response, caller)),
          },
        }
      : {}),
  };
  const router = new HttpRouter(routes, new OriginGuard(settings), metrics, log);
  const server = createHttpServer({
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.idleMs,
    connectionsCheckingInterval: Math.min(CHECK_MS, limits.headersMs),
  });
  boundConnections(server, limits.connections);
  server.on('request', (request, response) => {
    router.serve(request, response).catch((error: unknown) => {
      log.error({ err: error }, 'unexpected error');
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      reject(
        new AppError('config', `Cannot listen at ${settings.host}:${settings.port}: ${cause.message}`, {
          cause,
        }),
      );
    });
    server.listen(settings.port, settings.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${port}`;
  if (!settings.auth)
    announce('WARNING: no token is required. Every program on this computer can access your files.');
  if (!isLoopbackAddress(settings.host) && !settings.trustProxy)
    announce('This is plain HTTP: put a reverse proxy with TLS in front of it, and set MCP_TRUST_PROXY.');
  if (!config.verifySsl) log.warn('NEXTCLOUD_VERIFY_SSL is false: any certificate is accepted');

  announce(`Listening at ${url}/mcp${sse ? ` and ${url}/sse` : ''}`);

  const stop = async (): Promise<void> => {
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

function tellToken(announce: (line: string) => void): (token: string, kept: boolean) => void {
  return (token, kept) => {
    announce(`Token for your clients, shown only once: ${token}`);
    announce(
      kept
        ? 'Its hash is stored, so the token stays valid. Set MCP_TOKEN to use a token of your own.'
        : 'Its hash could not be stored, so the next start generates another token. Set MCP_TOKEN to use a token of your own.',
    );
  };
}
