import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

/** An empty folder of a computer that has Node.js and npm, and nothing of this project. */
export class Folder {
  readonly path = realpathSync(mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-package-')));

  constructor() {
    // Without it npm looks for a project in the folders above.
    writeFileSync(join(this.path, 'package.json'), '{ "private": true }\n');
  }

  get env(): Record<string, string> {
    return {
      PATH: `${join(process.execPath, '..')}:${process.env['PATH'] ?? ''}`,
      HOME: this.path,
      npm_config_cache: join(this.path, '.npm'),
      npm_config_update_notifier: 'false',
    };
  }

  run(command: string, args: readonly string[]): string {
    return execFileSync(command, args, {
      cwd: this.path,
      env: this.env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  close(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

export interface Started {
  readonly command: string;
  readonly args?: readonly string[] | undefined;
  readonly env?: Readonly<Record<string, string>>;
}

/** A client before the server that was started so, for as long as `use` takes. */
export async function converse<T>(
  started: Started,
  cwd: string,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({ name: 'package', version: '1.0.0' });
  const { command, args = [], env = {} } = started;
  await client.connect(new StdioClientTransport({ command, args: [...args], env, cwd, stderr: 'ignore' }));
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}
