import type { Dispatcher } from 'undici';
import type { Account as Credentials, Config } from './config.ts';
import { AppError } from './errors.ts';
import { Consent } from './files/consent.ts';
import { Fence } from './files/fence.ts';
import { Files } from './files/files.ts';
import { LocalFolders } from './files/local.ts';
import { Memory } from './files/memory.ts';
import { Shelf } from './files/shelf.ts';
import type { Log } from './log.ts';
import type { Session } from './mcp/server.ts';
import { Account } from './nextcloud/account.ts';
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
}

/** Puts the program together. Sends nothing: assistants start a server twice and throw one away. */
export function createApp(config: Config, log: Log, { local }: AppOptions): App {
  const dispatcher = createDispatcher({ ...config, ...(config.ca === undefined ? {} : { ca: config.ca }) });
  const unusable = unusableBecause(config);
  const credentials = config.account ?? nobody;
  const files = createFiles(config, credentials, dispatcher, log);
  return {
    tools: select({ toolsets: config.toolsets, readOnly: config.readOnly, local }),
    session: {
      files,
      log,
      ...(unusable ? { unusable } : {}),
    },
    close: async () => {
      await files.close();
      await dispatcher.close();
    },
  };
}

function createFiles(config: Config, credentials: Credentials, dispatcher: Dispatcher, log: Log): Files {
  const { url, username, password } = credentials;
  return new Files({
    account: new Account({
      dispatcher,
      url,
      username,
      password,
      userAgent: `${name}/${version}`,
      minIntervalMs: config.minIntervalMs,
      maxConcurrency: config.maxConcurrency,
      timeoutSeconds: config.timeoutSeconds,
      log,
    }),
    memory: new Memory({
      listingSeconds: config.cacheListingSeconds,
      searchSeconds: config.cacheSearchSeconds,
      now: Date.now,
    }),
    fence: new Fence(config.roots, config.deny),
    local: new LocalFolders(config.localFolders),
    shelf: new Shelf(config.maxResultChars),
    consent: new Consent(Date.now),
    log,
    maxChars: config.maxResultChars,
  });
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
