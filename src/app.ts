import type { Dispatcher } from 'undici';
import type { Account as Credentials, Config } from './config.ts';
import { AppError } from './errors.ts';
import { Fence } from './files/fence.ts';
import { Files } from './files/files.ts';
import { Journal } from './files/journal.ts';
import { Lanes } from './files/lanes.ts';
import { LocalFolders } from './files/local.ts';
import { Memory } from './files/memory.ts';
import { Shelf } from './files/shelf.ts';
import { Transfers } from './files/transfers.ts';
import type { Log } from './log.ts';
import type { Session } from './mcp/server.ts';
import { Account } from './nextcloud/account.ts';
import { readCapabilities } from './nextcloud/capabilities.ts';
import { createDispatcher } from './nextcloud/connections.ts';
import { select } from './tools/toolsets.ts';
import type { Tool } from './tools/define.ts';
import { name, version } from './version.ts';

/** What lives as long as the process: connections, and one session per account with its memory. */
export interface App {
  readonly tools: readonly Tool[];
  readonly session: Session;
  close(): Promise<void>;
}

export interface AppOptions {
  /** The process runs on the person's own computer. */
  readonly local: boolean;
  /** Calls wait for their transfer, however long it takes: for a person at a terminal. */
  readonly patient?: boolean;
}

/** Puts the program together. Sends nothing: assistants start a server twice and throw one away. */
export function createApp(config: Config, log: Log, { local, patient = false }: AppOptions): App {
  const dispatcher = createDispatcher({ ...config, ...(config.ca === undefined ? {} : { ca: config.ca }) });
  const unusable = unusableBecause(config);
  const credentials = config.account ?? nobody;
  const patienceMs = patient ? Infinity : config.callSeconds * 1000;
  const files = createFiles(config, credentials, dispatcher, log, patienceMs);
  return {
    tools: select({ toolsets: config.toolsets, readOnly: config.readOnly, local }),
    session: {
      files,
      log,
      ...(unusable ? { unusable } : {}),
    },
    close: async () => {
      await files.close();
      await dispatcher.destroy();
    },
  };
}

function createFiles(
  config: Config,
  { url, username, password }: Credentials,
  dispatcher: Dispatcher,
  log: Log,
  patienceMs: number,
): Files {
  const account = new Account({
    dispatcher,
    url,
    username,
    password,
    userAgent: `${name}/${version}`,
    minIntervalMs: config.minIntervalMs,
    maxConcurrency: config.maxConcurrency,
    timeoutSeconds: config.timeoutSeconds,
    log,
  });
  return new Files({
    account,
    memory: new Memory({
      listingSeconds: config.cacheListingSeconds,
      searchSeconds: config.cacheSearchSeconds,
      now: Date.now,
    }),
    fence: new Fence(config.roots, config.deny),
    local: new LocalFolders(config.localFolders),
    shelf: new Shelf(config.maxResultChars),
    journal: new Journal(config.stateFolder),
    transfers: new Transfers(patienceMs),
    lanes: new Lanes(config.maxConcurrency),
    capabilities: once(async ({ signal }) => readCapabilities(account, signal)),
    log,
    maxChars: config.maxResultChars,
  });
}

/** Asks until there is an answer, and then keeps it. */
function once<A, T>(ask: (argument: A) => Promise<T>): (argument: A) => Promise<T> {
  let answer: T | undefined;
  return async (argument) => (answer ??= await ask(argument));
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
