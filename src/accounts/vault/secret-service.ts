import { AppError } from '../../errors.ts';
import { Secret } from '../../log.ts';
import type { Machine } from '../../machine.ts';
import { runCommand } from './command.ts';
import { SERVICE } from './vault.ts';
import type { Vault } from './vault.ts';

/** GNOME Keyring, KWallet and others, through the command line tool of libsecret (secret-tool(1)). */
export class SecretService implements Vault {
  readonly place = 'secret-service';
  readonly title = 'the desktop keyring';
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  async put(account: string, secret: Secret): Promise<void> {
    const label = `--label=Nextcloud Files: ${account}`;
    const args = ['store', label, ...names(account)];
    const { code } = await runCommand(this.#machine, 'secret-tool', args, secret.reveal());
    if (code !== 0) throw new AppError('config', 'The desktop keyring did not store the password');
  }

  async get(account: string): Promise<Secret | undefined> {
    const { code, out } = await runCommand(this.#machine, 'secret-tool', ['lookup', ...names(account)]);
    return code === 0 && out !== '' ? new Secret(out.trimEnd()) : undefined;
  }

  async remove(account: string): Promise<void> {
    await runCommand(this.#machine, 'secret-tool', ['clear', ...names(account)]);
  }
}

function names(account: string): string[] {
  return ['service', SERVICE, 'account', account];
}
