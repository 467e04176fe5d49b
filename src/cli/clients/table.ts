import { pathJoin } from '../../machine.ts';
import type { Machine } from '../../machine.ts';
import { claudeDesktopFile } from './claude-desktop.ts';

/** The command with which a client starts the server. */
export interface Server {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** An assistant, and where and in which format it stores its MCP servers. */
export interface Client {
  readonly id: string;
  readonly title: string;
  readonly format: 'json' | 'toml';
  /** The key under which the file has the servers. */
  readonly key: string;
  /** What the client needs besides command, arguments and environment. */
  readonly more?: Readonly<Record<string, string>>;
  /** The configuration file of the current user. */
  readonly file: (machine: Machine) => string;
  /** Commands on the PATH that tell that the client is installed. */
  readonly commands: readonly string[];
  /** What makes the client read the file again. */
  readonly next: string;
  /** The documentation on which this row is based. */
  readonly manual: string;
}

export const clients = [
  {
    id: 'claude-desktop',
    title: 'Claude Desktop',
    format: 'json',
    key: 'mcpServers',
    file: (machine) => claudeDesktopFile(machine, appData(machine)),
    commands: ['claude-desktop'],
    next: 'Quit Claude Desktop and start it again.',
    manual: 'https://modelcontextprotocol.io/docs/develop/connect-local-servers',
  },
  {
    id: 'claude-code',
    title: 'Claude Code',
    format: 'json',
    key: 'mcpServers',
    more: { type: 'stdio' },
    file: (machine) => below(machine.env['CLAUDE_CONFIG_DIR'] ?? machine.home, machine, '.claude.json'),
    commands: ['claude'],
    next: 'Start a new session; /mcp shows the server.',
    manual: 'https://docs.claude.com/en/docs/claude-code/mcp',
  },
  {
    id: 'vscode',
    title: 'VS Code',
    format: 'json',
    key: 'servers',
    more: { type: 'stdio' },
    file: (machine) => below(appData(machine), machine, 'Code', 'User', 'mcp.json'),
    commands: ['code'],
    next: 'Run "MCP: List Servers" in the command palette and start it.',
    manual: 'https://code.visualstudio.com/docs/copilot/customization/mcp-servers',
  },
  {
    id: 'cursor',
    title: 'Cursor',
    format: 'json',
    key: 'mcpServers',
    file: (machine) => below(machine.home, machine, '.cursor', 'mcp.json'),
    commands: ['cursor'],
    next: 'Open Settings, Tools & MCP, and switch the server on.',
    manual: 'https://cursor.com/docs/context/mcp',
  },
  {
    id: 'windsurf',
    title: 'Windsurf',
    format: 'json',
    key: 'mcpServers',
    file: (machine) => below(machine.home, machine, '.codeium', 'windsurf', 'mcp_config.json'),
    commands: ['windsurf'],
    next: 'Refresh the servers in the Cascade panel.',
    manual: 'https://docs.windsurf.com/windsurf/cascade/mcp',
  },
  {
    id: 'zed',
    title: 'Zed',
    format: 'json',
    key: 'context_servers',
    more: { source: 'custom' },
    file: (machine) => {
      if (machine.platform === 'win32') return below(appData(machine), machine, 'Zed', 'settings.json');
      return below(
        machine.env['XDG_CONFIG_HOME'] ?? pathJoin('linux', machine.home, '.config'),
        machine,
        'zed',
        'settings.json',
      );
    },
    commands: ['zed', 'zeditor'],
    next: 'Open the settings of the agent panel to see the server.',
    manual: 'https://zed.dev/docs/ai/mcp',
  },
  {
    id: 'gemini-cli',
    title: 'Gemini CLI',
    format: 'json',
    key: 'mcpServers',
    file: (machine) => below(machine.home, machine, '.gemini', 'settings.json'),
    commands: ['gemini'],
    next: 'Start a new session; /mcp shows the server.',
    manual: 'https://github.com/google-gemini/gemini-cli/blob/main/docs/tools/mcp-server.md',
  },
  {
    id: 'codex',
    title: 'Codex',
    format: 'toml',
    key: 'mcp_servers',
    file: (machine) =>
      below(
        machine.env['CODEX_HOME'] ?? pathJoin(machine.platform, machine.home, '.codex'),
        machine,
        'config.toml',
      ),
    commands: ['codex'],
    next: 'Start a new session; /mcp shows the server.',
    manual: 'https://developers.openai.com/codex/mcp',
  },
  {
    id: 'lm-studio',
    title: 'LM Studio',
    format: 'json',
    key: 'mcpServers',
    file: (machine) => below(machine.home, machine, '.lmstudio', 'mcp.json'),
    commands: ['lms'],
    next: 'Switch the server on in the Program tab.',
    manual: 'https://lmstudio.ai/docs/app/mcp',
  },
] as const satisfies readonly Client[];

export type ClientId = (typeof clients)[number]['id'];

export function clientOf(id: string): Client | undefined {
  return clients.find((client) => client.id === id);
}

/** The entry of the server in the client's file. */
export function entryFor({ more }: Client, { command, args, env = {} }: Server): Record<string, unknown> {
  return { ...more, command, args: [...args], ...(Object.keys(env).length === 0 ? {} : { env: { ...env } }) };
}

// The folder where programs store the settings of a user.
function appData({ platform, env, home }: Machine): string {
  if (platform === 'win32') return env['APPDATA'] ?? pathJoin(platform, home, 'AppData', 'Roaming');
  if (platform === 'darwin') return pathJoin(platform, home, 'Library', 'Application Support');
  return env['XDG_CONFIG_HOME'] ?? pathJoin(platform, home, '.config');
}

function below(folder: string, { platform }: Machine, ...names: string[]): string {
  return pathJoin(platform, folder, ...names);
}
