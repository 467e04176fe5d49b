import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { startEmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';
import { converse, Folder } from './folder.ts';

const root = join(import.meta.dirname, '../..');
let folder: Folder;
let files: string[];

beforeAll(() => {
  folder = new Folder();
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder.path];
  const [packed] = JSON.parse(execFileSync('npm', args, { cwd: root, encoding: 'utf8', stdio: 'pipe' })) as {
    filename: string;
    files: { path: string }[];
  }[];
  files = packed?.files.map(({ path }) => path) ?? [];
  folder.run('npm', ['install', '--offline', '--no-audit', '--no-fund', `./${packed?.filename ?? ''}`]);
}, 60_000);

afterAll(() => folder.close());

test('the package holds what runs, and nothing else', () => {
  const others = files.filter((path) => !/^dist\/[\w.-]+\.(js|txt)$/.test(path)).toSorted();
  expect(others).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'THIRD-PARTY.txt',
    'man/nextcloud-files-mcp.1',
    'package.json',
  ]);
  expect(readdirSync(join(folder.path, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
    'nextcloud-files-mcp',
  ]);
});

/** What the schema of the registry asks of an entry like this one (server.schema.json, 2025-12-11). */
const registryEntry = z.strictObject({
  $schema: z.literal('https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json'),
  name: z
    .string()
    .max(200)
    .regex(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/),
  title: z.string().min(1).max(100),
  description: z.string().min(1).max(100),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  repository: z.strictObject({ url: z.url(), source: z.literal('github') }),
  packages: z.array(
    z.strictObject({
      registryType: z.literal('npm'),
      identifier: z.string(),
      version: z.string().regex(/^\d+\.\d+\.\d+$/),
      runtimeHint: z.literal('npx'),
      transport: z.strictObject({ type: z.literal('stdio') }),
      environmentVariables: z.array(
        z.strictObject({
          name: z.string(),
          description: z.string(),
          isRequired: z.boolean(),
          isSecret: z.boolean(),
          default: z.string().optional(),
          placeholder: z.string().optional(),
        }),
      ),
    }),
  ),
});

test('the entry for the registry is valid, and is that of this package', () => {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(root, name), 'utf8'));
  const entry = registryEntry.parse(read('manifest/server.json'));
  const own = read('package.json') as { name: string; version: string; mcpName: string };
  expect(entry.name).toBe(own.mcpName);
  expect([entry.version, entry.packages[0]?.version]).toEqual([own.version, own.version]);
  expect(entry.packages[0]?.identifier).toBe(own.name);
  const secrets = entry.packages[0]?.environmentVariables.filter(({ isSecret }) => isSecret);
  expect(secrets?.map(({ name }) => name)).toEqual(['NEXTCLOUD_PASSWORD']);
});

test('npx runs the command', () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  expect(folder.run('npx', ['nextcloud-files-mcp', '--version'])).toBe(`${version}\n`);
});

test('npx runs the demo', () => {
  expect(folder.run('npx', ['nextcloud-files-mcp', 'demo'])).toContain('Every result is as expected');
}, 60_000);

test('a client talks to it through npx', async () => {
  const cloud = await startEmbeddedNextcloud();
  try {
    cloud.home().put('/Letters/a.txt', 'Dear A');
    const env = {
      ...folder.env,
      NEXTCLOUD_URL: cloud.url,
      NEXTCLOUD_USERNAME: 'demo',
      NEXTCLOUD_PASSWORD: 'demo-app-password',
    };
    const text = await converse(
      { command: 'npx', args: ['-y', 'nextcloud-files-mcp'], env },
      folder.path,
      async (client) => {
        const { content } = await client.callTool({
          name: 'read_file',
          arguments: { file_path: '/Letters/a.txt' },
        });
        return JSON.stringify(content);
      },
    );
    expect(text).toContain('Dear A');
    expect(existsSync(join(folder.path, '.config'))).toBe(false);
  } finally {
    await cloud.close();
  }
});
