import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, realpathSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';

const main = join(import.meta.dirname, '../../dist/main.js');
const initialize = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
});

/** A client starts the server, with or without launchers between the two, and waits. */
const client = `const [command, ...args] = JSON.parse(process.argv[1]);
require('node:child_process').spawn(command, args, { stdio: 'inherit' });
setInterval(() => undefined, 1000);`;

const ways: readonly (readonly [way: string, command: readonly string[]])[] = [
  ['alone', [process.execPath, main]],
  ['in a shell', ['sh', '-c', `"${process.execPath}" "${main}"; true`]],
  ['with npx', ['npx', '--no', '-c', `"${process.execPath}" "${main}"; true`]],
];

test.skipIf(process.platform === 'win32').concurrent.each(ways)(
  'a server that was started %s ends after its client was killed, though its input is still open',
  { timeout: 90_000 },
  async (_way, command) => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-')));
    const pipe = join(folder, 'input');
    spawnSync('mkfifo', [pipe]);
    // This process holds both ends.
    const input = openSync(pipe, 'r+');
    const started = spawn(process.execPath, ['-e', client, JSON.stringify(command)], {
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: folder, NEXTCLOUD_URL: 'http://127.0.0.1:1' },
      stdio: [input, 'pipe', 'ignore'],
    });
    writeSync(input, `${initialize}\n`);
    const { stdout } = started;
    if (!stdout) throw new Error('no output');
    await once(stdout, 'data');
    stdout.resume();
    // All that the client has started holds this stream.
    const ended = once(stdout, 'end').then(() => 'ended');
    started.kill('SIGKILL');
    expect(await Promise.race([ended, sleep(60_000, 'still running')])).toBe('ended');
    closeSync(input);
    rmSync(folder, { recursive: true, force: true });
  },
);
