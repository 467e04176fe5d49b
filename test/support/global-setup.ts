import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmdirSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Gives all tests one folder for temporary files, and watches it and the program's own folders: no file may
 * hold a password or a token as it is, at any time.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-tests-'));
  process.env['TMPDIR'] = folder;
  const own = ['.local/state', '.local/share', '.config', '.cache'].map((name) =>
    join(homedir(), name, 'nextcloud-files-mcp'),
  );
  for (const path of own) mkdirSync(path, { recursive: true });
  const child = spawn(process.execPath, [join(import.meta.dirname, 'watch-process.ts'), folder, ...own], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let said = '';
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error('the watch for secrets ended')));
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      if (said.startsWith('ready\n')) resolve();
    });
  });
  return async () => {
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.stdin.end();
    await ended;
    rmSync(folder, { recursive: true, force: true });
    for (const path of own) leaveAsItWas(path);
    const { read, found } = JSON.parse(said.slice('ready\n'.length)) as { read: number; found: string[] };
    if (found.length > 0) throw new Error(`A secret lay open in a file: ${found.join(', ')}`);
    process.stdout.write(`No secret in any of ${read} files that the tests and the program wrote.\n`);
  };
}

// A folder in which nothing came to lie.
function leaveAsItWas(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // There is something in it, or it is gone.
  }
}
