import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { prompts } from '../../src/mcp/prompts.ts';
import { options } from '../../src/config/options.ts';
import type { Option } from '../../src/config/option.ts';
import type { OptionKey } from '../../src/config/options.ts';
import { select } from '../../src/tools/catalogue.ts';

interface Package {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly keywords: readonly string[];
  readonly license: string;
  readonly engines: { readonly node: string };
  readonly mcpName: string;
  readonly homepage: string;
  readonly bugs: { readonly url: string };
}

const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as Package;

/** What a person is asked for when they install the bundle; the rest keeps its default. */
const asked: Readonly<
  Partial<Record<OptionKey, { title: string; type: 'string' | 'boolean' | 'directory'; multiple?: true }>>
> = {
  url: { title: 'Address of your Nextcloud', type: 'string' },
  username: { title: 'Login name', type: 'string' },
  password: { title: 'App password', type: 'string' },
  localFolders: {
    title: 'Folders of this computer for downloads and uploads',
    type: 'directory',
    multiple: true,
  },
  roots: { title: 'Folders of the Nextcloud the assistant may see', type: 'string' },
  readOnly: { title: 'Only read, never change', type: 'boolean' },
  toolsets: { title: 'Groups of tools', type: 'string' },
};

const repository = manifest.homepage.replace(/#.*$/, '');

const description = `Lets Claude work with the files in your Nextcloud: list, find, read, write, upload, download, move, copy and delete.

It never replaces or deletes silently, it touches nothing it was not given, and the bytes of your files stay out of the conversation unless you ask for their text. Everything goes straight between this computer and your Nextcloud.

You need the address of your Nextcloud, your login name and an app password: in Nextcloud, open Settings, Security, Devices & sessions, enter a name and choose "Create new app password".`;

function screenshots(): string[] {
  return readdirSync(join(import.meta.dirname, '../../docs/pictures'))
    .filter((name) => name.endsWith('.png'))
    .toSorted()
    .map((name) => `screenshots/${name}`);
}

/** The bundle of Claude Desktop (MCPB manifest 0.3). */
export function bundleManifest(): Record<string, unknown> {
  const settings = options.filter(
    (option: Option) => (asked as Record<string, unknown>)[option.key] !== undefined,
  );
  return {
    manifest_version: '0.3',
    name: manifest.name,
    display_name: 'Nextcloud Files',
    version: manifest.version,
    description: manifest.description,
    author: { name: 'The Nextcloud Files MCP authors' },
    long_description: description,
    license: manifest.license,
    keywords: manifest.keywords,
    repository: { type: 'git', url: repository },
    homepage: manifest.homepage,
    documentation: `${repository}/tree/main/docs`,
    support: manifest.bugs.url,
    privacy_policies: [`${repository}/blob/main/docs/privacy.md`],
    icon: 'icon.png',
    screenshots: screenshots(),
    server: {
      type: 'node',
      entry_point: 'dist/main.js',
      mcp_config: {
        command: 'node',
        // Several folders become several arguments; the format has no other representation.
        args: ['${__dirname}/dist/main.js', '--local-folders', '${user_config.local_folders}'],
        env: Object.fromEntries(
          settings
            .filter((option) => option.key !== 'localFolders')
            .map((option) => [option.env, `\${user_config.${snake(option.key)}}`]),
        ),
      },
    },
    tools: select({ toolsets: ['files'], readOnly: false, local: true }).map(({ name, summary }) => ({
      name,
      description: summary,
    })),
    prompts: prompts.map(({ name, description, argument, text }) => ({
      name,
      description,
      arguments: [argument.name],
      text: text.replace(`\${${argument.name}}`, `\${arguments.${argument.name}}`),
    })),
    user_config: Object.fromEntries(settings.map((option) => [snake(option.key), question(option)])),
    compatibility: { platforms: ['darwin', 'win32', 'linux'], runtimes: { node: manifest.engines.node } },
  };
}

function question(option: Option): Record<string, unknown> {
  const { title = option.key, type = 'string', multiple } = asked[option.key as OptionKey] ?? {};
  return {
    type,
    title,
    description: option.help,
    required: ['url', 'username', 'password'].includes(option.key),
    ...(option.kind === 'secret' ? { sensitive: true } : {}),
    ...(multiple ? { multiple } : {}),
    ...(option.key === 'localFolders' ? { default: ['${DOWNLOADS}'] } : {}),
    ...(option.fallback === undefined
      ? {}
      : { default: type === 'boolean' ? option.fallback === 'true' : option.fallback }),
  };
}

function snake(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The entry in the MCP registry (server.json, schema 2025-12-11). */
export function registryEntry(): Record<string, unknown> {
  return {
    $schema: 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json',
    name: manifest.mcpName,
    title: 'Nextcloud Files',
    description:
      'The files of a Nextcloud: list, read, search, upload, download, move, copy, delete, safely.',
    repository: { url: repository, source: 'github' },
    version: manifest.version,
    packages: [
      {
        registryType: 'npm',
        identifier: manifest.name,
        version: manifest.version,
        runtimeHint: 'npx',
        transport: { type: 'stdio' },
        environmentVariables: options
          .filter((option: Option) => !option.http)
          .map((option: Option) => ({
            name: option.env,
            description: option.help,
            isRequired: ['url', 'username', 'password'].includes(option.key),
            isSecret: option.kind === 'secret',
            ...(option.fallback === undefined
              ? { placeholder: option.example }
              : { default: option.fallback }),
          })),
      },
    ],
  };
}
