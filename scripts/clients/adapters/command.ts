import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** What a command printed. It may have failed: that is for the caller to see. */
export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program of a package to its end, in the empty home directory of the client. */
export async function runProgram(
  program: string,
  args: readonly string[],
  { home, signal }: { readonly home: string; readonly signal?: AbortSignal | undefined },
): Promise<Printed> {
  return new Promise((resolve, reject) => {
    const options = { cwd: home, maxBuffer: 1 << 26, ...(signal ? { signal } : {}) };
    execFile(process.execPath, [program, ...args], options, (error, stdout, stderr) => {
      if (error && stdout === '' && stderr === '') reject(error);
      else resolve({ stdout, stderr });
    });
  });
}

/** @param path begins with the name of a package beside the adapters */
export function installed(path: string): string {
  return join(import.meta.dirname, '../node_modules', path);
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
