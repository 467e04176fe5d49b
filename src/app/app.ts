import { randomBytes } from 'node:crypto';
import { LoginSource } from './login-source.ts';
import { principalDefaults, settingsPrincipal } from './principal.ts';
import type { Principal } from './principal.ts';
import { SessionTable } from './session-table.ts';
import type { SessionTableLimits } from './session-table.ts';
import type { SignInLimits } from './sign-in-queue.ts';
import type { Config } from '../config/config.ts';
import { AppError } from '../errors.ts';
import { DocumentPool } from '../documents/pool/document-pool.ts';
import { ConfirmTokens } from '../files/context/confirm-tokens.ts';
import { Cursors } from '../files/entry/cursor.ts';
import { createWorkspace } from '../files/workspace.ts';
import { LocalFolders } from '../files/local/local-folders.ts';
import type { Log } from '../log.ts';
import type { Session } from '../mcp/session.ts';
import { noMeter } from '../meter.ts';
import type { Meter } from '../meter.ts';
import { Account } from '../nextcloud/account.ts';
import { createDispatcher } from '../nextcloud/transport/connections.ts';
import type { Connections } from '../nextcloud/transport/connections.ts';
import { anonymous } from '../nextcloud/transport/credentials.ts';
import type { CredentialProvider } from '../nextcloud/transport/credentials.ts';
import { transferLimiter } from '../nextcloud/transport/request-limiter.ts';
import { RequestPool } from '../nextcloud/transport/request-pool.ts';
import type { RequestShare } from '../nextcloud/transport/request-pool.ts';
import { readStatus } from '../nextcloud/ocs.ts';
import { narrow, select } from '../tools/catalogue.ts';
import type { Narrowing } from '../tools/catalogue.ts';
import { Store } from '../store/store.ts';
import type { Tool } from '../tools/define.ts';
import { name, version } from '../version.ts';

/** The state of the process: connections, and one session with a workspace for each principal. */
export interface App {
  /** The principal of the settings, their session, and the tools that they are offered. */
  readonly principal: Principal;
  readonly session: Session;
  readonly tools: readonly Tool[];
  /** Principals of callers who bring a login. Absent if the process does not accept logins. */
  readonly logins?: LoginSource;
  /** The number of open sessions of such principals. */
  readonly openSessions: number;
  /** Returns the same session for the same sign-in, and never that of another. @throws AppError when too many are open */
  sessionOf(principal: Principal): Session;
  /** Prevents the session of a principal from being closed to make room for others. @returns a function that ends this */
  hold(principal: Principal): () => void;
  /** The tools for one caller, who can ask for fewer. Returns the same array for the same request. */
  toolsOf(principal: Principal, narrowing: Narrowing): readonly Tool[];
  /** Checks without a login that the Nextcloud answers. @throws AppError */
  reach(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export interface AppOptions {
  /** The process runs on the user's own computer. */
  readonly local: boolean;
  readonly meter?: Meter;
  /** Calls wait until their transfer has ended, as the command line needs it. */
  readonly patient?: boolean;
  /** Present if callers bring logins of their own. */
  readonly logins?: LoginLimits;
}

/** Limits for callers who bring a login. */
export interface LoginLimits {
  readonly signIns: SignInLimits;
  readonly openSessions: SessionTableLimits;
}

/** The limit for parallel requests of all users, as a multiple of the limit for one user. */
const TEAM = 8;

/** Connections for requests without a confirmed login, so that they do not compete with the calls of users. */
const OUTER_CONNECTIONS = 6;

/** Assembles the program. It sends no request yet: some assistants start a server twice and discard one. */
export function createApp(
  config: Config,
  log: Log,
  { local, patient = false, meter = noMeter, logins: loginLimits }: AppOptions,
): App {
  const patienceMs = patient ? Infinity : config.callSeconds * 1000;
  const total = config.maxConcurrency * (loginLimits ? TEAM : 1);
  const dispatcher = createDispatcher({ ...config, maxConcurrency: total });
  const pool =
    loginLimits &&
    new RequestPool({ perPerson: config.maxConcurrency, total, intervalMs: config.minIntervalMs });
  const outer = createDispatcher({ ...config, maxConcurrency: OUTER_CONNECTIONS });
  const documentPool = new DocumentPool({ outputChars: Math.max(1000, config.maxResultChars - 1500) });
  const store = new Store(config.stateFolder, log);
  const signingKey = config.signingKey ?? randomBytes(32);
  // What is hidden decides what an offset means.
  const catalogue = JSON.stringify([version, config.roots, config.deny]);
  const accountOf = (
    principal: Pick<Principal, 'nextcloud' | 'username'>,
    credentials: CredentialProvider,
    { connections = dispatcher, share }: { connections?: Connections; share?: RequestShare | undefined } = {},
  ): Account =>
    new Account({
      dispatcher: connections,
      url: principal.nextcloud,
      username: principal.username,
      credentials,
      userAgent: `${name}/${version}`,
      minIntervalMs: config.minIntervalMs,
      maxConcurrency: config.maxConcurrency,
      share,
      timeoutSeconds: config.timeoutSeconds,
      log,
    });
  const open = (principal: Principal): Session => {
    const share = pool?.join(principal.id);
    const workspace = createWorkspace({
      ...config,
      owner: principal.id,
      account: accountOf(principal, principal.credentials, { share }),
      policy: principal.policy,
      local: new LocalFolders(config.localFolders),
      confirmTokens: new ConfirmTokens(signingKey, principal.id, Date.now),
      cursors: new Cursors(signingKey, principal.id, catalogue),
      documentPool,
      store,
      transferLimiter: share?.transfers ?? transferLimiter(config.maxConcurrency),
      patienceMs,
      meter,
      log,
    });
    const close = async (): Promise<void> => {
      share?.leave();
      await workspace.close();
    };
    return {
      workspace: { ...workspace, close },
      log,
      meter,
      ...(principal.unusable ? { unusable: principal.unusable } : {}),
    };
  };
  const defaults = principalDefaults(config, local);
  const principal = settingsPrincipal(config, defaults);
  const session = open(principal);
  const table =
    loginLimits &&
    new SessionTable({
      limits: loginLimits.openSessions,
      onRefused: (scope) => meter.refused('accounts', scope),
    });
  const logins =
    loginLimits &&
    new LoginSource({
      defaults,
      limits: loginLimits.signIns,
      onRefused: (scope) => meter.refused('sign_ins', scope),
      check: async ({ username, credentials, signal }) =>
        accountOf({ nextcloud: defaults.nextcloud, username }, credentials, { connections: outer }).confirm(
          signal,
        ),
      end: (key) => table?.end(key),
    });
  const surfaces = new Map<string, readonly Tool[]>();
  const toolsOf = ({ surface }: Principal, narrowing: Narrowing): readonly Tool[] => {
    const narrower = narrow(surface, narrowing);
    const key = JSON.stringify(narrower);
    const tools = surfaces.get(key) ?? select(narrower);
    surfaces.set(key, tools);
    return tools;
  };
  const anybody = accountOf({ nextcloud: defaults.nextcloud, username: '' }, anonymous, {
    connections: outer,
  });
  return {
    principal,
    session,
    tools: select(principal.surface),
    ...(logins ? { logins } : {}),
    get openSessions() {
      return table?.size ?? 0;
    },
    sessionOf: (one) => (one.key === principal.key ? session : existing(table).open(one, () => open(one))),
    hold: (one) => table?.hold(one) ?? (() => undefined),
    toolsOf,
    reach: async (signal) => {
      if (defaults.unusable) throw defaults.unusable;
      const { maintenance } = await readStatus(anybody, signal);
      if (maintenance) throw new AppError('unavailable', 'The Nextcloud is in maintenance mode');
    },
    close: async () => {
      await session.workspace.close();
      table?.close();
      await documentPool.close();
      await store.close();
      await Promise.all([dispatcher.close(), outer.close()]);
    },
  };
}

function existing(table: SessionTable | undefined): SessionTable {
  if (!table) throw new Error('a principal of a login, but the process accepts no logins');
  return table;
}
