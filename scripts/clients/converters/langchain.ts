import { convertToOpenAITool } from '@langchain/core/utils/function_calling';
import { MultiServerMCPClient } from '@langchain/mcp-adapters';
import type { Convert } from '../conversion.ts';

/** What the models of LangChain bind: the declaration of a function as for OpenAI. */
export const convert: Convert = async ({ command, args, env }) => {
  const files = {
    transport: 'stdio' as const,
    command,
    args: [...args],
    env: { ...env },
    stderr: 'ignore' as const,
  };
  const client = new MultiServerMCPClient({ mcpServers: { files } });
  const tools = await client.getTools();
  await client.close();
  return tools.map((tool) => {
    const { name, description = '', parameters } = convertToOpenAITool(tool).function;
    return { name, description, schema: parameters };
  });
};
