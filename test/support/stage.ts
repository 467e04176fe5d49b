import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client as ModernClient } from '@modelcontextprotocol/client';
import { StdioClientTransport as ModernTransport } from '@modelcontextprotocol/client/stdio';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as LegacyTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { startDemo } from '../../src/demo/index.ts';
import type { DemoCloud, DemoOptions } from '../../src/demo/index.ts';

/** A client of either SDK generation, by what the tests need of it. */
export type ClientKind = 'modern' | 'legacy';

export interface Answer {
  readonly isError: boolean;
  readonly text: string;
  /** Structured content; empty where there is none. */
  readonly data: Record<string, unknown>;
  /** HTTP requests that reached the cloud during the call; 0 for a real one, which is not counted. */
  readonly requests: number;
}

export interface StageOptions {
  readonly cloud?: DemoOptions;
  readonly client?: ClientKind;
  /** Settings beside address and login; `undefined` unsets one. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Work with this Nextcloud instead of an embedded one. */
  readonly real?: { readonly url: string; readonly username: string; readonly password: string };
}

interface AnyClient {
  connect(transport: never): Promise<void>;
  callTool(params: { name: string; arguments: Record<string, unknown> }, ...rest: never[]): Promise<unknown>;
  close(): Promise<void>;
}

/** The built server as a process of its own, an MCP client before it and a Nextcloud behind it. */
export class Stage {
  readonly client: ModernClient | LegacyClient;
  /** Absent on a stage with a real Nextcloud. */
  readonly embedded: DemoCloud | undefined;
  /** The folder of this computer that the server may use. */
  readonly localFolder: string;
  /** All that the server printed or returned, for the search for secrets. */
  readonly printed: string[] = [];
  readonly #own: boolean;

  private constructor(
    client: ModernClient | LegacyClient,
    embedded: DemoCloud | undefined,
    folder: string,
    own: boolean,
  ) {
    this.client = client;
    this.embedded = embedded;
    this.localFolder = folder;
    this.#own = own;
  }

  /** @param cloud a cloud that is running already and stays the caller's to close */
  static async open(options: StageOptions = {}, cloud?: DemoCloud): Promise<Stage> {
    const embedded = options.real ? undefined : (cloud ?? (await startDemo(options.cloud)));
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-')));
    const kind = options.client ?? 'modern';
    const info = { name: 'stage', version: '1.0.0' };
    const client = kind === 'modern' ? new ModernClient(info) : new LegacyClient(info);
    const stage = new Stage(client, embedded, folder, cloud === undefined);
    const settings: Record<string, string | undefined> = {
      PATH: process.env['PATH'],
      NEXTCLOUD_URL: options.real?.url ?? embedded?.url,
      NEXTCLOUD_USERNAME: options.real?.username ?? 'demo',
      NEXTCLOUD_PASSWORD: options.real?.password ?? 'demo-app-password',
      NEXTCLOUD_LOCAL_FOLDERS: folder,
      LOG_LEVEL: 'debug',
      ...options.env,
    };
    const env = Object.fromEntries(
      Object.entries(settings).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
    const server = {
      command: process.execPath,
      args: [join(import.meta.dirname, '../../dist/main.js')],
      env,
      stderr: 'pipe' as const,
    };
    const transport = kind === 'modern' ? new ModernTransport(server) : new LegacyTransport(server);
    transport.stderr?.on('data', (chunk: Buffer) => stage.printed.push(chunk.toString('utf8')));
    await (client as AnyClient).connect(transport as never);
    return stage;
  }

  get cloud(): DemoCloud {
    if (!this.embedded) throw new Error('this stage has a real Nextcloud');
    return this.embedded;
  }

  async call(name: string, args: Record<string, unknown> = {}): Promise<Answer> {
    const before = this.embedded?.requests.length ?? 0;
    const result = (await (this.client as AnyClient).callTool({ name, arguments: args })) as {
      isError?: boolean;
      content: { type: string; text?: string }[];
      structuredContent?: Record<string, unknown>;
    };
    this.printed.push(JSON.stringify(result));
    return {
      isError: result.isError ?? false,
      text: result.content.map((part) => part.text ?? '').join('\n'),
      data: result.structuredContent ?? {},
      requests: (this.embedded?.requests.length ?? 0) - before,
    };
  }

  /** The same, for a call that must succeed. */
  async ok(name: string, args: Record<string, unknown> = {}): Promise<Answer> {
    const answer = await this.call(name, args);
    if (answer.isError) throw new Error(`${name} ${JSON.stringify(args)} failed: ${answer.text}`);
    return answer;
  }

  /** The same, for a call that must fail; its text begins with the error's code. */
  async fails(name: string, args: Record<string, unknown> = {}): Promise<string> {
    const answer = await this.call(name, args);
    if (!answer.isError) throw new Error(`${name} ${JSON.stringify(args)} succeeded: ${answer.text}`);
    return answer.text;
  }

  async close(): Promise<void> {
    await this.client.close();
    if (this.#own) await this.embedded?.close();
    rmSync(this.localFolder, { recursive: true, force: true });
  }
}
