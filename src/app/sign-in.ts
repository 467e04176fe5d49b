import type { NextcloudLogin, Config } from '../config/config.ts';
import type { Log } from '../log.ts';
import { Account } from '../nextcloud/account.ts';
import { createDispatcher } from '../nextcloud/transport/connections.ts';
import { anonymous, BasicCredentials } from '../nextcloud/transport/credentials.ts';
import type { CredentialProvider } from '../nextcloud/transport/credentials.ts';
import { beginLogin, pollLogin, revokeLogin } from '../nextcloud/apps/login.ts';
import { pause } from '../pause.ts';
import { AppError } from '../errors.ts';

const POLL_MS = 1000;
/** Nextcloud discards a sign-in after 20 minutes (core/Db/LoginFlowV2Mapper.php). */
const LIFETIME_MS = 20 * 60 * 1000;

export interface SignIn {
  /** The page to open in a browser. */
  readonly link: URL;
  /** Waits until access is granted. @throws AppError `timeout` */
  readonly granted: (signal: AbortSignal) => Promise<NextcloudLogin>;
}

/** The settings for the requests of a sign-in. */
export interface SignInClient {
  readonly config: Config;
  /** The name in Nextcloud's list of devices. */
  readonly device: string;
  readonly log: Log;
}

/** Starts a sign-in at the address, and passes it to `use`. */
export async function signIn<T>(
  client: SignInClient,
  url: URL,
  use: (begun: SignIn) => Promise<T>,
): Promise<T> {
  return withAccount(client, { url, username: '', credentials: anonymous }, async (account) => {
    const flow = await beginLogin(account);
    return use({
      link: flow.link,
      granted: async (signal) => {
        const until = Date.now() + LIFETIME_MS;
        while (Date.now() < until) {
          const answer = await pollLogin(account, flow, signal);
          if (answer) return { url: new URL(account.origin + account.address.root), ...answer };
          await pause(POLL_MS, signal);
        }
        throw new AppError('timeout', 'Nobody granted access within 20 minutes', {
          hint: 'Run the command again and follow the link.',
        });
      },
    });
  });
}

/** Revokes the app password on the server. @throws AppError */
export async function revoke(
  client: SignInClient,
  { url, username, password }: NextcloudLogin,
): Promise<void> {
  const credentials = new BasicCredentials(username, password);
  await withAccount(client, { url, username, credentials }, async (account) => revokeLogin(account));
}

interface Who {
  readonly url: URL;
  readonly username: string;
  readonly credentials: CredentialProvider;
}

async function withAccount<T>(
  { config, device, log }: SignInClient,
  who: Who,
  use: (account: Account) => Promise<T>,
): Promise<T> {
  const { minIntervalMs, maxConcurrency, timeoutSeconds } = config;
  const dispatcher = createDispatcher(config);
  const limits = { minIntervalMs, maxConcurrency, timeoutSeconds };
  try {
    return await use(new Account({ dispatcher, ...who, ...limits, userAgent: device, log }));
  } finally {
    await dispatcher.close();
  }
}
