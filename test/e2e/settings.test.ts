import { afterEach, expect, test } from 'vitest';
import { Stage } from '../support/stage.ts';
import { everyTool } from './every-tool.ts';

let stage: Stage | undefined;

afterEach(async () => stage?.close());

async function withSettings(env: Record<string, string | undefined>): Promise<Stage> {
  stage = await Stage.open({ client: 'legacy', env });
  return stage;
}

const nothing = { NEXTCLOUD_URL: undefined, NEXTCLOUD_USERNAME: undefined, NEXTCLOUD_PASSWORD: undefined };
const leftEmpty = {
  NEXTCLOUD_URL: '${user_config.url}',
  NEXTCLOUD_USERNAME: '  ',
  NEXTCLOUD_PASSWORD: '',
};

test.each([
  ['without settings', nothing],
  ['with settings that a bundle left empty', leftEmpty],
])('%s the server starts, and every call says what to set', async (_what, env) => {
  const unset = await withSettings(env);
  const { client, cloud } = unset;
  const { tools } = await client.listTools();
  expect(tools.length).toBeGreaterThanOrEqual(everyTool.length);
  for (const [tool, args] of everyTool) {
    const { isError, text } = await unset.call(tool, { ...args });
    expect(isError, tool).toBe(true);
    expect(text).toMatch(/^config: .*NEXTCLOUD_URL.*NEXTCLOUD_USERNAME.*NEXTCLOUD_PASSWORD/s);
    expect(text).toContain('https://cloud.example.com');
  }
  await expect(client.readResource({ uri: 'nextcloud://a.txt' })).rejects.toThrow(/NEXTCLOUD_URL/);
  expect(cloud.requests).toEqual([]);
});

const wrong: readonly (readonly [variable: string, value: string, shown: RegExp])[] = [
  ['NEXTCLOUD_URL', 'ftp://cloud.example.com', /NEXTCLOUD_URL is "ftp:.*http or https/],
  ['NEXTCLOUD_URL', 'https://demo:demo-app-password@cloud.example.com', /NEXTCLOUD_URL .*its own settings/],
  ['NEXTCLOUD_VERIFY_SSL', 'maybe', /NEXTCLOUD_VERIFY_SSL is "maybe".*true or false/],
  ['NEXTCLOUD_CA_FILE', '/no/such/file.pem', /NEXTCLOUD_CA_FILE is .*the file does not exist/],
  ['NEXTCLOUD_CA_FILE', import.meta.filename, /NEXTCLOUD_CA_FILE is .*not a PEM file/],
  ['NEXTCLOUD_ROOTS', '/Documents/../Private', /NEXTCLOUD_ROOTS is /],
  ['NEXTCLOUD_READ_ONLY', 'ja', /NEXTCLOUD_READ_ONLY is "ja"/],
  ['NEXTCLOUD_TOOLSETS', 'fles', /NEXTCLOUD_TOOLSETS is "fles".*files/],
  ['NEXTCLOUD_CACHE_LISTING_SECONDS', '5 minutes', /NEXTCLOUD_CACHE_LISTING_SECONDS is .*whole number/],
  ['NEXTCLOUD_MAX_CONCURRENCY', '0', /NEXTCLOUD_MAX_CONCURRENCY is "0".*from 1 to 64/],
  ['NEXTCLOUD_TIMEOUT_SECONDS', '-1', /NEXTCLOUD_TIMEOUT_SECONDS is "-1"/],
  ['NEXTCLOUD_MAX_RESULT_CHARS', '10', /NEXTCLOUD_MAX_RESULT_CHARS is "10"/],
  ['LOG_LEVEL', 'loud', /LOG_LEVEL is "loud".*debug/],
];

test.each(wrong)('%s=%s is named, with a valid example', async (variable, value, shown) => {
  const { isError, text } = await (await withSettings({ [variable]: value })).call('list_files');
  expect(isError).toBe(true);
  expect(text).toMatch(/^config: /);
  expect(text).toMatch(shown);
  expect(text).toContain(`Example: ${variable}=`);
});

test('the full WebDAV address and an address without a scheme are understood', async () => {
  const first = await withSettings({});
  const { url } = first.cloud;
  first.cloud.home().put('/a.txt', 'a');
  for (const address of [
    `${url}/remote.php/dav/files/demo/`,
    `${url}/index.php/apps/files/?dir=/`,
    `${url}/`,
  ]) {
    const other = await Stage.open({ client: 'legacy', env: { NEXTCLOUD_URL: address } }, first.cloud);
    expect((await other.ok('list_files')).data['total']).toBe(1);
    await other.close();
  }
});

test('read-only leaves the tools that write out of the list', async () => {
  const { client } = await withSettings({ NEXTCLOUD_READ_ONLY: 'true' });
  const { tools } = await client.listTools();
  const names = tools.map(({ name }) => name);
  expect(names).toContain('read_file');
  for (const name of ['upload_file', 'create_folder', 'move_file', 'copy_file', 'delete_file'])
    expect(names).not.toContain(name);
});

test('what is outside of the roots or denied is as if it did not exist', async () => {
  const bounded = await withSettings({ NEXTCLOUD_ROOTS: '/Open,/Look:ro', NEXTCLOUD_DENY: '**/*.key' });
  const home = bounded.cloud.home();
  for (const path of ['/Open/a.txt', '/Open/secret.key', '/Look/b.txt', '/Closed/c.txt', '/top.txt'])
    home.put(path, path);
  const names = async (tool: string, args: Record<string, unknown>): Promise<string[]> =>
    ((await bounded.ok(tool, args)).data['entries'] as { path: string }[]).map(({ path }) => path).toSorted();
  expect(await names('list_files', { folder_path: '/' })).toEqual(['/Look', '/Open']);
  expect(await names('list_files', { folder_path: '/Open' })).toEqual(['/Open/a.txt']);
  expect(await names('search_files', { query: '*.*' })).toEqual(['/Look/b.txt', '/Open/a.txt']);
  for (const path of ['/Open/secret.key', '/Closed/c.txt', '/top.txt', '/Open/none.txt'])
    for (const tool of ['get_file_info', 'read_file', 'read_file_bytes', 'delete_file'])
      expect(await bounded.fails(tool, { file_path: path })).toMatch(/^not_found: \S+ does not exist/);
  const move = async (source_path: string, destination_path: string): Promise<string> =>
    bounded.fails('move_file', { source_path, destination_path });
  expect(await move('/Open/a.txt', '/Closed/a.txt')).toMatch(/^not_found: /);
  expect(await move('/Open/a.txt', '/Look/a.txt')).toMatch(/^forbidden: .*read-only/);
  expect(await move('/Look/b.txt', '/Open/b.txt')).toMatch(/^forbidden: .*read-only/);
  expect(await bounded.fails('delete_file', { file_path: '/Open' })).toMatch(/^forbidden: /);
  expect([...home.walk()].filter(({ type }) => type === 'file')).toHaveLength(5);
});
