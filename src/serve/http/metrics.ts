import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ServerResponse } from 'node:http';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { Meter } from '../../meter.ts';

const SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const PREFIX = 'nextcloud_files_mcp_';

/** The parts of undici's diagnostics messages that are counted (undici, DiagnosticsChannel). */
interface Told {
  readonly request: { readonly method: string; readonly origin: string | URL };
  readonly response?: { readonly statusCode: number };
  readonly chunk?: Uint8Array | string;
}

/** `/metrics`: calls of tools and requests to the Nextcloud, in the Prometheus text format. */
export class Metrics implements Meter {
  readonly registry = new Registry();
  readonly #calls = this.#counter('calls_total', 'Calls of tools', ['tool', 'outcome']);
  readonly #seconds = this.#histogram('call_seconds', 'Duration of calls', ['tool']);
  readonly #running = new Gauge({
    name: `${PREFIX}calls_running`,
    help: 'Running calls',
    registers: [this.registry],
  });
  readonly #cache = this.#counter('cache_lookups_total', 'Lookups in the caches', ['cache', 'result']);
  readonly #requests = this.#counter('http_requests_total', 'Requests to this server', ['path', 'status']);
  readonly #refused = this.#counter('limit_refusals_total', 'Requests rejected because a limit is reached', [
    'limit',
    'scope',
  ]);
  readonly #caps = new Gauge({
    name: `${PREFIX}limit`,
    help: 'What is allowed at the same time; failed logins within half an hour',
    labelNames: ['limit', 'scope'],
    registers: [this.registry],
  });
  readonly #dropped = this.#counter('connections_dropped_total', 'Idle connections closed to make room', []);
  readonly #upstream = this.#counter('upstream_requests_total', 'Requests to the Nextcloud', [
    'method',
    'status',
  ]);
  readonly #upstreamSeconds = this.#histogram('upstream_seconds', 'Time until the Nextcloud answers', [
    'method',
  ]);
  readonly #bytes = this.#counter('upstream_bytes_total', 'Bytes in request and response bodies', [
    'direction',
  ]);
  readonly #begun = new WeakMap<object, () => number>();
  readonly #listeners: readonly (readonly [string, (message: unknown) => void])[];
  #runningNow = 0;

  /** @param upstream origin of the Nextcloud; requests to anything else are not counted */
  constructor(upstream: string) {
    collectDefaultMetrics({ register: this.registry });
    const listen = (
      name: string,
      count: (told: Told) => void,
    ): readonly [string, (message: unknown) => void] => [
      `undici:request:${name}`,
      (message) => {
        const told = message as Told;
        if (String(told.request.origin) === upstream) count(told);
      },
    ];
    this.#listeners = [
      listen('create', ({ request }) => {
        this.#begun.set(request, this.#upstreamSeconds.startTimer({ method: request.method }));
      }),
      listen('headers', ({ request, response }) => {
        this.#begun.get(request)?.();
        this.#upstream.inc({ method: request.method, status: String(response?.statusCode) });
      }),
      listen('error', ({ request }) => this.#upstream.inc({ method: request.method, status: 'error' })),
      listen('bodyChunkSent', ({ chunk }) => this.#bytes.inc({ direction: 'sent' }, sizeOf(chunk))),
      listen('bodyChunkReceived', ({ chunk }) => this.#bytes.inc({ direction: 'received' }, sizeOf(chunk))),
    ];
    for (const [name, listener] of this.#listeners) subscribe(name, listener);
  }

  /** The number of running calls. */
  get running(): number {
    return this.#runningNow;
  }

  call(tool: string): (outcome: string) => void {
    const ended = this.#seconds.startTimer({ tool });
    this.#running.set(++this.#runningNow);
    return (outcome) => {
      ended();
      this.#running.set(--this.#runningNow);
      this.#calls.inc({ tool, outcome });
    };
  }

  cache(name: string, hit: boolean): void {
    this.#cache.inc({ cache: name, result: hit ? 'hit' : 'miss' });
  }

  request(path: string, status: number): void {
    this.#requests.inc({ path, status: String(status) });
  }

  /** Counts a request that was rejected because a limit is reached. */
  refused(limit: string, scope: string): void {
    this.#refused.inc({ limit, scope });
  }

  /** Shows how many of something are allowed, so that an alert can compare it with the number in use. */
  cap(limit: string, scope: string, most: number): void {
    this.#caps.set({ limit, scope }, most);
  }

  /** Counts an idle connection that was closed to make room for another one. */
  droppedConnection(): void {
    this.#dropped.inc();
  }

  /** A gauge whose value is read when the metrics are requested. */
  watch(name: string, help: string, read: () => number): void {
    const gauge: Gauge = new Gauge({
      name: PREFIX + name,
      help,
      registers: [this.registry],
      collect: () => gauge.set(read()),
    });
  }

  async show(response: ServerResponse): Promise<void> {
    const text = await this.registry.metrics();
    response.writeHead(200, { 'content-type': this.registry.contentType }).end(text);
  }

  close(): void {
    for (const [name, listener] of this.#listeners) unsubscribe(name, listener);
    this.registry.clear();
  }

  #counter<L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> {
    return new Counter({ name: PREFIX + name, help, labelNames, registers: [this.registry] });
  }

  #histogram<L extends string>(name: string, help: string, labelNames: readonly L[]): Histogram<L> {
    return new Histogram({
      name: PREFIX + name,
      help,
      labelNames,
      buckets: SECONDS,
      registers: [this.registry],
    });
  }
}

function sizeOf(chunk: Uint8Array | string | undefined): number {
  return chunk === undefined ? 0 : Buffer.byteLength(chunk);
}
