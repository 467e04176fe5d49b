import { spawn } from 'node:child_process';
import { AppError } from '../../errors.ts';
import type { Machine } from '../../machine.ts';

/** Long, because the person may be asked to unlock the keychain. */
const TIMEOUT_MS = 60_000;

export interface CommandResult {
  readonly code: number;
  readonly out: string;
}

/**
 * Runs a system command. Secrets must go through `input`: every program on the computer can see arguments.
 *
 * @throws AppError `config` when the command cannot be started or does not end in time
 */
export async function runCommand(
  machine: Machine,
  command: string,
  args: readonly string[],
  input = '',
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: { ...machine.env },
      stdio: ['pipe', 'pipe', 'ignore'],
      windowsHide: true,
    });
    // Not the `timeout` option of spawn: its timer keeps running when the command cannot be started.
    const timer = setTimeout(() => child.kill(), TIMEOUT_MS);
    const fail = (why: string, cause?: unknown): void => {
      clearTimeout(timer);
      reject(new AppError('config', `${command} ${why}`, { cause }));
    };
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stdin.on('error', () => undefined); // the command ended without reading its input
    child.once('error', (cause) => fail('cannot be run', cause));
    child.once('close', (code) => {
      clearTimeout(timer);
      if (code === null) fail('did not end in time');
      else resolve({ code, out: Buffer.concat(chunks).toString('utf8') });
    });
    child.stdin.end(input);
  });
}
