import * as z from 'zod';
import { AppError, isAppError } from '../../errors.ts';
import type { Account } from '../../nextcloud/account.ts';
import type { Capabilities } from '../../nextcloud/apps/capabilities.ts';
import { propfind } from '../../nextcloud/dav/propfind.ts';
import { listingProperties, some } from '../../nextcloud/dav/resource.ts';
import { readOcs, readStatus } from '../../nextcloud/ocs.ts';
import { ROOT } from '../../path.ts';
import type { AccessPolicy } from '../context/access-policy.ts';
import { Checklist } from './checklist.ts';
import type { Check } from './checklist.ts';
import {
  checkThrottle,
  checkChunks,
  checkClock,
  checkEncryption,
  checkSpace,
  checkSpeed,
  checkSupport,
} from './server-checks.ts';
import { checkMethods } from './methods.ts';
import type { Call } from '../context/call.ts';
import { isUnready, notReady } from '../context/left-out.ts';

export interface ConnectionParts {
  readonly account: Account;
  readonly policy: AccessPolicy;
  /** Asks the server, whatever is known already. */
  readonly refreshCapabilities: (call: Call) => Promise<Capabilities>;
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

const userSchema = z.object({
  id: z.string(),
  displayname: z.string().optional(),
  'display-name': z.string().optional(),
  quota: z
    .object({ free: z.number().optional(), used: z.number().optional(), quota: z.number().optional() })
    .partial()
    .optional(),
});

/**
 * Checks the server, the login, the files and the features. Problems are checks with a fix, not errors.
 *
 * @param thorough also tries every method, which takes six requests more
 */
export async function testConnection(
  parts: ConnectionParts,
  call: Call,
  { thorough = false }: { thorough?: boolean } = {},
): Promise<Connection> {
  const { account } = parts;
  const list = new Checklist();
  const checks = list.all;
  const url = account.origin + account.address.root;
  const status = await list.run(
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
    list.add({ name: 'ready', ok: false, detail, fix: 'Try again later, or ask the administrator.' });
    return { ok: false, server, features: [], checks };
  }
  list.add(checkSupport(status.versionstring, Date.now()));
  const user = await list.run(
    'login',
    async () => userSchema.parse(await readOcs(account, '/ocs/v2.php/cloud/user', call.signal)),
    ({ id }) => (id === account.username ? `as ${id}` : `as ${account.username}, whose user id is ${id}`),
  );
  if (!user) return { ok: false, server, features: [], checks };
  await account.confirm(call.signal);
  const started = performance.now();
  const home = await list.run(
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
  list.add(...(home ? await checkStorages(account, call) : []));
  list.add(...(home && thorough ? await checkMethods(parts, call) : []));
  const found = await list.run(
    'capabilities',
    async () => parts.refreshCapabilities(call),
    () => 'the Nextcloud says which features it has',
  );
  const { quotaUsed, quotaAvailable } = home?.detail ?? {};
  const capable = found?.apps;
  list.add(
    checkEncryption(account.origin),
    ...(home ? [checkSpace(limited(quotaAvailable)), checkSpeed(latency)] : []),
    checkChunks(capable?.['files'], capable?.['dav']),
    checkThrottle(capable?.['bruteforce']),
    checkClock(account.serverTime(0)),
  );
  const displayName = user.displayname ?? user['display-name'];
  return {
    ok: list.ok,
    server,
    user: { id: user.id, ...(displayName === undefined ? {} : { display_name: displayName }) },
    ...(quotaUsed === undefined ? {} : { quota: quota(quotaUsed, quotaAvailable) }),
    latency_ms: latency,
    features: features(capable ?? {}),
    checks,
  };
}

/** The storages in the home folder that cannot be opened. A server that does not say so is not asked further. */
async function checkStorages(account: Account, call: Call): Promise<Check[]> {
  const listed = propfind(account, ROOT, 1, { ...call, properties: listingProperties });
  const found = await listed.catch((error: unknown) => {
    if (isAppError(error, 'cancelled')) throw error;
    return undefined;
  });
  const unready = (found?.resources ?? []).filter((resource) => isUnready(resource));
  return unready.map((resource) => {
    const { message, hint } = notReady(resource);
    return { name: 'storage', ok: false, detail: message, ...some('fix', hint) };
  });
}

function quota(used: number, available: number | undefined): NonNullable<Connection['quota']> {
  const free = limited(available);
  return free === undefined ? { used } : { used, available: free, total: used + free };
}

// Nextcloud reports -3 for no limit.
function limited(available: number | undefined): number | undefined {
  return available === undefined || available < 0 ? undefined : available;
}

function features(capabilities: Capabilities['apps']): string[] {
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
