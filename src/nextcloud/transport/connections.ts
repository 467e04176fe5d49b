import type { Dispatcher } from 'undici';

/** Network settings of the process, shared by all accounts. */
export interface Network {
  readonly verifySsl: boolean;
  readonly ca?: string;
  readonly maxConcurrency: number;
  readonly minIntervalMs: number;
  readonly timeoutSeconds: number;
  readonly proxy: { readonly http?: string; readonly https?: string; readonly none?: string };
}

/** Loaded with the first request: assistants start many servers that they never use. */
export const undici = (): Promise<typeof import('./undici.ts')> => import('./undici.ts');

/** The part of undici's dispatcher that {@link createDispatcher} offers. */
export interface Connections {
  request(options: Dispatcher.RequestOptions): Promise<Dispatcher.ResponseData>;
  close(): Promise<void>;
}

/** Connections with keep-alive, at most `maxConcurrency` to one server. */
export function createDispatcher(network: Network): Connections {
  let pool: Promise<Dispatcher> | undefined;
  return {
    request: async (options) => (await (pool ??= open(network))).request(options),
    close: async () => (await pool)?.close(),
  };
}

async function open(network: Network): Promise<Dispatcher> {
  const [{ Agent, EnvHttpProxyAgent }, { rootCertificates }] = await Promise.all([
    undici(),
    import('node:tls'),
  ]);
  const idle = network.timeoutSeconds * 1000;
  const tls = {
    rejectUnauthorized: network.verifySsl,
    ...(network.ca === undefined ? {} : { ca: [...rootCertificates, network.ca] }),
  };
  const options = {
    connections: network.maxConcurrency,
    pipelining: 1,
    keepAliveTimeout: 4000, // Apache closes idle connections after 5 s
    headersTimeout: idle,
    bodyTimeout: idle,
    connectTimeout: Math.min(idle, 10_000),
    connect: tls,
  };
  const { http = '', https = '', none = '' } = network.proxy;
  if (http === '' && https === '') return new Agent(options);
  return new EnvHttpProxyAgent({
    ...options,
    httpProxy: http,
    httpsProxy: https,
    noProxy: none,
    requestTls: tls,
  });
}
