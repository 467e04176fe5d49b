import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LoopDelay } from '../../../test/support/event-loop.ts';
import { Assistant } from '../assistant.ts';
import type { Message, ToolResult } from '../assistant.ts';
import type { Blow } from './attack.ts';

const main = join(import.meta.dirname, '../../../dist/main.js');
const probe = join(import.meta.dirname, '../../../test/support/loop-delay.ts');
const ANSWER_MS = 40_000;

export interface Blown {
  /** The code of an error, or `ok`, `planned`, `silence`. */
  readonly code: string;
  readonly stop: LoopDelay;
  /** Milliseconds in which this process parses the message: what no server can do in parts. */
  readonly parsing: number;
  /** Milliseconds until the answer. */
  readonly took: number;
}

/** The built server as a process, with a probe of its event loop. */
export class AttackedServer {
  readonly #assistant: Assistant;
  readonly #folder: string;
  readonly #file: string;

  private constructor(assistant: Assistant, folder: string) {
    this.#assistant = assistant;
    this.#folder = folder;
    this.#file = join(folder, 'delay');
  }

  static async start(url: string, env: Readonly<Record<string, string>> = {}): Promise<AttackedServer> {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-attacks-')));
    const assistant = new Assistant(['--import', probe, main], {
      LOOP_DELAY_FILE: join(folder, 'delay'),
      NEXTCLOUD_URL: url,
      NEXTCLOUD_USERNAME: 'demo',
      NEXTCLOUD_PASSWORD: 'demo-app-password',
      NEXTCLOUD_TOOLSETS: 'all',
      NEXTCLOUD_LOCAL_FOLDERS: join(folder),
      NEXTCLOUD_STATE_FOLDER: `${folder}-state`,
      ...env,
    });
    await assistant.greet();
    return new AttackedServer(assistant, folder);
  }

  /** Resident memory in MB. */
  memory(): number {
    return this.#assistant.memory();
  }

  /** Makes the calls one after the other and measures each. @throws Error when the server does not answer any more */
  async suffer(blow: Blow): Promise<Blown> {
    await this.#longestStop();
    const cpu = this.#assistant.cpuMs();
    const started = performance.now();
    const code = await Promise.race([this.#strike(blow), sleep(ANSWER_MS, undefined, { ref: false })]);
    const took = performance.now() - started;
    // What goes on after the answer belongs to it.
    await sleep(30);
    const stop = code === undefined ? undefined : await this.#longestStop();
    if (code !== undefined && stop) return { code, stop, took, parsing: parsingMs(blow) };
    throw new Unanswered({ clock: took, processor: this.#assistant.cpuMs() - cpu });
  }

  async close(): Promise<void> {
    await this.#assistant.close();
    rmSync(this.#folder, { recursive: true, force: true });
    rmSync(`${this.#folder}-state`, { recursive: true, force: true });
  }

  async #strike(blow: Blow): Promise<string> {
    if ('line' in blow) return codeOf(await this.#assistant.send(blow.line, blow.id));
    return codeOf(await this.#assistant.ask('tools/call', { name: blow.tool, arguments: blow.args }));
  }

  /** Since the last time. Undefined when the event loop does not come round any more. */
  async #longestStop(): Promise<LoopDelay | undefined> {
    rmSync(this.#file, { force: true });
    process.kill(this.#assistant.pid, 'SIGUSR2');
    for (const until = Date.now() + ANSWER_MS; Date.now() < until; await sleep(2))
      if (existsSync(this.#file)) return JSON.parse(readFileSync(this.#file, 'utf8')) as LoopDelay;
    return undefined;
  }
}

export class Unanswered extends Error {
  /** At least so long. */
  readonly stop: LoopDelay;

  constructor(stop: LoopDelay) {
    super(`No answer within ${ANSWER_MS / 1000} s`);
    this.stop = stop;
  }
}

function parsingMs(blow: Blow): number {
  const text = 'line' in blow ? blow.line.slice(blow.line.lastIndexOf('\n') + 1) : JSON.stringify(blow.args);
  const bytes = Buffer.from(text);
  const started = process.threadCpuUsage();
  try {
    JSON.parse(bytes.toString('utf8'));
  } catch {
    // Reading it until the fault took the time.
  }
  const { user, system } = process.threadCpuUsage(started);
  return (user + system) / 1000;
}

function codeOf({ error, result }: Message): string {
  if (error) return `error ${error.code}`;
  const { isError, content = [], structuredContent } = (result ?? {}) as Partial<ToolResult>;
  const text = content[0]?.text ?? '';
  // A failure that nobody foresaw.
  if (text.startsWith('unavailable: Something unexpected')) return 'unexpected';
  if (isError) return /^\w+/.exec(text)?.[0] ?? 'failed';
  return structuredContent?.['confirm'] === undefined ? 'ok' : 'planned';
}
