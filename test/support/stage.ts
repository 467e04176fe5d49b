import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client as ModernClient } from '@modelcontextprotocol/client';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { startEmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';
import type { EmbeddedNextcloud, EmbeddedOptions } from '../../src/embedded-nextcloud/index.ts';
import { TOKEN, openLine } from './line.ts';
import type { AnyTransport, ClientKind, Line, TransportKind } from './line.ts';
import { secretsIn } from './secrets.ts';
import type { Login } from './secrets.ts';
import { davWitness, embeddedWitness } from './witness.ts';
import type { Witness } from './witness.ts';

export type { ClientKind } from './line.ts';

export interface Answer {
  readonly isError: boolean;
  readonly text: string;
  /** Of each block of it: `text`, or the MIME type of a picture. */
  readonly kinds: readonly string[];
  /** Structured content; empty where there is none. */
  readonly data: Record<string, unknown>;
  /** HTTP requests that reached the cloud during the call; 0 for a real one, which is not counted. */
  readonly requests: number;
}

export interface StageOptions {
  readonly cloud?: EmbeddedOptions;
  readonly client?: ClientKind;
  /** `legacy` keeps a client of the current SDK to the revisions before 2026-07-28. */
  readonly era?: 'auto' | 'legacy';
  readonly transport?: TransportKind;
  /** Settings beside address and login; `undefined` unsets one. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The client can put questions to a person, who answers so. */
  readonly person?: (question: string) => { action: 'accept' | 'decline' | 'cancel'; agree?: boolean };
  /** Work with this Nextcloud instead of an embedded one. */
  readonly real?: { readonly url: string } & Login;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds after which the client gives up; by itself after a minute. */
  readonly timeout?: number;
  readonly onprogress?: (progress: { progress: number; total?: number | undefined }) => void;
}

interface AnyClient {
  connect(transport: never): Promise<void>;
  callTool(
    params: { name: string; arguments: Record<string, unknown> },
    ...rest: unknown[]
  ): Promise<unknown>;
  close(): Promise<void>;
}

function answerAs(client: ModernClient | LegacyClient, person: NonNullable<StageOptions['person']>): void {
  const answer = (question: string) => {
    const { action, agree } = person(question);
    return action === 'accept' ? { action, content: { agree: agree ?? false } } : { action };
  };
  if (client instanceof ModernClient)
    client.setRequestHandler('elicitation/create', async ({ params }) => answer(params.message));
  else client.setRequestHandler(ElicitRequestSchema, async ({ params }) => answer(params.message));
}

/** The built server as a process of its own, an MCP client before it and a Nextcloud behind it. */
export class Stage {
  readonly client: ModernClient | LegacyClient;
  /** Absent on a stage with a real Nextcloud. */
  readonly embedded: EmbeddedNextcloud | undefined;
  /** The folder of this computer that the server may use. */
  readonly localFolder: string;
  /** All that the server printed or returned, for the search for secrets. */
  readonly printed: string[];
  readonly kind: ClientKind;
  readonly #witness: Witness | undefined;
  /** The server runs on the person's own computer, and so works with its files. */
  readonly local: boolean;
  readonly #line: Line;
  readonly #login: Login;
  readonly #own: boolean;

  private constructor(parts: {
    client: ModernClient | LegacyClient;
    embedded: EmbeddedNextcloud | undefined;
    witness: Witness | undefined;
    line: Line;
    local: boolean;
    printed: string[];
    folder: string;
    kind: ClientKind;
    login: Login;
    own: boolean;
  }) {
    this.client = parts.client;
    this.embedded = parts.embedded;
    this.localFolder = parts.folder;
    this.printed = parts.printed;
    this.kind = parts.kind;
    this.#witness = parts.witness;
    this.#line = parts.line;
    this.local = parts.local;
    this.#login = parts.login;
    this.#own = parts.own;
  }

  /** @param cloud a cloud that is running already and stays the caller's to close */
  static async open(options: StageOptions = {}, cloud?: EmbeddedNextcloud): Promise<Stage> {
    const { real } = options;
    const embedded = real ? undefined : (cloud ?? (await startEmbeddedNextcloud(options.cloud)));
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-')));
    const kind = options.client ?? 'modern';
    const user = options.cloud?.users?.[0] ?? { id: 'demo', password: 'demo-app-password' };
    const settings: Record<string, string | undefined> = {
      PATH: process.env['PATH'],
      XDG_CACHE_HOME: join(tmpdir(), 'nextcloud-files-mcp-tests'),
      NEXTCLOUD_URL: real?.url ?? embedded?.url,
      NEXTCLOUD_USERNAME: real?.username ?? user.login ?? user.id,
      NEXTCLOUD_PASSWORD: real?.password ?? user.password,
      NEXTCLOUD_LOCAL_FOLDERS: folder,
      NEXTCLOUD_STATE_FOLDER: `${folder}-state`,
      LOG_LEVEL: 'debug',
      ...options.env,
    };
    const env = Object.fromEntries(
      Object.entries(settings).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
    const info = { name: 'stage', version: '1.0.0' };
    const { person } = options;
    const capabilities = person ? { elicitation: { form: {} } } : {};
    const client =
      kind === 'modern'
        ? new ModernClient(info, { capabilities, versionNegotiation: { mode: options.era ?? 'auto' } })
        : new LegacyClient(info, { capabilities });
    if (person) answerAs(client, person);
    const way = options.transport ?? 'stdio';
    const printed: string[] = [];
    const line = await openLine(kind, way, env, (text) => printed.push(text));
    const login = {
      username: settings['NEXTCLOUD_USERNAME'] ?? '',
      password: settings['NEXTCLOUD_PASSWORD'] ?? '',
    };
    const witness = embedded
      ? embeddedWitness(embedded, user.id)
      : real && (await davWitness(real.url, real));
    const own = cloud === undefined;
    const local = way === 'stdio';
    const stage = new Stage({ client, embedded, witness, line, local, printed, folder, kind, login, own });
    await (client as AnyClient).connect(line.transport as never);
    stage.#overhear();
    return stage;
  }

  get cloud(): EmbeddedNextcloud {
    if (!this.embedded) throw new Error('this stage has a real Nextcloud');
    return this.embedded;
  }

  /** What is really on the server. */
  get server(): Witness {
    if (!this.#witness) throw new Error('this stage has no Nextcloud');
    return this.#witness;
  }

  /** The process of the server. */
  get pid(): number {
    return this.#line.pid();
  }

  async call(name: string, args: Record<string, unknown> = {}, options: CallOptions = {}): Promise<Answer> {
    const before = this.embedded?.requests.length ?? 0;
    const client = this.client as AnyClient;
    const params = { name, arguments: args };
    const result = (await (this.kind === 'modern'
      ? client.callTool(params, options)
      : client.callTool(params, undefined, options))) as {
      isError?: boolean;
      content: { type: string; text?: string; mimeType?: string }[];
      structuredContent?: Record<string, unknown>;
    };
    return {
      isError: result.isError ?? false,
      text: result.content.map((part) => part.text ?? '').join('\n'),
      kinds: result.content.map(({ type, mimeType }) => mimeType ?? type),
      data: result.structuredContent ?? {},
      requests: (this.embedded?.requests.length ?? 0) - before,
    };
  }

  /** The same, for a call that must succeed. */
  async ok(name: string, args: Record<string, unknown> = {}, options: CallOptions = {}): Promise<Answer> {
    const answer = await this.call(name, args, options);
    if (answer.isError) throw new Error(`${name} ${JSON.stringify(args)} failed: ${answer.text}`);
    return answer;
  }

  /** The same, for a call that must fail; its text begins with the error's code. */
  async fails(name: string, args: Record<string, unknown> = {}, options: CallOptions = {}): Promise<string> {
    const answer = await this.call(name, args, options);
    if (!answer.isError) throw new Error(`${name} ${JSON.stringify(args)} succeeded: ${answer.text}`);
    return answer.text;
  }

  /** @throws Error when anything that the server printed or returned holds a secret */
  async close(): Promise<void> {
    await this.client.close();
    await this.#line.close();
    await sleep(10); // the last lines on standard error
    if (this.#own) await this.embedded?.close();
    rmSync(this.localFolder, { recursive: true, force: true });
    rmSync(`${this.localFolder}-state`, { recursive: true, force: true });
    const printed = this.printed.join('');
    const token = { username: 'token', password: TOKEN };
    const found = [...secretsIn(printed, this.#login), ...secretsIn(printed, token)];
    if (found.length > 0) throw new Error(`the server gave away ${found.join(', ')}`);
  }

  #overhear(): void {
    const { transport } = this.#line;
    const inner = transport.onmessage;
    if (!inner) throw new Error('the client does not listen');
    const overheard: AnyTransport['onmessage'] = (message, extra) => {
      this.printed.push(JSON.stringify(message));
      inner(message, extra);
    };
    Object.assign(transport, { onmessage: overheard });
  }
}
