import { randomBytes } from 'node:crypto';
import type { HttpExchange } from '../../http/http-exchange.ts';
import type { Instance } from '../../store/instance.ts';

interface Snapshot {
  readonly url: string;
  readonly responses: readonly string[];
  readonly until: number;
}

const LIFETIME_MS = 60 * 60 * 1000;
const DEFAULT_COUNT = 100;
const snapshots = new WeakMap<Instance, Map<string, Snapshot>>();

/**
 * `X-NC-Paginate`: returns a page of a snapshot of rendered responses, which is bound to the exact URL. An unknown or
 * expired token is no error: a new snapshot is made, or, without `X-NC-Paginate: true`, everything is returned
 * (apps/dav/lib/Paginate/PaginatePlugin.php).
 */
export function paginate(exchange: HttpExchange, responses: Iterable<string>): Iterable<string> {
  if (exchange.instance.major < 31) return responses;
  const token = exchange.header('x-nc-paginate-token');
  const wanted = exchange.header('x-nc-paginate') === 'true';
  const offsetText = exchange.header('x-nc-paginate-offset');
  if (!wanted && (token === undefined || offsetText === undefined)) return responses;
  const offset = Number(offsetText ?? 0);
  const count = Number(exchange.header('x-nc-paginate-count') ?? DEFAULT_COUNT);
  const url = exchange.request.url ?? '';
  const known = token === undefined ? undefined : find(exchange.instance, token, url);
  if (known) return known.responses.slice(offset, offset + count);
  if (!wanted) return responses;
  const all = [...responses];
  const fresh = randomBytes(24).toString('base64');
  keep(exchange.instance, fresh, { url, responses: all, until: Date.now() + LIFETIME_MS });
  exchange.set('X-NC-Paginate', 'true');
  exchange.set('X-NC-Paginate-Token', fresh);
  exchange.set('X-NC-Paginate-Total', String(all.length));
  return all.slice(offset, offset + count);
}

function find(instance: Instance, token: string, url: string): Snapshot | undefined {
  const snapshot = snapshots.get(instance)?.get(token);
  return snapshot && snapshot.url === url && snapshot.until > Date.now() ? snapshot : undefined;
}

function keep(instance: Instance, token: string, snapshot: Snapshot): void {
  const store = snapshots.get(instance) ?? new Map<string, Snapshot>();
  snapshots.set(instance, store);
  for (const [key, { until }] of store) if (until < Date.now()) store.delete(key);
  store.set(token, snapshot);
}
