import * as z from 'zod';
import { AppError, isAppError } from '../errors.ts';
import { propfind } from '../nextcloud/dav.ts';
import { readOcs, readStatus } from '../nextcloud/ocs.ts';
import { ROOT } from '../path.ts';
import type { Call, Service } from './service.ts';

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  /** What to do about it. */
  readonly fix?: string;
}

export interface Connection {
  readonly ok: boolean;
  readonly server: { readonly url: string; readonly product?: string; readonly version?: string };
  readonly user?: { readonly id: string; readonly display_name?: string };
  /** Bytes; `available` and `total` are absent when there is no limit. */
  readonly quota?: { readonly used: number; readonly available?: number; readonly total?: number };
  readonly latency_ms?: number;
  readonly features: readonly string[];
  readonly checks: readonly Check[];
}

/** Nextcloud releases older than this are not tried (the oldest that the tests run against). */
const OLDEST_TESTED = 28;

const userSchema = z.object({
  id: z.string(),
  displayname: z.string().optional(),
  'display-name': z.string().optional(),
  quota: z
    .object({ free: z.number().optional(), used: z.number().optional(), quota: z.number().optional() })
    .partial()
    .optional(),
});

const capabilitiesSchema = z.object({
  capabilities: z.record(z.string(), z.record(z.string(), z.unknown()).catch({})),
});

/** Looks at everything that has to be right, and never throws for what is wrong: each is a check with its fix. */
export async function testConnection(service: Service, call: Call): Promise<Connection> {
  const { account } = service;
  const checks: Check[] = [];
  const url = account.origin + account.address.root;
  const run = async <T>(
    name: string,
    look: () => Promise<T>,
    say: (value: T) => string,
  ): Promise<T | undefined> => {
    try {
      const value = await look();
      checks.push({ name, ok: true, detail: say(value) });
      return value;
    } catch (error) {
      if (!isAppError(error) || error.code === 'cancelled') throw error;
      checks.push({
        name,
        ok: false,
        detail: error.message,
        ...(error.hint === undefined ? {} : { fix: error.hint }),
      });
      return undefined;
    }
  };
  const status = await run(
    'server',
    async () => readStatus(account, call.signal),
    ({ versionstring, productname = 'Nextcloud' }) => `${productname} ${versionstring} at ${url}`,
  );
  if (!status) return { ok: false, server: { url }, features: [], checks };
  const server = { url, product: status.productname ?? 'Nextcloud', version: status.versionstring };
  if (status.maintenance || status.needsDbUpgrade) {
    const detail = status.maintenance
      ? 'The Nextcloud is in maintenance mode'
      : 'The Nextcloud waits for an upgrade';
    checks.push({ name: 'ready', ok: false, detail, fix: 'Try again later, or ask the administrator.' });
    return { ok: false, server, features: [], checks };
  }
  const major = Number.parseInt(status.versionstring, 10);
  if (major < OLDEST_TESTED)
    checks.push({
      name: 'version',
      ok: false,
      detail: `Nextcloud ${status.versionstring} is older than any this is tested with`,
      fix: `Upgrade to ${OLDEST_TESTED} or later.`,
    });
  const user = await run(
    'login',
    async () => userSchema.parse(await readOcs(account, '/ocs/v2.php/cloud/user', call.signal)),
    ({ id }) => (id === account.username ? `as ${id}` : `as ${account.username}, whose user id is ${id}`),
  );
  if (!user) return { ok: false, server, features: [], checks };
  await account.confirm(call.signal);
  const started = performance.now();
  const home = await run(
    'files',
    async () => {
      const { resources } = await propfind(account, ROOT, 0, call);
      const [self] = resources;
      if (!self?.folder) throw new AppError('invalid_response', 'The home folder is not there');
      return self;
    },
    () => 'the home folder can be read',
  );
  const latency = Math.round(performance.now() - started);
  const found = await run(
    'capabilities',
    async () =>
      capabilitiesSchema.parse(await readOcs(account, '/ocs/v2.php/cloud/capabilities', call.signal)),
    () => 'read',
  );
  checks.push(encryption(account.origin));
  const { quotaUsed, quotaAvailable } = home?.detail ?? {};
  const displayName = user.displayname ?? user['display-name'];
  return {
    ok: checks.every((check) => check.ok),
    server,
    user: { id: user.id, ...(displayName === undefined ? {} : { display_name: displayName }) },
    ...(quotaUsed === undefined ? {} : { quota: quota(quotaUsed, quotaAvailable) }),
    latency_ms: latency,
    features: features(found?.capabilities ?? {}),
    checks,
  };
}

function quota(used: number, available: number | undefined): NonNullable<Connection['quota']> {
  return available === undefined || available < 0 ? { used } : { used, available, total: used + available };
}

function encryption(origin: string): Check {
  const { protocol, hostname } = new URL(origin);
  if (protocol === 'https:') return { name: 'encryption', ok: true, detail: 'the connection is encrypted' };
  if (/^(localhost|127\.|\[::1\])/.test(hostname))
    return { name: 'encryption', ok: true, detail: 'not encrypted, on this computer only' };
  return {
    name: 'encryption',
    ok: false,
    detail: 'The connection is not encrypted: the app password can be read on the way',
    fix: 'Use an https:// address in NEXTCLOUD_URL.',
  };
}

function features(capabilities: z.infer<typeof capabilitiesSchema>['capabilities']): string[] {
  const files = capabilities['files'] ?? {};
  const dav = capabilities['dav'] ?? {};
  const found: [string, unknown][] = [
    ['trash', files['undelete']],
    ['versions', files['versioning']],
    ['locks', files['locking']],
    ['chunked upload', files['bigfilechunking'] ?? dav['chunking']],
    ['bulk upload', dav['bulkupload']],
    ['sharing', capabilities['files_sharing']?.['api_enabled']],
    ['tags', capabilities['systemtags']?.['enabled']],
  ];
  return found.filter(([, on]) => Boolean(on)).map(([name]) => name);
}
