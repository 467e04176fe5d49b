import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { contentBytes, joined, startEmbeddedNextcloud, zeros } from '../../src/embedded-nextcloud/index.ts';
import type {
  EmbeddedNextcloud,
  EmbeddedOptions,
  VirtualContent,
} from '../../src/embedded-nextcloud/index.ts';

export const MEBI = 1024 * 1024;

export interface Run {
  /** Exit code; undefined for a process that was killed. */
  readonly code: number | undefined;
  readonly text: string;
  readonly ms: number;
}

/** A folder on the disk, a cloud, and the commands `put` and `get` as processes of their own. */
export class Terminal {
  readonly cloud: EmbeddedNextcloud;
  readonly folder: string;
  /** Without a limit a cloud on this computer gets a file of this size in one request. */
  env: Readonly<Record<string, string>> = { NEXTCLOUD_BODY_MB: '50' };

  private constructor(cloud: EmbeddedNextcloud, folder: string) {
    this.cloud = cloud;
    this.folder = folder;
  }

  static async open(options: EmbeddedOptions = {}): Promise<Terminal> {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-')));
    return new Terminal(await startEmbeddedNextcloud(options), folder);
  }

  get state(): string {
    return join(this.folder, '.state');
  }

  /** Files in the folder, unfinished ones too. */
  get names(): string[] {
    return readdirSync(this.folder).filter((name) => name !== '.state');
  }

  get notes(): string[] {
    try {
      return readdirSync(join(this.state, 'transfers'));
    } catch {
      return [];
    }
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** @param killAfter milliseconds until the signal, or what is waited for */
  async run(
    args: readonly string[],
    killAfter?: number | Promise<unknown>,
    shell = '',
    signal: NodeJS.Signals = 'SIGKILL',
  ): Promise<Run> {
    const started = performance.now();
    const command = [process.execPath, join(import.meta.dirname, '../../dist/main.js'), ...args];
    const child = spawn('sh', ['-c', `${shell} exec "$@"`, 'sh', ...command], {
      cwd: this.folder,
      env: {
        PATH: process.env['PATH'],
        NEXTCLOUD_URL: this.cloud.url,
        NEXTCLOUD_USERNAME: 'demo',
        NEXTCLOUD_PASSWORD: 'demo-app-password',
        NEXTCLOUD_STATE_FOLDER: this.state,
        ...this.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const text: string[] = [];
    child.stdout.on('data', (chunk: Buffer) => text.push(chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => text.push(chunk.toString()));
    const kill = (): boolean => child.kill(signal);
    const timer = typeof killAfter === 'number' ? setTimeout(kill, killAfter) : undefined;
    if (typeof killAfter === 'object') void killAfter.then(kill);
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    clearTimeout(timer);
    return { code: code ?? undefined, text: text.join(''), ms: performance.now() - started };
  }

  /** The same, for a command that must succeed. */
  async ok(args: readonly string[]): Promise<Run> {
    const run = await this.run(args);
    if (run.code !== 0) throw new Error(`${args.join(' ')} ended with ${run.code}: ${run.text}`);
    return run;
  }

  async close(): Promise<void> {
    await this.cloud.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A large file that takes little room: blank, with different bytes here and there. */
export function sparseFile(path: string, size: number): void {
  const file = openSync(path, 'w');
  ftruncateSync(file, size);
  for (let at = 0; at < size; at += 5 * MEBI) writeSync(file, randomBytes(4096), 0, 4096, at);
  closeSync(file);
}

/** The same in the cloud. */
export function sparseContent(size: number): VirtualContent {
  const block = 5 * MEBI;
  const parts = Array.from({ length: Math.ceil(size / block) }, (_, index) => [
    contentBytes(randomBytes(4096)),
    zeros(Math.min(block, size - index * block) - 4096),
  ]);
  return joined(parts.flat());
}

export async function hashOfFile(path: string): Promise<string> {
  const hash = createHash('sha1');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

export function hashOfContent(content: Buffer | VirtualContent | undefined): string {
  const virtual = Buffer.isBuffer(content) ? contentBytes(content) : (content ?? zeros(0));
  const hash = createHash('sha1');
  for (let at = 0; at < virtual.size; at += 256 * 1024)
    hash.update(virtual.slice(at, Math.min(virtual.size, at + 256 * 1024)));
  return hash.digest('hex');
}
