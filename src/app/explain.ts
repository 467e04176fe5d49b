import type { Config } from '../config/config.ts';
import { isAppError } from '../errors.ts';
import { createDispatcher } from '../nextcloud/transport/connections.ts';
import { searchHost, shownUrl } from '../nextcloud/transport/route.ts';
import { name } from '../version.ts';

/** For a look at the host, after an address has turned out to be wrong. */
const SEARCH_MS = 10_000;

/** Who asked, and at which address. */
export interface Asker {
  readonly config: Config;
  readonly url: URL;
  /** Absent if the login is not known yet. */
  readonly username?: string;
}

/**
 * The error with what a person at a terminal needs to correct it: which login at which server was refused, and where on
 * the host a Nextcloud is. Everything else is returned as it is.
 */
export async function explained(failure: unknown, { config, url, username }: Asker): Promise<unknown> {
  if (!isAppError(failure)) return failure;
  const here = shownUrl(url);
  if (failure.code === 'unauthorized' && failure.status === 401 && username)
    return failure.restate(
      `${here} did not accept the user name ${JSON.stringify(username)} with this password`,
      {
        hint: `Check both, or sign in again: ${name} login ${here}`,
      },
    );
  const isElsewhere = isAppError(failure, 'invalid_response', 'config') && failure.status !== undefined;
  if (!isElsewhere) return failure;
  const connections = createDispatcher(config);
  const signal = AbortSignal.timeout(SEARCH_MS);
  try {
    const base = await searchHost({ url, network: config, connections, signal }).catch(() => undefined);
    if (!base) return failure;
    return failure.restate(`There is no Nextcloud at ${here}, but there is one at ${shownUrl(base)}`, {
      hint: 'Use that address.',
    });
  } finally {
    await connections.close();
  }
}
