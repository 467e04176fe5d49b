import type { Secret } from '../log.ts';
import type { Machine } from '../machine.ts';
import type { Vault, VaultName } from './vault/vault.ts';

export async function openVault(place: VaultName, machine: Machine): Promise<Vault> {
  switch (place) {
    case 'keychain':
      return new (await import('./vault/keychain.ts')).Keychain(machine);
    case 'secret-service':
      return new (await import('./vault/secret-service.ts')).SecretService(machine);
    case 'credential-manager':
      return new (await import('./vault/windows-credentials.ts')).CredentialManager(machine);
    case 'encrypted-file':
      return new (await import('./vault/encrypted-file.ts')).EncryptedFile(machine);
  }
}

/** The vaults to try, best first: the keychain of the operating system, then the encrypted file. */
export function vaultsFor({ platform }: Machine): readonly VaultName[] {
  if (platform === 'darwin') return ['keychain', 'encrypted-file'];
  if (platform === 'win32') return ['credential-manager', 'encrypted-file'];
  return ['secret-service', 'encrypted-file'];
}

/**
 * Stores a password in the first vault from which it can be read back.
 *
 * @throws AppError the error of the last vault
 */
export async function storePassword(machine: Machine, account: string, secret: Secret): Promise<Vault> {
  let failure: unknown;
  for (const place of vaultsFor(machine)) {
    const vault = await openVault(place, machine);
    try {
      await vault.put(account, secret);
      const stored = await vault.get(account);
      if (stored?.reveal() === secret.reveal()) return vault;
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}
