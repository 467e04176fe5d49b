import { shellQuoted } from '../terminal/shell-lines.ts';
import { clientOf, entryFor } from './table.ts';
import type { ClientId, Server } from './table.ts';

/** The configuration to paste into an assistant, and where to paste it. */
export interface ClientSettings {
  readonly client: string;
  readonly where: string;
  readonly text: string;
}

export function clientSettings(server: Server): ClientSettings[] {
  const { command, args, env = {} } = server;
  const assignments = Object.entries(env).map(([key, value]) => `${key}=${shellQuoted(value)}`);
  const run = [command, ...args].map(shellQuoted).join(' ');
  const json = (id: ClientId): string => {
    const client = clientOf(id);
    if (!client) throw new Error(`There is no client ${id}`);
    return JSON.stringify({ [client.key]: { nextcloud: entryFor(client, server) } }, null, 2);
  };
  return [
    {
      client: 'Claude Desktop',
      where: 'Settings, Developer, Edit Config (claude_desktop_config.json), then restart it',
      text: json('claude-desktop'),
    },
    {
      client: 'Claude Code',
      where: 'in a terminal',
      text: `claude mcp add nextcloud ${assignments.map((pair) => `--env ${pair}`).join(' ')} -- ${run}`,
    },
    { client: 'VS Code', where: '.vscode/mcp.json', text: json('vscode') },
    {
      client: 'MCP Inspector',
      where: 'in a terminal',
      text: `npx @modelcontextprotocol/inspector ${assignments.map((pair) => `-e ${pair}`).join(' ')} ${run}`,
    },
  ];
}
