import type { Secret } from '../../log.ts';

export const vaultNames = ['keychain', 'secret-service', 'credential-manager', 'encrypted-file'] as const;
/** The kinds of vault. These names are stored in the list of accounts, so they must not change. */
export type VaultName = (typeof vaultNames)[number];

/** A store for passwords, each under the name of its account. */
export interface Vault {
  readonly place: VaultName;
  /** The name shown to people. */
  readonly title: string;
  /** @throws AppError `config` when the password cannot be stored */
  put(account: string, secret: Secret): Promise<void>;
  /** @returns undefined when there is no such password. @throws AppError `config` when it cannot be read */
  get(account: string): Promise<Secret | undefined>;
  remove(account: string): Promise<void>;
}

/** The service that the passwords belong to, in keychains that many programs share. */
export const SERVICE = 'nextcloud-files-mcp';
