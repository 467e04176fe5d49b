import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, InMemoryTransport } from '@modelcontextprotocol/client';
import { createApp } from '../../src/app/app.ts';
import type { App } from '../../src/app/app.ts';
import { load } from '../../src/config/config.ts';
import { createLog } from '../../src/log.ts';
import type { Environment } from '../../src/machine.ts';
import { createServer } from '../../src/mcp/server.ts';

export interface Outcome {
  readonly isError: boolean;
  readonly text: string;
  readonly data: Record<string, unknown>;
  readonly ms: number;
}

/** The server in this process with a client before it: for the many calls of faults and fuzz. */
export class Bench {
  readonly localFolder: string;
  readonly #app: App;
  readonly #client: Client;

  private constructor(app: App, client: Client, localFolder: string) {
    this.#app = app;
    this.#client = client;
    this.localFolder = localFolder;
  }

  static async open(env: Environment): Promise<Bench> {
    const localFolder = realpathSync(mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-')));
    const config = load(
      {},
      {
        NEXTCLOUD_USERNAME: 'demo',
        NEXTCLOUD_PASSWORD: 'demo-app-password',
        NEXTCLOUD_LOCAL_FOLDERS: localFolder,
        NEXTCLOUD_STATE_FOLDER: `${localFolder}-state`,
        ...env,
      },
    );
    const app = createApp(config, createLog('silent'), { local: true });
    const client = new Client({ name: 'bench', version: '1.0.0' });
    const [near, far] = InMemoryTransport.createLinkedPair();
    await createServer(app.session, app.tools).connect(far);
    await client.connect(near);
    return new Bench(app, client, localFolder);
  }

  async call(name: string, args: Record<string, unknown>, signal?: AbortSignal): Promise<Outcome> {
    const started = performance.now();
    // How long a call may take is the test's business.
    const options = { timeout: 600_000, ...(signal ? { signal } : {}) };
    const result = await this.#client.callTool({ name, arguments: args }, options);
    const content = result.content as { text?: string; data?: string }[];
    return {
      isError: result.isError === true,
      text: content.map((part) => part.text ?? part.data ?? '').join('\n'),
      data: (result.structuredContent ?? {}) as Record<string, unknown>,
      ms: performance.now() - started,
    };
  }

  async close(): Promise<void> {
    await this.#client.close();
    await this.#app.close();
    rmSync(this.localFolder, { recursive: true, force: true });
    rmSync(`${this.localFolder}-state`, { recursive: true, force: true });
  }
}
