import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Shown, Target } from './client.ts';
import type { Order, Reply } from './run-adapter.ts';

/** A call that is under way. */
export interface Running {
  readonly shown: Promise<Shown>;
  /** As when a person presses the button for it. */
  abort(): void;
}

type Ordered = Order extends infer Each ? (Each extends Order ? Omit<Each, 'id'> : never) : never;

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: ((done: number) => void) | undefined;
}

/** A client in a process group of its own, so that all it has started can be ended with it. */
export class ClientProcess {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;
  #printed = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        this.#printed = (this.#printed + chunk.toString('utf8')).slice(-2000);
      });
    child.on('message', (reply: Reply) => this.#hear(reply));
    child.once('exit', (code, signal) => {
      for (const { reject } of this.#waiting.values())
        reject(new Error(`the client ended with ${code ?? signal}: ${this.#printed.trim()}`));
      this.#waiting.clear();
    });
  }

  /** @param home becomes the home directory of the client, and its working directory */
  static async start(adapter: string, home: string): Promise<ClientProcess> {
    const env = {
      PATH: process.env['PATH'],
      HOME: home,
      XDG_RUNTIME_DIR: home,
      TMPDIR: home,
      NO_COLOR: '1',
      MCP_USE_ANONYMIZED_TELEMETRY: 'false',
    };
    const child = spawn(process.execPath, [join(import.meta.dirname, 'run-adapter.ts'), adapter], {
      env,
      cwd: home,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const client = new ClientProcess(child);
    await client.#reply(0);
    return client;
  }

  async connect(target: Target): Promise<void> {
    await this.#order({ do: 'connect', target });
  }

  async tools(): Promise<readonly string[]> {
    return (await this.#order({ do: 'tools' })) as readonly string[];
  }

  call(tool: string, args: object, onProgress?: (done: number) => void): Running {
    const shown = this.#order({ do: 'call', tool, args }, onProgress) as Promise<Shown>;
    const id = this.#last;
    return { shown, abort: () => void this.#child.send({ id, do: 'abort' } satisfies Order) };
  }

  async close(): Promise<void> {
    await this.#order({ do: 'close' });
  }

  /** Ends the client, and what it has started. */
  async end(): Promise<void> {
    const { pid, exitCode, signalCode } = this.#child;
    const ended = exitCode === null && signalCode === null ? once(this.#child, 'exit') : undefined;
    try {
      if (pid !== undefined) process.kill(-pid, 'SIGKILL');
    } catch {
      // Nothing of it is left.
    }
    await ended;
  }

  #order(order: Ordered, onProgress?: (done: number) => void): Promise<unknown> {
    const id = ++this.#last;
    this.#child.send({ id, ...order });
    return this.#reply(id, onProgress);
  }

  #reply(id: number, onProgress?: (done: number) => void): Promise<unknown> {
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject, onProgress }));
  }

  #hear(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    if ('progress' in reply) return waiting?.onProgress?.(reply.progress);
    this.#waiting.delete(reply.id);
    if ('error' in reply) waiting?.reject(new Error(reply.error));
    else waiting?.resolve(reply.result);
  }
}
