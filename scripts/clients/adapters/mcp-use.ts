import { MCPClient } from 'mcp-use/client';
import { LangChainAdapter } from 'mcp-use/adapters';
import { shownParts } from '../client.ts';
import type { Connect } from '../client.ts';

/** The tools as an `MCPAgent` has them: a model is shown the whole result as JSON, whose escapes are undone here. */
export const connect: Connect = async (target) => {
  const { command, args, env, url, token } = target;
  const client = new MCPClient({
    mcpServers: {
      files:
        target.transport === 'stdio'
          ? { command, args: [...args], env: { ...env } }
          : { url, headers: { Authorization: `Bearer ${token}` } },
    },
  });
  const session = await client.createSession('files');
  const tools = await new LangChainAdapter().createToolsFromConnectors([session.connector]);
  return {
    tools: async () => tools.map(({ name }) => name),
    call: async (name, input, { signal }) => {
      const tool = tools.find((one) => one.name === name);
      const shown: unknown = await tool?.invoke({ ...input }, { signal });
      const { content } = JSON.parse(shown as string) as { content: Parameters<typeof shownParts>[0] };
      return { ...shownParts(content), pictures: [] };
    },
    close: async () => client.closeAllSessions(),
  };
};
