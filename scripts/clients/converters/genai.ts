import { mcpToTool } from '@google/genai';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { Convert, ToolSchema } from '../conversion.ts';

export const convert: Convert = async ({ command, args, env }) => {
  const client = new Client({ name: 'converters', version: '1.0.0' });
  await client.connect(
    new StdioClientTransport({ command, args: [...args], env: { ...env }, stderr: 'ignore' }),
  );
  const { functionDeclarations = [] } = await mcpToTool(client).tool();
  await client.close();
  return functionDeclarations.map(({ name = '', description = '', parameters, parametersJsonSchema }) => ({
    name,
    description,
    schema: (parameters ?? parametersJsonSchema) as ToolSchema,
  }));
};
