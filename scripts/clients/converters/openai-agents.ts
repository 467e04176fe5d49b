import { getAllMcpTools, MCPServerStdio, setTracingDisabled } from '@openai/agents';
import type { Convert, ToolSchema } from '../conversion.ts';

/** By itself 5: too few where much else runs. */
const clientSessionTimeoutSeconds = 50;

export const convert: Convert = async ({ command, args, env }) => {
  setTracingDisabled(true);
  const server = new MCPServerStdio({
    name: 'files',
    command,
    args: [...args],
    env: { ...env },
    clientSessionTimeoutSeconds,
  });
  await server.connect();
  const tools = await getAllMcpTools({ mcpServers: [server], convertSchemasToStrict: true });
  await server.close();
  return tools.map((tool) => {
    if (tool.type !== 'function') throw new Error(`${tool.name} is no function`);
    if (!tool.strict) throw new Error(`${tool.name} is not strict`);
    return { name: tool.name, description: tool.description, schema: tool.parameters as ToolSchema };
  });
};
