import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { StreamableHTTPClientTransport as ModernHttp } from '@modelcontextprotocol/client';
import { StdioClientTransport as ModernStdio } from '@modelcontextprotocol/client/stdio';
import { SSEClientTransport as LegacySse } from '@modelcontextprotocol/sdk/client/sse.js';
import { StdioClientTransport as LegacyStdio } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as LegacyHttp } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

/** A client of either SDK generation, by what the tests need of it. */
export type ClientKind = 'modern' | 'legacy';

/** How the client reaches the server. */
export type TransportKind = 'stdio' | 'http' | 'sse';

/** What every transport of either generation has. */
export interface AnyTransport {
  onmessage?: (message: never, extra?: never) => void;
}

/** A server as a process of its own, and the client's end of the way to it. */
export interface Line {
  readonly transport: AnyTransport;
  readonly pid: () => number;
  /** Ends the process, where closing the client does not. */
  readonly close: () => Promise<void>;
}

export const TOKEN = 'a-token-for-the-stage-only';
const main = join(import.meta.dirname, '../../dist/main.js');

type Environment = Readonly<Record<string, string>>;
type Listen = (text: string) => void;

export async function openLine(
  kind: ClientKind,
  transport: TransportKind,
  env: Environment,
  listen: Listen,
): Promise<Line> {
  if (transport === 'stdio') return openStdio(kind, env, listen);
  const { url, child, close } = await startServer(env, listen, transport === 'sse' ? ['--sse'] : []);
  const options = { requestInit: { headers: { authorization: `Bearer ${TOKEN}` } } };
  const address = new URL(transport === 'sse' ? '/sse' : '/mcp', url);
  const way =
    transport === 'sse'
      ? new LegacySse(address, options)
      : kind === 'modern'
        ? new ModernHttp(address, options)
        : new LegacyHttp(address, options);
  return { transport: way, pid: () => child.pid ?? 0, close };
}

function openStdio(kind: ClientKind, env: Environment, listen: Listen): Line {
  const server = { command: process.execPath, args: [main], env, stderr: 'pipe' as const };
  const transport = kind === 'modern' ? new ModernStdio(server) : new LegacyStdio(server);
  transport.stderr?.on('data', (chunk: Buffer) => listen(chunk.toString('utf8')));
  return { transport, pid: () => transport.pid ?? 0, close: async () => undefined };
}

export interface Served {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  readonly child: ChildProcess;
  /** Tells it to stop, and waits until it has. */
  readonly close: () => Promise<void>;
}

/** The built server on a free loopback port. */
export async function startServer(
  env: Environment,
  listen: Listen = () => undefined,
  flags: readonly string[] = [],
): Promise<Served> {
  const child = spawn(process.execPath, [main, 'serve', '--http', '127.0.0.1:0', ...flags], {
    env: { MCP_TOKEN: TOKEN, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    let printed = '';
    child.stderr.on('data', (chunk: Buffer) => {
      listen(chunk.toString('utf8'));
      printed += printed.length < 10_000 ? chunk.toString('utf8') : '';
      const found = /Listening at (http:\/\/[^/\s]+)\/mcp/.exec(printed);
      if (found?.[1] !== undefined) resolve(found[1]);
    });
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${printed}`)));
  });
  const close = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  };
  return { url, child, close };
}
