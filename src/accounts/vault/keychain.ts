import { AppError } from '../../errors.ts';
import { Secret } from '../../log.ts';
import type { Machine } from '../../machine.ts';
import { runCommand } from './command.ts';
import { SERVICE } from './vault.ts';
import type { Vault } from './vault.ts';

/** The login keychain of macOS, through its command line tool (security(1)). */
export class Keychain implements Vault {
  readonly place = 'keychain';
  readonly title = 'the macOS keychain';
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** With `-i` the command line comes from standard input, so that the password is not an argument. */
  async put(account: string, secret: Secret): Promise<void> {
    const line = ['add-generic-password', '-U', ...names(account), '-w', secret.reveal()]
      .map(quoted)
      .join(' ');
    const { code } = await runCommand(this.#machine, 'security', ['-i'], `${line}\n`);
    if (code !== 0) throw new AppError('config', 'The macOS keychain did not store the password');
  }

  async get(account: string): Promise<Secret | undefined> {
    const args = ['find-generic-password', ...names(account), '-w'];
    const { code, out } = await runCommand(this.#machine, 'security', args);
    return code === 0 && out.trim() !== '' ? new Secret(out.trim()) : undefined;
  }

  async remove(account: string): Promise<void> {
    await runCommand(this.#machine, 'security', ['delete-generic-password', ...names(account)]);
  }
}

function names(account: string): string[] {
  return ['-s', SERVICE, '-a', account];
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
