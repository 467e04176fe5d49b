import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEmbeddedNextcloud } from '../../../src/embedded-nextcloud/index.ts';
import type { EmbeddedNextcloud } from '../../../src/embedded-nextcloud/index.ts';
import { FaultProxy } from '../../support/fault-proxy.ts';
import { TOKEN } from '../../support/line.ts';
import { House, rpcHeaders } from './house.ts';

let cloud: EmbeddedNextcloud;
let proxy: FaultProxy;
let house: House;
beforeAll(async () => {
  cloud = await startEmbeddedNextcloud();
  proxy = await FaultProxy.start(cloud.url);
  house = await House.open({ env: { NEXTCLOUD_URL: proxy.url } });
});
afterAll(async () => {
  await house.close();
  await proxy.close();
  await cloud.close();
});

const clients: readonly (readonly [name: string, named: (method: string) => Record<string, string>])[] = [
  ['a client', () => ({})],
  // As the transport of the SDK 2 does whatever the revision, and with it mcp-remote.
  ['a client that names the method in a header', (method) => ({ 'mcp-method': method })],
];

test.each(clients)('a call that %s of an older revision cancels ends at once', async (_name, named) => {
  const begun = await house.initialize(named('initialize'));
  const session = begun.headers.get('mcp-session-id') ?? 'none';
  const gone = new AbortController();
  const post = async (message: { method: string; id?: number; params: object }): Promise<Response> =>
    fetch(`${house.server.url}/mcp`, {
      method: 'POST',
      headers: {
        ...rpcHeaders,
        ...named(message.method),
        authorization: `Bearer ${TOKEN}`,
        'mcp-session-id': session,
      },
      body: JSON.stringify({ jsonrpc: '2.0', ...message }),
      signal: gone.signal,
    });
  let arrived = 0;
  let givenUp = 0;
  proxy.arm(
    async (passage) => {
      arrived++;
      await passage.silence();
      givenUp++;
    },
    () => true,
  );
  const call = { name: 'read_file', arguments: { file_path: '/Readme.md' } };
  expect((await post({ id: 7, method: 'tools/call', params: call })).status).toBe(200);
  await expect.poll(() => arrived).toBeGreaterThan(0);
  expect((await post({ method: 'notifications/cancelled', params: { requestId: 7 } })).status).toBe(202);
  await expect.poll(() => givenUp).toBe(arrived);
  gone.abort();
});
