import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildRouter } from './routes.ts';
import { EmbeddedFolder } from './store/embedded-folder.ts';
import { HttpExchange } from './http/http-exchange.ts';
import { Authentication } from './http/authentication.ts';
import { recordedHeaders } from './http/request-record.ts';
import type { RequestRecord } from './http/request-record.ts';
import type { EmbeddedRouter } from './http/router.ts';
import { LoginFlowServer } from './login-flow.ts';
import { defaultUser } from './store/options.ts';
import type { EmbeddedOptions } from './store/options.ts';
import type { UserAccount } from './store/account.ts';
import { Instance } from './store/instance.ts';

/** A running embedded Nextcloud. */
export interface EmbeddedNextcloud {
  /** `http://127.0.0.1:PORT`, with the base path where there is one. */
  readonly url: string;
  /** Every request answered so far, oldest first. */
  readonly requests: RequestRecord[];
  /** Direct access to the home folder of a user (the first user by default), to add and to inspect files. */
  home(userId?: string): EmbeddedFolder;
  set(option: Partial<Pick<EmbeddedOptions, 'maintenance' | 'latencyMs'>>): void;
  /** Invalidates all credentials and sessions of a user, as revoking an app password does. */
  revoke(userId: string): void;
  setPassword(userId: string, password: string): void;
  setEnabled(userId: string, enabled: boolean): void;
  /** Grants access during login flow v2, as a person does in the browser. */
  grant(loginUrl: string, userId?: string): void;
  close(): Promise<void>;
}

/** What a running server consists of. */
interface ServerParts {
  readonly instance: Instance;
  readonly authentication: Authentication;
  readonly loginFlow: LoginFlowServer;
  readonly router: EmbeddedRouter;
  readonly requests: RequestRecord[];
}

export async function startEmbeddedNextcloud(options: EmbeddedOptions = {}): Promise<EmbeddedNextcloud> {
  const instance = new Instance(options, options.users ?? [defaultUser]);
  const authentication = new Authentication(instance);
  const loginFlow = new LoginFlowServer(instance);
  const router = buildRouter(instance, authentication, loginFlow);
  const parts: ServerParts = { instance, authentication, loginFlow, router, requests: [] };
  const serve =
    (awaitsContinue: boolean): RequestListener =>
    (request, response) =>
      void answer(parts, request, response, awaitsContinue);
  const server = options.tls ? createTlsServer(options.tls, serve(false)) : createServer(serve(false));
  server.on('checkContinue', serve(true));
  server.on('clientError', onClientError);
  // Uploads and downloads have no time limit.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 30_000;
  await listen(server, options.port ?? 0, options.host ?? '127.0.0.1');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const host = options.host?.includes(':') ? `[${options.host}]` : (options.host ?? '127.0.0.1');
  instance.url = `${options.tls ? 'https' : 'http'}://${host}:${port}${instance.basePath}`;
  return controlsOf(parts, server, (options.users?.[0] ?? defaultUser).id);
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function answer(
  { instance, router, requests }: ServerParts,
  request: IncomingMessage,
  response: ServerResponse,
  awaitsContinue: boolean,
): Promise<void> {
  const exchange = new HttpExchange(instance, request, response, awaitsContinue);
  response.on('close', () => {
    requests.push({
      method: exchange.method,
      path: request.url ?? '',
      status: response.statusCode,
      user: exchange.account?.id,
      headers: recordedHeaders(request.headers),
      authorization: request.headers.authorization !== undefined,
      cookie: request.headers.cookie !== undefined,
      bytesIn: exchange.bytesIn,
      bytesOut: exchange.bytesOut,
    });
  });
  exchange.set('Server', 'Apache/2.4.66 (Debian)');
  exchange.set('X-Content-Type-Options', 'nosniff');
  exchange.set('X-Robots-Tag', 'noindex, nofollow');
  exchange.set('Referrer-Policy', 'no-referrer');
  if (instance.latencyMs > 0) await sleep(instance.latencyMs);
  try {
    await router.route(exchange);
  } catch {
    // The client disconnected, or this server has a bug. PHP answers 500 to the latter.
    if (response.headersSent) response.destroy();
    else exchange.reply(500, 'Internal Server Error');
  }
}

/** Answers a malformed or truncated request with 400, as Apache does, if the client still listens. */
function onClientError(_error: Error, socket: Socket | { writable: boolean; destroy(): unknown }): void {
  if (socket.writable && 'end' in socket) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
  else socket.destroy();
}

function controlsOf(
  { instance, authentication, loginFlow, requests }: ServerParts,
  server: Server,
  firstUser: string,
): EmbeddedNextcloud {
  const account = (id: string): UserAccount => {
    const found = instance.account(id);
    if (!found) throw new Error(`The embedded Nextcloud has no user ${id}`);
    return found;
  };
  return {
    url: instance.url,
    requests,
    home: (userId = firstUser) => new EmbeddedFolder(instance, account(userId)),
    set(option) {
      if (option.maintenance !== undefined) instance.maintenance = option.maintenance;
      if (option.latencyMs !== undefined) instance.latencyMs = option.latencyMs;
    },
    revoke(userId) {
      account(userId).revoke();
      authentication.endSessions(account(userId));
    },
    setPassword(userId, password) {
      account(userId).password = password;
      authentication.endSessions(account(userId));
    },
    setEnabled(userId, enabled) {
      account(userId).enabled = enabled;
    },
    grant: (loginUrl, userId = firstUser) => loginFlow.grant(loginUrl, account(userId)),
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}
