import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer } from '../support/line.ts';
import type { Served } from '../support/line.ts';

const main = join(import.meta.dirname, '../../dist/main.js');
const EXIT_MS = 5000;

let folder: string;
let env: Record<string, string>;
let silent: ReturnType<typeof createServer>;

/** Opens a named pipe that nobody writes to, which blocks a thread of libuv for ever. */
const hang = `import { open } from 'node:fs';
open(process.env.HANG_PIPE, 'r', () => undefined);
`;

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-')));
  spawnSync('mkfifo', [join(folder, 'pipe')]);
  writeFileSync(join(folder, 'hang.mjs'), hang);
  silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as AddressInfo;
  env = {
    PATH: process.env['PATH'] ?? '',
    NEXTCLOUD_URL: `http://127.0.0.1:${port}`,
    NEXTCLOUD_USERNAME: 'demo',
    NEXTCLOUD_PASSWORD: 'demo-app-password',
    NEXTCLOUD_LOCAL_FOLDERS: folder,
    NEXTCLOUD_STATE_FOLDER: join(folder, 'state'),
  };
});

afterAll(async () => {
  silent.close().closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

const hanging = (): Record<string, string> => ({
  HANG_PIPE: join(folder, 'pipe'),
  NODE_OPTIONS: `--import=${pathToFileURL(join(folder, 'hang.mjs')).href}`,
});

/** Seconds until the process has ended. It is killed when the time is over. */
async function end(child: ChildProcess, ms: number): Promise<boolean> {
  if (child.exitCode !== null || child.signalCode !== null) return true;
  const ended = await Promise.race([once(child, 'exit').then(() => true), sleep(ms, false)]);
  if (!ended) child.kill('SIGKILL');
  return ended;
}

const call = (id: number, name: string, args: object): object => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: args },
});

/** A server on stdio with a call under way. */
async function startStdio(more: Record<string, string>, ...calls: readonly object[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, [main], {
    env: { ...env, ...more },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const clientInfo = { name: 'exit', version: '1' };
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo };
  child.stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params })}\n`);
  await once(child.stdout ?? child, 'data');
  child.stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' })}\n`);
  for (const one of calls) child.stdin?.write(`${JSON.stringify(one)}\n`);
  await sleep(500);
  return child;
}

const waits = [
  ['nothing under way', []],
  ['a server that never answers', [call(1, 'list_files', {})]],
  [
    'an upload to a server that never answers',
    [call(1, 'upload_file', { remote_path: '/a', source_path: 'hang.mjs' })],
  ],
  ['an upload from a named pipe', [call(1, 'upload_file', { remote_path: '/a', source_path: 'pipe' })]],
] as const;

describe.skipIf(process.platform === 'win32')('the stdio server', { timeout: 30_000 }, () => {
  it.each(waits)('ends within 5 s of the end of input with %s', async (_what, calls) => {
    const child = await startStdio({}, ...calls);
    child.stdin?.end();
    expect(await end(child, EXIT_MS)).toBe(true);
  });

  it.each(waits)('ends within 5 s of SIGTERM with %s', async (_what, calls) => {
    const child = await startStdio({}, ...calls);
    child.kill('SIGTERM');
    expect(await end(child, EXIT_MS)).toBe(true);
  });

  it('ends within 5 s of the end of input while a thread hangs in the operating system', async () => {
    const child = await startStdio(hanging());
    child.stdin?.end();
    expect(await end(child, EXIT_MS)).toBe(true);
  });
});

describe.skipIf(process.platform === 'win32')('the HTTP server', { timeout: 60_000 }, () => {
  const stop = async ({ child }: Served): Promise<boolean> => {
    child.kill('SIGTERM');
    return end(child, 30_000);
  };

  it('ends within 5 s of the drain limit while a thread hangs in the operating system', async () => {
    expect(await stop(await startServer({ ...env, ...hanging() }))).toBe(true);
  });
});
