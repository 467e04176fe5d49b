/** How each assistant is told about a server: what to paste, and where. */
export interface ClientSettings {
  readonly client: string;
  readonly where: string;
  readonly text: string;
}

export function clientSettings(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): ClientSettings[] {
  const server = { command, args, env };
  const assignments = Object.entries(env).map(([key, value]) => `${key}=${quoted(value)}`);
  const run = [command, ...args].map(quoted).join(' ');
  return [
    {
      client: 'Claude Desktop',
      where: 'Settings, Developer, Edit Config (claude_desktop_config.json), then restart it',
      text: JSON.stringify({ mcpServers: { nextcloud: server } }, null, 2),
    },
    {
      client: 'Claude Code',
      where: 'in a terminal',
      text: `claude mcp add nextcloud ${assignments.map((pair) => `--env ${pair}`).join(' ')} -- ${run}`,
    },
    {
      client: 'VS Code',
      where: '.vscode/mcp.json',
      text: JSON.stringify({ servers: { nextcloud: { type: 'stdio', ...server } } }, null, 2),
    },
    {
      client: 'MCP Inspector',
      where: 'in a terminal',
      text: `npx @modelcontextprotocol/inspector ${assignments.map((pair) => `-e ${pair}`).join(' ')} ${run}`,
    },
  ];
}

function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
