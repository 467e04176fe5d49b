import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

export interface ToolResult {
  readonly isError?: boolean;
  readonly content: readonly { readonly text?: string }[];
  readonly structuredContent?: Record<string, unknown>;
}

/**
 * An MCP server as a process of its own, seen from outside: lines of JSON over its standard input and
 * output, written by hand so that no client's own work is measured with it.
 */
export class Assistant {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #waiting = new Map<number | null, (message: Message) => void>();
  #lastId = 0;

  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const path = process.env['PATH'] ?? '';
    this.#child = spawn(process.execPath, [...args], {
      env: { PATH: path, HOME: process.env['HOME'] ?? '', LOG_LEVEL: 'error', ...env },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      const message = JSON.parse(line) as Message;
      if (message.id !== undefined) this.#waiting.get(message.id)?.(message);
    });
  }

  /** Initializes the connection and lists the tools, as every assistant does at its start. */
  async greet(): Promise<void> {
    await this.request('initialize', {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 'bench', version: '1.0.0' },
    });
    this.#child.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
    await this.request('tools/list', {});
  }

  async request(method: string, params: Record<string, unknown>): Promise<unknown> {
    const { error, result } = await this.ask(method, params);
    if (error) throw new Error(`${method}: ${error.message}`);
    return result;
  }

  /** A request, and the answer to it, which may be an error. */
  async ask(method: string, params: Record<string, unknown>): Promise<Message> {
    const id = ++this.#lastId;
    return this.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }), id);
  }

  /** Lines as they are, and the answer with this id. */
  async send(lines: string, id: number | null): Promise<Message> {
    const { promise, resolve, reject } = Promise.withResolvers<Message>();
    this.#waiting.set(id, resolve);
    const ended = (): void => reject(new Error('The server ended during a request'));
    this.#child.setMaxListeners(100).once('exit', ended);
    this.#child.stdin.write(`${lines}\n`);
    try {
      return await promise;
    } finally {
      this.#child.off('exit', ended);
      this.#waiting.delete(id);
    }
  }

  /** A tool call that must succeed. */
  async call(name: string, args: Record<string, unknown>): Promise<ToolResult> {
    const result = (await this.request('tools/call', { name, arguments: args })) as ToolResult;
    if (result.isError) throw new Error(`${name}: ${result.content[0]?.text ?? ''}`);
    return result;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Resident memory in MB. */
  memory(): number {
    return this.#status('VmRSS');
  }

  /** The largest resident memory in MB since the start, or since `resetPeakMemory`. */
  peakMemory(): number {
    return this.#status('VmHWM');
  }

  resetPeakMemory(): void {
    writeFileSync(`/proc/${this.pid}/clear_refs`, '5');
  }

  /** User and system time of all threads since the start, in milliseconds, in steps of 10. */
  cpuMs(): number {
    const fields = readFileSync(`/proc/${this.pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  }

  #status(field: string): number {
    const status = readFileSync(`/proc/${this.pid}/status`, 'utf8');
    return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? NaN) / 1024;
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#child.once('exit', () => resolve());
    this.#child.stdin.end();
    const late = setTimeout(() => this.#child.kill('SIGKILL'), 2000);
    await promise;
    clearTimeout(late);
  }
}

export interface Message {
  readonly id?: number | null;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}
