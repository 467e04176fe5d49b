import type { Secret } from '../log.ts';
import type { VaultName } from './book.ts';
import type { Machine } from '../machine.ts';

/** A place for passwords, each under the name of its account. */
export interface Vault {
  readonly place: VaultName;
  /** For people. */
  readonly title: string;
  /** @throws AppError when the place cannot be used */
  put(account: string, secret: Secret): Promise<void>;
  /** @throws AppError when it cannot be read */
  get(account: string): Promise<Secret | undefined>;
  remove(account: string): Promise<void>;
}

export const SERVICE = 'nextcloud-files-mcp';

export async function openVault(place: VaultName, machine: Machine): Promise<Vault> {
  switch (place) {
    case 'keychain':
      return new (await import('./vault/keychain.ts')).Keychain(machine);
    case 'secret-service':
      return new (await import('./vault/secret-service.ts')).SecretService(machine);
    case 'credential-manager':
      return new (await import('./vault/password-vault.ts')).CredentialManager(machine);
    case 'encrypted-file':
      return new (await import('./vault/encrypted-file.ts')).EncryptedFile(machine);
  }
}

/** The system's own store where it has one, and the file for where that turns out not to work. */
export function placesOf({ platform }: Machine): readonly VaultName[] {
  if (platform === 'darwin') return ['keychain', 'encrypted-file'];
  if (platform === 'win32') return ['credential-manager', 'encrypted-file'];
  return ['secret-service', 'encrypted-file'];
}

/**
 * Keeps a password in the first place that gives it back.
 *
 * @throws AppError of the last place
 */
export async function keep(machine: Machine, account: string, secret: Secret): Promise<Vault> {
  let failure: unknown;
  for (const place of placesOf(machine)) {
    const vault = await openVault(place, machine);
    try {
      await vault.put(account, secret);
      const kept = await vault.get(account);
      if (kept?.reveal() === secret.reveal()) return vault;
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}
