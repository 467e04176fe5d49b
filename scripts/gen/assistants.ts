import { clients, entryFor } from '../../src/cli/clients/table.ts';
import type { Client, Server } from '../../src/cli/clients/table.ts';
import { addTomlEntry } from '../../src/cli/clients/toml-file.ts';
import type { Machine } from '../../src/machine.ts';
import { name } from '../../src/version.ts';
import { wrapped } from './tables.ts';

const server: Server = { command: 'npx', args: ['-y', name] };

/** The sentence of the README: each assistant with its name for `install`, and its page. */
export function assistantList(): string {
  const each = clients.map(({ id, title }) => `[${title}](docs/assistants/${id}.md) (\`${id}\`)`);
  return wrapped(`The assistants: ${each.join(', ')}.`);
}

/** The buttons of the README: addresses with which a program adds the server itself. */
export function installButtons(): string {
  return buttons.map(({ title, image, link }) => `[![${title}](${image})](${link})`).join('\n');
}

/** The entry without what only the file of a program needs. */
const entry = JSON.stringify({ command: server.command, args: server.args });
const base64 = Buffer.from(entry).toString('base64');

const buttons = [
  {
    title: 'Install in VS Code',
    image: 'https://img.shields.io/badge/VS_Code-Install-0098FF?style=flat-square',
    link: `https://vscode.dev/redirect/mcp/install?name=nextcloud&config=${encodeURIComponent(entry)}`,
  },
  {
    title: 'Install in Cursor',
    image: 'https://img.shields.io/badge/Cursor-Install-000000?style=flat-square',
    link: `https://cursor.com/en/install-mcp?name=nextcloud&config=${encodeURIComponent(base64)}`,
  },
  {
    title: 'Install in LM Studio',
    image: 'https://img.shields.io/badge/LM_Studio-Install-4B32C3?style=flat-square',
    link: `https://lmstudio.ai/install-mcp?name=nextcloud&config=${encodeURIComponent(base64)}`,
  },
] as const;

/** A page for each assistant, by the name of its file. */
export function assistantPages(): ReadonlyMap<string, string> {
  return new Map(clients.map((client) => [`docs/assistants/${client.id}.md`, page(client)]));
}

function page(client: Client): string {
  const { id, title, next, manual } = client;
  return `# ${title}

<!-- Made from src/cli/clients/table.ts by "npm run gen". -->

> The npm package is not published yet. The [README](../../README.md#connect-your-assistant) says how to use a clone.

## With one command

\`\`\`sh
npx ${name} login https://cloud.example.com   # once: sign in with your browser
npx ${name} install ${id}
\`\`\`

The second command shows the change, leaves the rest of the file as it is, and makes a backup. ${next}

Then say: _Test the connection to my Nextcloud._ If something is wrong, the answer says what to do, and so does
\`npx ${name} doctor\`.
${more[id] ?? ''}
## By hand

Put this into the configuration file. With a clone, the command is \`node\`, and its first argument is the path of
\`dist/main.js\` in the clone.

${example(client)}

| system | file |
|---|---|
${places(client)}
${beside[id] ?? ''}
If you have signed in with \`login\`, that is all: the server gets the app password from the keychain of your computer.
Otherwise set \`NEXTCLOUD_URL\`, \`NEXTCLOUD_USERNAME\` and \`NEXTCLOUD_PASSWORD\` in the environment of the server (\`env\`).
The password is then readable in that file. All settings are in [settings](../settings.md).

Limits can be arguments: \`"args": ["-y", "${name}", "--read-only", "--roots", "/Documents"]\`.

## Remove it

\`\`\`sh
npx ${name} uninstall ${id}
npx ${name} logout      # also revokes the app password in the Nextcloud
\`\`\`

The manual of ${title}: <${manual}>. If something does not work: [troubleshooting](../troubleshooting.md).
`;
}

/** What the table of files does not tell. */
const beside: Readonly<Partial<Record<string, string>>> = {
  'claude-desktop': `
On Windows, Claude Desktop usually is a package. It then reads
\`%LOCALAPPDATA%\\Packages\\Claude_...\\LocalCache\\Roaming\\Claude\\claude_desktop_config.json\` instead. \`install\` writes the
file that is read.
`,
};

const more: Readonly<Partial<Record<string, string>>> = {
  'claude-desktop': `
## With the bundle

Download \`${name}-VERSION.mcpb\` from the releases and open it. Claude Desktop shows what it can do, and asks for the
address, the login name and the app password, which it stores in the keychain of the system. You do not need Node.js.

![The tools in a client](../pictures/inspector.png)
`,
};

function example(client: Client): string {
  if (client.format === 'toml')
    return `\`\`\`toml\n${addTomlEntry('', client.key, 'nextcloud', server).trim()}\n\`\`\``;
  return `\`\`\`json\n${JSON.stringify({ [client.key]: { nextcloud: entryFor(client, server) } }, null, 2)}\n\`\`\``;
}

function places(client: Client): string {
  const systems: readonly (readonly [string, Machine])[] = [
    ['Linux', { platform: 'linux', home: '~', env: {} }],
    ['macOS', { platform: 'darwin', home: '~', env: {} }],
    ['Windows', { platform: 'win32', home: 'C:\\Users\\you', env: {} }],
  ];
  return systems
    .map(
      ([system, machine]) =>
        `| ${system} | \`${client.file(machine).replace('C:\\Users\\you', '%USERPROFILE%')}\` |`,
    )
    .join('\n');
}
