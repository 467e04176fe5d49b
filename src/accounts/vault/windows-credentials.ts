import { AppError } from '../../errors.ts';
import { Secret } from '../../log.ts';
import type { Machine } from '../../machine.ts';
import { runCommand } from './command.ts';
import { SERVICE } from './vault.ts';
import type { Vault } from './vault.ts';

/**
 * Windows Credential Manager (its Web Credentials), through the PasswordVault class in Windows PowerShell,
 * which is part of Windows. `cmdkey` can store a password but not read it.
 */
export class CredentialManager implements Vault {
  readonly place = 'credential-manager';
  readonly title = 'the Windows Credential Manager';
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  async put(account: string, secret: Secret): Promise<void> {
    const { code } = await this.#run(
      `$v.Add((New-Object Windows.Security.Credentials.PasswordCredential('${SERVICE}',$n,[Console]::In.ReadLine())))`,
      [account, secret.reveal()],
    );
    if (code !== 0) throw new AppError('config', 'The Windows Credential Manager did not store the password');
  }

  async get(account: string): Promise<Secret | undefined> {
    const { code, out } = await this.#run(
      `$c=$v.Retrieve('${SERVICE}',$n);$c.RetrievePassword();[Console]::Out.Write($c.Password)`,
      [account],
    );
    return code === 0 && out !== '' ? new Secret(out.trimEnd()) : undefined;
  }

  async remove(account: string): Promise<void> {
    await this.#run(`$v.Remove($v.Retrieve('${SERVICE}',$n))`, [account]);
  }

  // The script is an argument and may be logged by Windows, so names and passwords go through standard input.
  async #run(script: string, lines: readonly string[]): ReturnType<typeof runCommand> {
    const command = [
      "$ErrorActionPreference='Stop'",
      '[void][Windows.Security.Credentials.PasswordVault,Windows.Security.Credentials,ContentType=WindowsRuntime]',
      '$v=New-Object Windows.Security.Credentials.PasswordVault',
      '$n=[Console]::In.ReadLine()',
      script,
    ].join(';');
    const args = ['-NoProfile', '-NonInteractive', '-Command', command];
    return runCommand(this.#machine, 'powershell.exe', args, lines.map((line) => `${line}\r\n`).join(''));
  }
}
