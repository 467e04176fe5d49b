import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startEmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';

test('a client that closes stdout first ends the server in order', async () => {
  const cloud = await startEmbeddedNextcloud();
  const server = spawn(process.execPath, [join(import.meta.dirname, '../../dist/main.js')], {
    env: {
      PATH: process.env['PATH'],
      HOME: '/nonexistent',
      NEXTCLOUD_URL: cloud.url,
      NEXTCLOUD_USERNAME: 'demo',
      NEXTCLOUD_PASSWORD: 'demo-app-password',
      LOG_LEVEL: 'silent',
    },
  });
  let said = '';
  server.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  server.stdin.on('error', () => undefined);
  const exited = once(server, 'exit');
  const ask = (id: number): boolean =>
    server.stdin.write(
      `${JSON.stringify({
        jsonrpc: '2.0',
        id,
        method: 'initialize',
        params: {
          protocolVersion: '2025-06-18',
          capabilities: {},
          clientInfo: { name: 'test', version: '1' },
        },
      })}\n`,
    );
  ask(1);
  await once(server.stdout, 'data');
  server.stdout.destroy();
  // stdin stays open: only what is written to stdout shows that nobody reads it.
  ask(2);
  const [code] = (await exited) as [number | null];
  await cloud.close();
  expect(said).toBe('');
  expect(code).toBe(0);
});
