import { anonymous, BasicCredentials } from '../nextcloud/transport/credentials.ts';
import type { CredentialProvider } from '../nextcloud/transport/credentials.ts';
import { AppError } from '../errors.ts';
import { AccessPolicy } from '../files/context/access-policy.ts';
import type { Config } from '../config/config.ts';
import type { Surface } from '../tools/catalogue.ts';

/**
 * Who a call is for, and what they may do. All state of an account (connections, caches, transfers,
 * confirm tokens) belongs to a principal and to nothing else.
 */
export interface Principal {
  /** Identifies the user at their Nextcloud: the same in every process and after a restart. Contains no secret. */
  readonly id: string;
  /** Identifies the sign-in within this process: two passwords of one user are two sign-ins. */
  readonly key: string;
  readonly nextcloud: URL;
  /** The login name. It is used as the user id until the Nextcloud reports the id. */
  readonly username: string;
  readonly credentials: CredentialProvider;
  readonly policy: AccessPolicy;
  readonly surface: Surface;
  /** Why every call fails; absent if calls can work. */
  readonly unusable?: AppError;
}

/** Where principals come from: the settings, the headers of a request, a sign-in. */
export interface PrincipalSource<Request> {
  /** @throws AppError `unauthorized` or `rate_limited` when there is no principal for the request */
  principalOf(request: Request): Promise<Principal>;
}

/** What all principals of a process have in common. */
export interface PrincipalDefaults {
  readonly nextcloud: URL;
  readonly policy: AccessPolicy;
  readonly surface: Surface;
  readonly unusable?: AppError;
}

export function idOf(username: string, nextcloud: URL): string {
  return `${username}@${nextcloud.host}${nextcloud.pathname.replace(/\/$/, '')}`;
}

/** A placeholder until an address is set; `unusable` prevents every call to it. */
const nowhere = new URL('http://localhost');

export function principalDefaults(config: Config, local: boolean): PrincipalDefaults {
  const unusable = unusableBecause(config);
  return {
    nextcloud: config.url ?? nowhere,
    policy: new AccessPolicy(config.roots, config.deny),
    surface: { toolsets: config.toolsets, readOnly: config.readOnly, local },
    ...(unusable ? { unusable } : {}),
  };
}

/** The only principal of a process whose settings contain a login. */
export function settingsPrincipal(config: Config, defaults: PrincipalDefaults): Principal {
  const { account } = config;
  const nextcloud = account?.url ?? defaults.nextcloud;
  const username = account?.username ?? '';
  return {
    ...defaults,
    id: idOf(username, nextcloud),
    key: 'settings',
    nextcloud,
    username,
    credentials: account ? new BasicCredentials(username, account.password) : anonymous,
  };
}

/** Why nothing can work with these settings; undefined when it can. */
export function unusableBecause({ problems, missing }: Config): AppError | undefined {
  if (problems.length > 0)
    return new AppError(
      'config',
      `The settings cannot be used. ${[...problems, ...unset(missing)].join(' ')}`,
      { remedy: { kind: 'correct-settings' } },
    );
  const [without] = unset(missing);
  return without === undefined
    ? undefined
    : new AppError('config', without, { remedy: { kind: 'set-up', missing } });
}

function unset(missing: readonly string[]): string[] {
  const last = missing.at(-1);
  if (last === undefined) return [];
  const others = missing.slice(0, -1).join(', ');
  const names = others === '' ? `${last} is` : `${others} and ${last} are`;
  // Without an address nothing at all is there yet.
  return [`${missing.length > 2 ? 'No Nextcloud is set up yet: ' : ''}${names} not set.`];
}
