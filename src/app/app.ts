import { Accounts } from './accounts.ts';
import type { Login } from './accounts.ts';
import type { NextcloudLogin as Credentials, Config } from '../config/config.ts';
import { AppError } from '../errors.ts';
import { DocumentPool } from '../documents/pool/document-pool.ts';
import { ConfirmTokens } from '../files/context/confirm-tokens.ts';
import { AccessPolicy } from '../files/context/access-policy.ts';
import { createWorkspace } from '../files/workspace.ts';
import { LocalFolders } from '../files/local/local-folders.ts';
import type { Log } from '../log.ts';
import type { Session } from '../mcp/server.ts';
import { noMeter } from '../meter.ts';
import type { Meter } from '../meter.ts';
import { Account } from '../nextcloud/account.ts';
import { createDispatcher } from '../nextcloud/transport/connections.ts';
import { readStatus } from '../nextcloud/ocs.ts';
import { narrow, select } from '../tools/toolsets.ts';
import type { Narrowing } from '../tools/toolsets.ts';
import type { Tool } from '../tools/define.ts';
import { name, version } from '../version.ts';

/** What lives as long as the process: connections, and one session per account with its metadata. */
export interface App {
  readonly tools: readonly Tool[];
  /** Of the account of the settings. */
  readonly session: Session;
  /** Of a caller who brings a login: always the same one for the same login, and never another's. */
  sessionOf(login: Login): Session;
  /** The tools for one caller, who may ask for fewer. The same array for the same wish. */
  narrowed(narrowing: Narrowing): readonly Tool[];
  /** Whether the Nextcloud answers, asked without a login. @throws AppError */
  reach(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export interface AppOptions {
  /** The process runs on the person's own computer. */
  readonly local: boolean;
  readonly meter?: Meter;
  /** Calls wait for their transfer, however long it takes: for a person at a terminal. */
  readonly patient?: boolean;
}

/** How many accounts may use up what one may have at once. */
const TEAM = 8;

/** Puts the program together. Sends nothing: assistants start a server twice and throw one away. */
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
  const unusable = unusableBecause(config);
  const line = (credentials: Credentials, onRefused?: (error: AppError) => void): Account =>
    new Account({
      dispatcher,
      ...credentials,
      userAgent: `${name}/${version}`,
      minIntervalMs: config.minIntervalMs,
      maxConcurrency: config.maxConcurrency,
      timeoutSeconds: config.timeoutSeconds,
      log,
      ...(onRefused ? { onRefused } : {}),
    });
  const open = (account: Account): Session => ({
    workspace: createWorkspace({
      ...config,
      account,
      policy: new AccessPolicy(config.roots, config.deny),
      local: new LocalFolders(config.localFolders),
      confirmTokens: new ConfirmTokens(Date.now),
      documentPool,
      patienceMs,
      meter,
      log,
    }),
    log,
    meter,
    ...(unusable ? { unusable } : {}),
  });
  const url = config.url ?? nobody.url;
  const session = open(line(config.account ?? nobody));
  const accounts = new Accounts((login, onRefused) => open(line({ url, ...login }, onRefused)));
  const anybody = line({ ...nobody, url });
  const surface = { toolsets: config.toolsets, readOnly: config.readOnly, local };
  const surfaces = new Map<string, readonly Tool[]>();
  return {
    tools: select(surface),
    session,
    sessionOf: (login) => accounts.session(login),
    narrowed: (narrowing) => {
      const narrower = narrow(surface, narrowing);
      const key = JSON.stringify(narrower);
      const tools = surfaces.get(key) ?? select(narrower);
      surfaces.set(key, tools);
      return tools;
    },
    reach: async (signal) => {
      if (unusable) throw unusable;
      const { maintenance } = await readStatus(anybody, signal);
      if (maintenance) throw new AppError('unavailable', 'The Nextcloud is in maintenance mode');
    },
    close: async () => {
      await session.workspace.close();
      accounts.close();
      await documentPool.close();
      await dispatcher.close();
    },
  };
}

// Stands in until the settings are complete; `unusable` keeps every call from it.
const nobody: Credentials = {
  url: new URL('http://localhost'),
  username: '',
  password: { reveal: () => '' } as Credentials['password'],
};

function unusableBecause({ problems }: Config): AppError | undefined {
  if (problems.length === 0) return undefined;
  return new AppError('config', `The settings are not complete. ${problems.join(' ')}`, {
    hint: 'Set what is named in the settings of your assistant, then restart it.',
  });
}
