import { readdirSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { page, startImpostor } from '../support/impostor.ts';
import type { Impostor } from '../support/impostor.ts';
import { Stage } from '../support/stage.ts';
import { askingTools, everyTool } from './every-tool.ts';

const loginPage =
  '<!DOCTYPE html><html><head><title>Login</title></head><body><form>Password: <input></form></body></html>';

let impostor: Impostor | undefined;
let stage: Stage | undefined;

afterEach(async () => {
  await stage?.close();
  await impostor?.close();
});

/** What every tool says of this server. */
async function complaints(answer: Parameters<typeof startImpostor>[0]): Promise<Map<string, string>> {
  impostor = await startImpostor(answer);
  stage = await Stage.open({
    client: 'legacy',
    env: { NEXTCLOUD_URL: impostor.url, NEXTCLOUD_TIMEOUT_SECONDS: '2' },
  });
  const said = new Map<string, string>();
  for (const [tool, args] of askingTools) {
    const { isError, text, data } = await stage.call(tool, args);
    // The test of the connection does not fail: its answer is that the connection does.
    expect(tool === 'test_connection' ? data['ok'] === false : isError, `${tool}: ${text}`).toBe(true);
    said.set(tool, text);
  }
  expect(readdirSync(stage.localFolder)).toEqual([]);
  return said;
}

describe('what answers is not a Nextcloud', () => {
  test('a login page with status 200: every tool fails and says so', async () => {
    const said = await complaints(page(200, 'text/html; charset=utf-8', loginPage));
    for (const [tool, text] of said) expect(text, tool).toMatch(/web page.*login page or a proxy/s);
  });

  test('a login page where a file was created or replaced is no success', async () => {
    const said = await complaints((request, response) => {
      const status = { PUT: 201, MKCOL: 201, MOVE: 201, COPY: 201, DELETE: 204 }[request.method ?? ''] ?? 207;
      page(status, 'text/html', loginPage)(request, response);
    });
    for (const tool of ['list_files', 'get_file_info', 'read_file', 'search_files', 'delete_file'])
      expect(said.get(tool), tool).toMatch(/^invalid_response: /);
  });

  test('a redirect to a login page is named and not followed', async () => {
    const said = await complaints((_request, response) => {
      response.writeHead(302, { location: '/login?redirect=1' });
      response.end();
    });
    for (const [tool, text] of said) expect(text, tool).toMatch(/redirects this address to .*\/login/);
    expect(impostor?.requests.filter((line) => line.includes('/login'))).toEqual([]);
  });

  test('a web server without a Nextcloud: every tool says that there is none', async () => {
    const said = await complaints(page(404, 'text/html', '<html><body><h1>404 Not Found</h1></body></html>'));
    for (const [tool, text] of said)
      expect(text, tool).toMatch(/no Nextcloud at this address.*NEXTCLOUD_URL/s);
  });

  test('a program that knows no WebDAV', async () => {
    const said = await complaints(page(501, 'text/html', '<!doctype html><h1>Not implemented</h1>'));
    for (const [tool, text] of said)
      expect(text, tool).toMatch(/no Nextcloud at this address.*NEXTCLOUD_URL/s);
  });

  test('JSON with status 200', async () => {
    const said = await complaints(page(200, 'application/json', '{"hello":"world"}'));
    for (const [tool, text] of said) expect(text, tool).toMatch(/invalid_response: |does not answer like/);
  });
});

const open = '<?xml version="1.0"?><d:multistatus xmlns:d="DAV:">';
const broken: readonly (readonly [what: string, body: string])[] = [
  ['no XML at all', 'hello'],
  ['nothing', ''],
  ['tags that do not match', `${open}<d:response><d:href>/</d:response></d:multistatus>`],
  ['an end in the middle', `${open}<d:response><d:href>/remote.php/dav/files/demo/`],
  ['another document', '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"/>'],
  ['an undefined entity', `${open}<d:response><d:href>&nbsp;</d:href></d:response></d:multistatus>`],
  [
    'a document type with a file in it',
    '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d:multistatus xmlns:d="DAV:"><d:response><d:href>&x;</d:href></d:response></d:multistatus>',
  ],
  [
    'entities that multiply',
    '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><d:multistatus xmlns:d="DAV:">&b;</d:multistatus>',
  ],
  [
    'a file outside of the account',
    `${open}<d:response><d:href>/remote.php/dav/files/bob/x</d:href><d:propstat><d:prop><d:getetag>"1"</d:getetag></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response></d:multistatus>`,
  ],
];

test.each(broken)('an answer with %s is refused by all that read it', async (_what, body) => {
  impostor = await startImpostor(page(207, 'application/xml; charset=utf-8', body));
  stage = await Stage.open({ client: 'legacy', env: { NEXTCLOUD_URL: impostor.url } });
  for (const tool of ['list_files', 'get_file_info', 'read_file', 'search_files', 'delete_file']) {
    const args = everyTool.find(([name]) => name === tool)?.[1] ?? {};
    const text = await stage.fails(tool, { ...args });
    expect(text, tool).toMatch(/^invalid_response: .+\. .+\.$/s);
    expect(text).not.toContain('root:');
  }
});
