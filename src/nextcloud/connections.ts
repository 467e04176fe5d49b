import { rootCertificates } from 'node:tls';
import { Agent, EnvHttpProxyAgent } from 'undici';
import type { Dispatcher } from 'undici';

/** How the process talks to servers: one per process, shared by all accounts. */
export interface Network {
  readonly verifySsl: boolean;
  readonly ca?: string;
  readonly maxConcurrency: number;
  readonly minIntervalMs: number;
  readonly timeoutSeconds: number;
  readonly proxy: { readonly http?: string; readonly https?: string; readonly none?: string };
}

/** The connections: keep-alive, at most `maxConcurrency` requests at once to one server. */
export function createDispatcher(network: Network): Dispatcher {
  const idle = network.timeoutSeconds * 1000;
  const tls = {
    rejectUnauthorized: network.verifySsl,
    ...(network.ca === undefined ? {} : { ca: [...rootCertificates, network.ca] }),
  };
  const pool = {
    connections: network.maxConcurrency,
    pipelining: 1,
    keepAliveTimeout: 4000, // Apache closes idle connections after 5 s
    headersTimeout: idle,
    bodyTimeout: idle,
    connectTimeout: Math.min(idle, 10_000),
    connect: tls,
  };
  const { http = '', https = '', none = '' } = network.proxy;
  if (http === '' && https === '') return new Agent(pool);
  return new EnvHttpProxyAgent({
    ...pool,
    httpProxy: http,
    httpsProxy: https,
    noProxy: none,
    requestTls: tls,
  });
}
