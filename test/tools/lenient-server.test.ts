import { InMemoryTransport } from '@modelcontextprotocol/client';
import { expect, test } from 'vitest';
import { createApp } from '../../src/app/app.ts';
import { load } from '../../src/config/config.ts';
import { startEmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';
import { createLog } from '../../src/log.ts';
import { createServer } from '../../src/mcp/server.ts';

test.each([
  [null, '"complete":true'],
  ['{"folder_path": "/"}', '"complete":true'],
  ['list', 'The arguments must be an object'],
  [['/'], 'The arguments must be an object'],
  [JSON.parse('{"__proto__": {"folder_path": "/"}}'), 'list_files has no parameter __proto__'],
])('arguments that are %j are read, or refused in a sentence', async (given, expected) => {
  const cloud = await startEmbeddedNextcloud();
  const config = load(
    {},
    {
      NEXTCLOUD_URL: cloud.url,
      NEXTCLOUD_USERNAME: 'demo',
      NEXTCLOUD_PASSWORD: 'demo-app-password',
    },
  );
  const app = createApp(config, createLog('silent'), { local: true });
  const [near, far] = InMemoryTransport.createLinkedPair();
  await createServer(app.session, app.tools).connect(far);
  const answered = new Promise<unknown>((resolve) => {
    Object.assign(near, { onmessage: resolve });
  });
  await near.start();
  const params = { name: 'list_files', arguments: given };
  await near.send({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
  const text = JSON.stringify(await answered);
  await near.close();
  await app.close();
  await cloud.close();
  expect(text).toContain(expected);
});
