import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Passage } from '../../support/fault-proxy.ts';
import { openProxiedScene } from '../scene.ts';

let scene: Awaited<ReturnType<typeof openProxiedScene>>;

beforeEach(async () => {
  scene = await openProxiedScene();
});

afterEach(async () => scene.close());

const XML = 'Content-Type: application/xml; charset=utf-8';
const exception = (name: string, message: string): string =>
  `<?xml version="1.0"?><d:error xmlns:d="DAV:" xmlns:s="http://sabredav.org/ns"><s:exception>Sabre\\DAV\\Exception\\${name}</s:exception><s:message>${message}</s:message></d:error>`;

/** Answers before the body was read, and then closes the connection, which breaks it for whoever is still sending. */
const refuseEarly =
  (status: string, body: string) =>
  async ({ client, ...passage }: Passage): Promise<void> => {
    const head = [
      `HTTP/1.1 ${status}`,
      XML,
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
    ];
    client.write([...head, '', body].join('\r\n'));
    await sleep(20);
    client.resetAndDestroy();
    Object.assign(passage, { over: true });
  };

describe.each([28, 400_000, 4_000_000])('an upload of %i bytes that is refused before it is read', (size) => {
  it.each([
    [
      '404 Not Found',
      exception('NotFound', 'File with name /none could not be located'),
      /^conflict: The folder \/none does not exist/,
    ],
    ['413 Payload Too Large', '<html>413</html>', /^too_large: /],
    ['507 Insufficient Storage', exception('InsufficientStorage', 'Insufficient space'), /^quota_exceeded: /],
    [
      '401 Unauthorized',
      exception('NotAuthenticated', 'Username or password was incorrect'),
      /^unauthorized: /,
    ],
  ])('with %s says so', async (status, body, expected) => {
    scene.proxy.arm(refuseEarly(status, body), ({ method }) => method === 'PUT' || status.startsWith('401'));
    const args = { remote_path: '/none/a.txt', content: 'x'.repeat(size) };
    expect(await scene.fails('upload_file', args)).toMatch(expected);
  });
});
