import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildRouter } from './service.ts';
import { EmbeddedFolder } from './demo-folder.ts';
import { Exchange } from './http/exchange.ts';
import { Gatekeeper } from './http/gatekeeper.ts';
import { keptHeaders } from './http/record.ts';
import type { RequestRecord } from './http/record.ts';
import type { EmbeddedRouter } from './http/router.ts';
import { LoginFlowServer } from './login-flow.ts';
import { defaultUser } from './options.ts';
import type { EmbeddedOptions } from './options.ts';
import type { UserAccount } from './store/account.ts';
import { Instance } from './store/instance.ts';

/** A running embedded Nextcloud. */
export interface EmbeddedNextcloud {
  /** `http://127.0.0.1:PORT`, with the base path where there is one. */
  readonly url: string;
  /** Every request answered so far, oldest first. */
  readonly requests: RequestRecord[];
  /** The files of a user, the first one unless named, to seed and to inspect past the protocol. */
  home(userId?: string): EmbeddedFolder;
  set(option: Partial<Pick<EmbeddedOptions, 'maintenance' | 'latencyMs'>>): void;
  /** Makes every credential and session of a user worthless, as revoking the app password does. */
  revoke(userId: string): void;
  setPassword(userId: string, password: string): void;
  setEnabled(userId: string, enabled: boolean): void;
  /** What a person does in the browser during login flow v2: lets the program in. */
  grant(loginUrl: string, userId?: string): void;
  close(): Promise<void>;
}

export async function startEmbeddedNextcloud(options: EmbeddedOptions = {}): Promise<EmbeddedNextcloud> {
  const instance = new Instance(options, options.users ?? [defaultUser]);
  const gate = new Gatekeeper(instance);
  const flow = new LoginFlowServer(instance);
  const requests: RequestRecord[] = [];
  const router = buildRouter(instance, gate, flow);
  const serve =
    (awaitsContinue: boolean): RequestListener =>
    (request, response) =>
      void answer(instance, router, requests, request, response, awaitsContinue);
  const server = options.tls ? createTlsServer(options.tls, serve(false)) : createServer(serve(false));
  server.on('checkContinue', serve(true));
  server.on('clientError', onClientError);
  // Uploads and downloads take as long as they take.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 30_000;
  await listen(server, options.port ?? 0, options.host ?? '127.0.0.1');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const host = options.host?.includes(':') ? `[${options.host}]` : (options.host ?? '127.0.0.1');
  instance.url = `${options.tls ? 'https' : 'http'}://${host}:${port}${instance.basePath}`;
  return control(instance, gate, flow, server, requests, (options.users?.[0] ?? defaultUser).id);
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
  instance: Instance,
  router: EmbeddedRouter,
  requests: RequestRecord[],
  request: IncomingMessage,
  response: ServerResponse,
  awaitsContinue: boolean,
): Promise<void> {
  const exchange = new Exchange(instance, request, response, awaitsContinue);
  response.on('close', () => {
    requests.push({
      method: exchange.method,
      path: request.url ?? '',
      status: response.statusCode,
      user: exchange.account?.id,
      headers: keptHeaders(request.headers),
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
    // A client that left in the middle, or a fault of our own: PHP would answer 500 to the latter.
    if (response.headersSent) response.destroy();
    else exchange.reply(500, 'Internal Server Error');
  }
}

/** A request cut short by a client that still listens is told so, like Apache does. */
function onClientError(_error: Error, socket: Socket | { writable: boolean; destroy(): unknown }): void {
  if (socket.writable && 'end' in socket) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
  else socket.destroy();
}

function control(
  instance: Instance,
  gate: Gatekeeper,
  flow: LoginFlowServer,
  server: Server,
  requests: RequestRecord[],
  firstUser: string,
): EmbeddedNextcloud {
  const account = (id: string): UserAccount => {
    const found = instance.account(id);
    if (!found) throw new Error(`The demo cloud has no user ${id}`);
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
      gate.endSessions(account(userId));
    },
    setPassword(userId, password) {
      account(userId).password = password;
      gate.endSessions(account(userId));
    },
    setEnabled(userId, enabled) {
      account(userId).enabled = enabled;
    },
    grant: (loginUrl, userId = firstUser) => flow.grant(loginUrl, account(userId)),
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}
