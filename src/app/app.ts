import { randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { LoginSource } from './login-source.ts';
import type { Login } from './login-source.ts';
import { principalDefaults, settingsPrincipal } from './principal.ts';
import type { Principal, PrincipalSource } from './principal.ts';
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
import { anonymous } from '../nextcloud/transport/credentials.ts';
import type { CredentialProvider } from '../nextcloud/transport/credentials.ts';
import { readStatus } from '../nextcloud/ocs.ts';
import { narrow, select } from '../tools/catalogue.ts';
import type { Narrowing } from '../tools/catalogue.ts';
import type { Tool } from '../tools/define.ts';
import { name, version } from '../version.ts';

/** The state of the process: connections, and one session with a workspace for each principal. */
export interface App {
  /** The principal of the settings, their session, and the tools that they are offered. */
  readonly principal: Principal;
  readonly session: Session;
  readonly tools: readonly Tool[];
  /** Principals of callers who bring a login. */
  readonly logins: PrincipalSource<Login>;
  /** Returns the same session for the same sign-in, and never that of another. */
  sessionOf(principal: Principal): Session;
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
}

/** The limit for parallel requests of all accounts, as a multiple of the limit for one account. */
const TEAM = 8;

/** Sessions of principals other than the one of the settings; the one not used for longest goes first. */
const MAX_SESSIONS = 500;
const SESSION_IDLE_MS = 30 * 60 * 1000;

/** Assembles the program. It sends no request yet: some assistants start a server twice and discard one. */
export function createApp(
  config: Config,
  log: Log,
  { local, patient = false, meter = noMeter }: AppOptions,
): App {
  const patienceMs = patient ? Infinity : config.callSeconds * 1000;
  const dispatcher = createDispatcher({
    ...config,
    ...(config.ca === undefined ? {} : { ca: config.ca }),
    maxConcurrency: config.maxConcurrency * (config.http?.accounts === 'header' ? TEAM : 1),
  });
  const documentPool = new DocumentPool({ outputChars: Math.max(1000, config.maxResultChars - 1500) });
  const signingKey = config.signingKey ?? randomBytes(32);
  // What is hidden decides what an offset means.
  const catalogue = JSON.stringify([version, config.roots, config.deny]);
  const accountOf = (
    principal: Pick<Principal, 'nextcloud' | 'username'>,
    credentials: CredentialProvider,
  ): Account =>
    new Account({
      dispatcher,
      url: principal.nextcloud,
      username: principal.username,
      credentials,
      userAgent: `${name}/${version}`,
      minIntervalMs: config.minIntervalMs,
      maxConcurrency: config.maxConcurrency,
      timeoutSeconds: config.timeoutSeconds,
      log,
    });
  const open = (principal: Principal): Session => ({
    workspace: createWorkspace({
      ...config,
      account: accountOf(principal, principal.credentials),
      policy: principal.policy,
      local: new LocalFolders(config.localFolders),
      confirmTokens: new ConfirmTokens(signingKey, principal.id, Date.now),
      cursors: new Cursors(signingKey, principal.id, catalogue),
      documentPool,
      patienceMs,
      meter,
      log,
    }),
    log,
    meter,
    ...(principal.unusable ? { unusable: principal.unusable } : {}),
  });
  const defaults = principalDefaults(config, local);
  const principal = settingsPrincipal(config, defaults);
  const session = open(principal);
  const sessions = new LRUCache<string, Session>({
    max: MAX_SESSIONS,
    ttl: SESSION_IDLE_MS,
    updateAgeOnGet: true,
    dispose: ({ workspace }) => void workspace.close().catch(() => undefined),
  });
  const sessionOf = (one: Principal): Session => {
    if (one.key === principal.key) return session;
    const known = sessions.get(one.key);
    if (one.unusable) return { ...(known ?? open(one)), unusable: one.unusable };
    if (known) return known;
    const opened = open(one);
    sessions.set(one.key, opened);
    return opened;
  };
  const surfaces = new Map<string, readonly Tool[]>();
  const toolsOf = ({ surface }: Principal, narrowing: Narrowing): readonly Tool[] => {
    const narrower = narrow(surface, narrowing);
    const key = JSON.stringify(narrower);
    const tools = surfaces.get(key) ?? select(narrower);
    surfaces.set(key, tools);
    return tools;
  };
  const anybody = accountOf({ nextcloud: defaults.nextcloud, username: '' }, anonymous);
  return {
    principal,
    session,
    tools: select(principal.surface),
    logins: new LoginSource(defaults, sessions),
    sessionOf,
    toolsOf,
    reach: async (signal) => {
      if (defaults.unusable) throw defaults.unusable;
      const { maintenance } = await readStatus(anybody, signal);
      if (maintenance) throw new AppError('unavailable', 'The Nextcloud is in maintenance mode');
    },
    close: async () => {
      await session.workspace.close();
      sessions.clear();
      await documentPool.close();
      await dispatcher.close();
    },
  };
}
