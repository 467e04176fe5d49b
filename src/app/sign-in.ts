import type { NextcloudLogin as Credentials, Config } from '../config/config.ts';
import { Secret } from '../log.ts';
import type { Log } from '../log.ts';
import { Account } from '../nextcloud/account.ts';
import { createDispatcher } from '../nextcloud/transport/connections.ts';
import { beginLogin, pollLogin, revokeLogin } from '../nextcloud/apps/login.ts';
import { pause } from '../pause.ts';
import { AppError } from '../errors.ts';

const POLL_MS = 1000;
/** Nextcloud forgets a sign-in after 20 minutes (core/Db/LoginFlowV2Mapper.php). */
const LIFETIME_MS = 20 * 60 * 1000;

export interface SignIn {
  /** To be opened by the person. */
  readonly link: URL;
  /** Waits until it is granted. @throws AppError `timeout` */
  readonly granted: (signal: AbortSignal) => Promise<Credentials>;
}

/**
 * Begins a sign-in at the address, and hands it to `use`.
 *
 * @param device how Nextcloud names it in its list of devices
 */
export async function signIn<T>(
  config: Config,
  url: URL,
  device: string,
  log: Log,
  use: (begun: SignIn) => Promise<T>,
): Promise<T> {
  const nobody = { url, username: '', password: new Secret('') };
  return withAccount(config, nobody, device, log, async (account) => {
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

/** Makes the app password worthless on the server. @throws AppError */
export async function revoke(
  config: Config,
  credentials: Credentials,
  device: string,
  log: Log,
): Promise<void> {
  await withAccount(config, credentials, device, log, async (account) => revokeLogin(account));
}

async function withAccount<T>(
  config: Config,
  credentials: Credentials,
  userAgent: string,
  log: Log,
  use: (account: Account) => Promise<T>,
): Promise<T> {
  const { minIntervalMs, maxConcurrency, timeoutSeconds } = config;
  const dispatcher = createDispatcher(config);
  const limits = { minIntervalMs, maxConcurrency, timeoutSeconds };
  try {
    return await use(new Account({ dispatcher, ...credentials, ...limits, userAgent, log }));
  } finally {
    await dispatcher.close();
  }
}
