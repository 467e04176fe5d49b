import { spawn } from 'node:child_process';
import { AppError } from '../errors.ts';
import type { Machine } from '../machine.ts';

/** A person may be asked to unlock the store meanwhile. */
const LIMIT_MS = 60_000;

export interface Finished {
  readonly code: number;
  readonly out: string;
}

/**
 * Runs a command of the computer. What is secret goes through `input`: arguments can be seen by every
 * program of the computer.
 *
 * @throws AppError `config` when it does not exist or does not end
 */
export async function runCommand(
  machine: Machine,
  command: string,
  args: readonly string[],
  input = '',
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: { ...machine.env },
      stdio: ['pipe', 'pipe', 'ignore'],
      windowsHide: true,
    });
    // Not spawn's own time limit, which outlives a command that cannot be started.
    const timer = setTimeout(() => child.kill(), LIMIT_MS);
    const refuse = (why: string, cause?: unknown): void => {
      clearTimeout(timer);
      reject(new AppError('config', `${command} ${why}`, { cause }));
    };
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stdin.on('error', () => undefined); // it ended without reading
    child.once('error', (cause) => refuse('cannot be run', cause));
    child.once('close', (code) => {
      clearTimeout(timer);
      if (code === null) refuse('did not end');
      else resolve({ code, out: Buffer.concat(chunks).toString('utf8') });
    });
    child.stdin.end(input);
  });
}
