import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Assistant } from '../../bench/assistant.ts';
import { person } from '../home/hand.ts';
import type { Hand } from '../home/hand.ts';
import type { EmbeddedFolder, EmbeddedNextcloud } from '../../../src/embedded-nextcloud/index.ts';
import { openHome } from '../home/home.ts';
import { Verdict } from '../judge/verdict.ts';
import type { Task } from '../tasks/task.ts';
import { Meter } from './meter.ts';
import type { Result } from './meter.ts';
import type { PlayResult } from './results.ts';

export interface PlayOptions {
  readonly task: Task;
  /** `main.js` of the build that is played with. */
  readonly server: string;
  /** What the build is called in the results. */
  readonly build: string;
  /** A folder for this play alone: what the server keeps, pictures, and a record of the calls. */
  readonly folder: string;
}

/** A tool as a client shows it to a model. */
export interface ShownTool {
  readonly name: string;
  readonly description: string;
  readonly input_schema: unknown;
}

/** One task in a home of its own, with one server that stays up until the answer is given. */
export class Play {
  readonly tools: readonly ShownTool[];
  /** The home that the task is in. */
  readonly home: EmbeddedFolder;
  readonly #cloud: EmbeddedNextcloud;
  readonly #server: Assistant;
  readonly #verdict: Verdict;
  readonly #options: PlayOptions;
  readonly #meter: Meter;
  #answered = false;

  private constructor(
    options: PlayOptions,
    { cloud, hand }: { cloud: EmbeddedNextcloud; hand: Hand },
    server: Assistant,
    tools: readonly ShownTool[],
  ) {
    this.#options = options;
    this.home = hand.home;
    this.#cloud = cloud;
    this.#server = server;
    this.tools = tools;
    this.#verdict = new Verdict(options.task, hand.home);
    this.#meter = new Meter(JSON.stringify(tools));
  }

  static async start(options: PlayOptions): Promise<Play> {
    mkdirSync(options.folder, { recursive: true });
    const home = await openHome();
    const server = new Assistant([resolve(options.server)], {
      HOME: options.folder,
      XDG_CACHE_HOME: join(tmpdir(), 'nextcloud-files-mcp-tests'),
      NEXTCLOUD_URL: home.cloud.url,
      NEXTCLOUD_USERNAME: person.id,
      NEXTCLOUD_PASSWORD: person.password,
      NEXTCLOUD_STATE_FOLDER: join(options.folder, 'state'),
      NEXTCLOUD_TOOLSETS: options.task.toolsets ?? 'files',
    });
    try {
      await server.greet();
      const { tools } = (await server.request('tools/list', {})) as { tools: ListedTool[] };
      const shown = tools.map(({ name, description = '', inputSchema }) => ({
        name,
        description,
        input_schema: inputSchema,
      }));
      return new Play(options, home, server, shown);
    } catch (error) {
      await server.close();
      await home.cloud.close();
      throw error;
    }
  }

  /** A call of a tool. What the protocol refuses, such as an unknown tool, is an error to the assistant too. */
  async call(tool: string, args: Readonly<Record<string, unknown>>): Promise<Result> {
    const { result, error } = await this.#server.ask('tools/call', { name: tool, arguments: args });
    const answer: Result = error
      ? { isError: true, content: [{ type: 'text', text: error.message }] }
      : (result as Result);
    this.#meter.count(tool, args, answer);
    const record = JSON.stringify({ tool, args, ...answer });
    appendFileSync(join(this.#options.folder, 'calls.jsonl'), `${record}\n`);
    return answer;
  }

  /** Keeps a picture of a result in the folder of the play. @returns its path */
  keepPicture(base64: string, mime: string): string {
    const ending = mime.replace(/^.*\//, '').replaceAll(/[^a-z]/g, '');
    const path = join(this.#options.folder, `picture-${this.#meter.figures.calls}.${ending}`);
    writeFileSync(path, Buffer.from(base64, 'base64'));
    return path;
  }

  /** Gives an answer. @returns what the person says to it, or the result of the play */
  answer(answer: string): { readonly words: string } | PlayResult {
    const { task, build } = this.#options;
    if (task.later && !this.#answered) {
      this.#answered = true;
      this.#verdict.first();
      return { words: task.later.words };
    }
    const { done, harm, why } = this.#verdict.of(answer);
    return { task: task.id, build, done, harm, ...this.#meter.figures, why, answer };
  }

  async close(): Promise<void> {
    await this.#server.close();
    await this.#cloud.close();
  }
}

interface ListedTool {
  readonly name: string;
  readonly description?: string;
  readonly inputSchema: unknown;
}
