import { createMCPClient } from '@ai-sdk/mcp';
import { Experimental_StdioMCPTransport as StdioTransport } from '@ai-sdk/mcp/mcp-stdio';
import type { Convert, ToolSchema } from '../conversion.ts';

export const convert: Convert = async ({ command, args, env }) => {
  const transport = new StdioTransport({ command, args: [...args], env: { ...env }, stderr: 'ignore' });
  const client = await createMCPClient({ transport });
  const tools = Object.entries(await client.tools());
  await client.close();
  return Promise.all(
    tools.map(async ([name, { description, inputSchema }]) => ({
      name,
      description: typeof description === 'string' ? description : '',
      schema: await (inputSchema as { jsonSchema: ToolSchema | Promise<ToolSchema> }).jsonSchema,
    })),
  );
};
