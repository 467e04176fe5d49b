import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { getMcpConfigForManifest, unpackExtension } from '@anthropic-ai/mcpb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';
import type { EmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';
import { makeBundle } from '../../scripts/bundle/bundle.ts';
import { converse, Folder } from './folder.ts';
import type { Started } from './folder.ts';

interface Manifest {
  readonly icon: string;
  readonly server: { readonly entry_point: string };
  readonly screenshots: readonly string[];
  readonly privacy_policies: readonly string[];
  readonly tools: readonly { readonly name: string }[];
  readonly prompts: readonly { readonly name: string }[];
  readonly user_config: Readonly<Record<string, { readonly sensitive?: boolean }>>;
}

let folder: Folder;
let cloud: EmbeddedNextcloud;
let bundle: string;
let size: number;
let manifest: Manifest;

beforeAll(async () => {
  folder = new Folder();
  cloud = await startEmbeddedNextcloud();
  cloud.home().put('/Letters/a.txt', 'Dear A');
  cloud.home().put('/Private/b.txt', 'Dear B');
  const file = join(folder.path, 'files.mcpb');
  await makeBundle(file);
  size = statSync(file).size;
  bundle = join(folder.path, 'unpacked');
  await unpackExtension({ mcpbPath: file, outputDir: bundle, silent: true });
  manifest = JSON.parse(readFileSync(join(bundle, 'manifest.json'), 'utf8')) as Manifest;
}, 60_000);

afterAll(async () => {
  await cloud.close();
  folder.close();
});

/** What Claude Desktop makes of the manifest and of what the person filled in. */
async function started(userConfig: Record<string, string | boolean | string[]>): Promise<Started> {
  const config = await getMcpConfigForManifest({
    manifest: manifest as never,
    extensionPath: bundle,
    systemDirs: { HOME: folder.path, DOWNLOADS: join(folder.path, 'Downloads') },
    userConfig,
    pathSeparator: sep,
  });
  if (!config) throw new Error('the manifest makes no command of this');
  return { ...config, env: { ...folder.env, ...config.env } };
}

const login = (): Record<string, string> => ({
  url: cloud.url,
  username: 'demo',
  password: 'demo-app-password',
});

test('everything that the manifest names is in the bundle, which is small', () => {
  expect(size).toBeLessThan(5 * 1024 * 1024);
  expect(manifest.icon).toBe('icon.png');
  const { entry_point: entry } = manifest.server;
  for (const name of [entry, 'icon.png', 'LICENSE', 'THIRD-PARTY.txt', ...manifest.screenshots])
    expect(existsSync(join(bundle, name)), name).toBe(true);
  expect(manifest.privacy_policies.length).toBe(1);
  expect(manifest.user_config['password']?.sensitive).toBe(true);
});

test('it runs as the manifest says, with what must be filled in', async () => {
  await converse(await started(login()), bundle, async (client) => {
    const { tools } = await client.listTools();
    const { prompts } = await client.listPrompts();
    expect(tools.map(({ name }) => name).toSorted()).toEqual(
      manifest.tools.map(({ name }) => name).toSorted(),
    );
    expect(prompts.map(({ name }) => name).toSorted()).toEqual(
      manifest.prompts.map(({ name }) => name).toSorted(),
    );
    const answer = await client.callTool({ name: 'list_files', arguments: {} });
    expect(JSON.stringify(answer.content)).toContain('Letters');
  });
});

test('it runs with everything filled in', async () => {
  const first = join(folder.path, 'one');
  const second = join(folder.path, 'another, with a comma');
  for (const place of [first, second]) mkdirSync(place);
  writeFileSync(join(second, 'up.txt'), 'up');
  const filled = {
    ...login(),
    roots: '/Letters',
    read_only: false,
    toolsets: 'files',
    local_folders: [first, second],
  };
  await converse(await started(filled), bundle, async (client) => {
    const call = async (
      name: string,
      args: Record<string, unknown>,
    ): Promise<{ isError?: boolean; text: string }> => {
      const { content, isError = false } = await client.callTool({ name, arguments: args });
      return { isError, text: JSON.stringify(content) };
    };
    expect((await call('list_files', {})).text).not.toContain('Private');
    const down = await call('download_file', { remote_path: '/Letters/a.txt', local_path: 'a.txt' });
    expect(down.isError, down.text).toBe(false);
    expect(readFileSync(join(first, 'a.txt'), 'utf8')).toBe('Dear A');
    const up = await call('upload_file', {
      remote_path: '/Letters/up.txt',
      source_path: join(second, 'up.txt'),
    });
    expect(up.isError, up.text).toBe(false);
    expect(cloud.home().get('/Letters/up.txt')?.toString()).toBe('up');
  });
});

test('read-only leaves the tools that write out', async () => {
  await converse(await started({ ...login(), read_only: true }), bundle, async (client) => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).not.toContain('delete_file');
  });
});

test('nothing is started before what must be filled in is there', async () => {
  await expect(started({ url: cloud.url })).rejects.toThrow(/makes no command/);
});
