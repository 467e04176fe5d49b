import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { parsePath } from '../../../src/path.ts';
import { openWorkspace } from '../../support/workspace.ts';
import { startEmbeddedNextcloud } from '../../../src/embedded-nextcloud/index.ts';
import { walk } from '../../support/walk.ts';
import { searchFiles } from '../../../src/files/search/search.ts';

/** The embedded cloud as a server that does not understand a part of a search. */
async function without(
  url: string,
  change: (body: string) => string,
): Promise<{ url: string; close: () => void }> {
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = change(Buffer.concat(chunks).toString());
      const { 'content-length': _, ...headers } = incoming.headers;
      const options = {
        method: incoming.method,
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      };
      const onward = request(new URL(incoming.url ?? '/', url), options, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      onward.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => server.close().closeAllConnections() };
}

const everything = {
  query: '*.txt',
  folder: parsePath('/'),
  type: 'all',
  favorite: false,
  sortBy: 'name',
  order: 'asc',
  limit: 40,
} as const;
const noOffset = (body: string): string => body.replace(/<x:firstresult.*<\/x:firstresult>/, '');
const capped = (body: string): string => body.replace(/<d:nresults>\d+/, '<d:nresults>50');

describe('a server that', () => {
  it.each([
    ['ignores where to begin', noOffset],
    ['hands out no more than fifty hits', capped],
  ])('%s', async (_what, change) => {
    const cloud = await startEmbeddedNextcloud();
    for (let i = 0; i < 130; i++) cloud.home().put(`/n${String(i).padStart(3, '0')}.txt`, 'x');
    const odd = await without(cloud.url, change);
    const { workspace, close } = openWorkspace(odd.url);
    const { paths, notes } = await walk((cursor) => searchFiles(workspace, { ...everything, cursor }, {}));
    expect(new Set(paths).size).toBe(130);
    expect(paths).toHaveLength(130);
    expect(notes).toEqual([]);
    await close();
    odd.close();
    await cloud.close();
  });

  it('does both is said to hold back hits', async () => {
    const cloud = await startEmbeddedNextcloud();
    for (let i = 0; i < 130; i++) cloud.home().put(`/n${String(i).padStart(3, '0')}.txt`, 'x');
    const odd = await without(cloud.url, (body) => capped(noOffset(body)));
    const { workspace, close } = openWorkspace(odd.url);
    const page = await searchFiles(workspace, { ...everything, limit: 100 }, {});
    expect(page).toMatchObject({ complete: false });
    expect(page.total).toBeUndefined();
    expect(page.notes?.join()).toMatch(/hands out no more than the first \d+ hits/);
    await close();
    odd.close();
    await cloud.close();
  });
});
