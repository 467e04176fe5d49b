import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/app/doctor.ts';
import type { Diagnosis } from '../../../src/app/doctor.ts';
import { load } from '../../../src/config/config.ts';
import { createLog } from '../../../src/log.ts';
import { openProxiedScene } from '../../files/scene.ts';

let scene: Awaited<ReturnType<typeof openProxiedScene>>;

beforeEach(async () => {
  scene = await openProxiedScene();
  scene.cloud.home().put('/a.txt', 'contents');
});

afterEach(async () => scene.close());

const HTML: [string, string] = ['Content-Type', 'text/html; charset=UTF-8'];
const XML: [string, string] = ['Content-Type', 'application/xml; charset=utf-8'];
const PAGE = '<!DOCTYPE html><html><head><title>Blocked</title></head><body>No.</body></html>';

/** Refuses a method as something before the Nextcloud does. */
function refuse(method: string, status: number, headers: [string, string][] = []): void {
  scene.proxy.arm(
    async (passage) => passage.say(status, 'No', [HTML, ...headers], PAGE),
    (head) => head.method === method,
  );
}

/** Refuses a method as Nextcloud does. */
function refuseAsNextcloud(method: string, status: number, exception: string, message: string): void {
  const body = `<?xml version="1.0"?><d:error xmlns:d="DAV:" xmlns:s="http://sabredav.org/ns"><s:exception>${exception}</s:exception><s:message>${message}</s:message></d:error>`;
  scene.proxy.arm(
    async (passage) => passage.say(status, 'No', [XML], body),
    (head) => head.method === method,
  );
}

/** What `doctor` finds. */
async function diagnosed(): Promise<Diagnosis> {
  const settings = {
    NEXTCLOUD_URL: scene.proxy.url,
    NEXTCLOUD_USERNAME: 'demo',
    NEXTCLOUD_PASSWORD: 'demo-app-password',
    NEXTCLOUD_LOCAL_FOLDERS: scene.bench.localFolder,
  };
  return diagnose(load({}, settings), 'the environment', createLog('silent'), new AbortController().signal);
}

const upload = { remote_path: '/new.txt', content: 'small' };
const calls = [
  ['PROPFIND', 'list_files', {}],
  ['SEARCH', 'search_files', { query: 'a' }],
  ['PUT', 'upload_file', upload],
  ['MKCOL', 'create_folder', { folder_path: '/f' }],
  ['DELETE', 'delete_file', { file_path: '/a.txt' }],
  ['MOVE', 'move_file', { source_path: '/a.txt', destination_path: '/b.txt' }],
] as const;

describe.each(calls)('%s that a proxy refuses', (method, tool, args) => {
  it('with 403 and a page names the proxy and the method', async () => {
    refuse(method, 403, [['CF-RAY', '8a1b2c3d4e5f-FRA']]);
    const text = await scene.fails(tool, { ...args });
    expect(text).toMatch(new RegExp(`^forbidden: Cloudflare in front of the Nextcloud refuses ${method} `));
    expect(text).not.toMatch(/account does not have/);
  });

  it('with 405 and a page is no missing Nextcloud', async () => {
    refuse(method, 405);
    expect(await scene.fails(tool, { ...args })).toMatch(
      new RegExp(`^invalid_response: .*a proxy .*does not let ${method} through`),
    );
  });

  it('is found by doctor', async () => {
    refuse(method, 403, [['CF-RAY', '8a1b2c3d4e5f-FRA']]);
    const { ok, checks } = await diagnosed();
    expect(ok).toBe(false);
    expect(checks.filter((check) => !check.ok).map(({ detail }) => detail)).toContainEqual(
      expect.stringMatching(new RegExp(`Cloudflare .*${method}`)),
    );
  });
});

it('doctor, which tries every method, changes nothing', async () => {
  const { ok, checks } = await diagnosed();
  expect(ok).toBe(true);
  expect(checks.map(({ name }) => name)).not.toContain('methods');
  expect(scene.cloud.home().list()).toEqual(['a.txt']);
});

it("a proxy's own login is not taken for that of the Nextcloud", async () => {
  refuse('PROPFIND', 401, [['WWW-Authenticate', 'Basic realm="Staff only"']]);
  const text = await scene.fails('list_files', {});
  expect(text).toMatch(/^unauthorized: .*login of its own/);
  expect(text).not.toMatch(/Create a new app password/);
});

it.each([28, 2_000_000])('a limit of a proxy below %i bytes says that it is one', async (size) => {
  refuse('PUT', 413);
  const args = { remote_path: '/new.txt', content: 'x'.repeat(size) };
  expect(await scene.fails('upload_file', args)).toMatch(/^too_large: .*takes no file of this size/);
});

it('Nextcloud without space for a small file says so', async () => {
  refuseAsNextcloud(
    'PUT',
    413,
    'OCA\\DAV\\Connector\\Sabre\\Exception\\EntityTooLarge',
    'Insufficient space',
  );
  expect(await scene.fails('upload_file', upload)).toMatch(/^quota_exceeded: /);
});

it('a file that a scanner refuses has its reason', async () => {
  const reason = 'Virus EICAR is detected in the file. Upload cannot be completed.';
  refuseAsNextcloud('PUT', 415, 'OCA\\DAV\\Connector\\Sabre\\Exception\\UnsupportedMediaType', reason);
  const text = await scene.fails('upload_file', upload);
  expect(text).toMatch(/^forbidden: .*Virus EICAR is detected/);
  expect(text).not.toMatch(/test_connection|address/);
});

describe.each([
  [
    'OC\\Encryption\\Exceptions\\DecryptionFailedException',
    'Can not decrypt this file, probably this is a shared file.',
  ],
  ['OCA\\Encryption\\Exceptions\\PrivateKeyMissingException', ''],
  ['Sabre\\DAV\\Exception\\ServiceUnavailable', 'Encryption not ready: Private Key missing for user'],
])('%s', (exception, message) => {
  it.each([
    ['GET', 'read_file', { file_path: '/a.txt' }],
    ['PUT', 'upload_file', upload],
  ])('of %s is said, and nothing is to be tried again', async (method, tool, args) => {
    refuseAsNextcloud(method, exception.startsWith('Sabre') ? 503 : 500, exception, message);
    const text = await scene.fails(tool, args);
    expect(text).toMatch(/^unavailable: Nextcloud could not encrypt or decrypt this file/);
    expect(text).not.toMatch(/try again/i);
  });
});

it('a name with such words in it stays a name', async () => {
  refuseAsNextcloud(
    'GET',
    404,
    'Sabre\\DAV\\Exception\\NotFound',
    'File with name /cannot decrypt.txt could not be located',
  );
  expect(await scene.fails('read_file', { file_path: '/a.txt' })).not.toMatch(/encrypt or decrypt/);
});
