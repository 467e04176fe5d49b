import { createMCPClient } from '@ai-sdk/mcp';
import { Experimental_StdioMCPTransport as StdioTransport } from '@ai-sdk/mcp/mcp-stdio';
import type { Connect } from '../client.ts';

/** `execute` and `toModelOutput` are what the AI SDK calls for a model. */
export const connect: Connect = async (target) => {
  const { command, args, env, url, token } = target;
  const client = await createMCPClient({
    transport:
      target.transport === 'stdio'
        ? new StdioTransport({ command, args: [...args], env: { ...env }, stderr: 'ignore' })
        : { type: 'http', url, headers: { authorization: `Bearer ${token}` } },
  });
  const tools = await client.tools();
  return {
    tools: async () => Object.keys(await client.tools()),
    call: async (name, input, { signal }) => {
      const tool = tools[name];
      if (!tool) throw new Error(`no tool ${name}`);
      const toolCallId = 'call';
      const output = await tool.execute(input, {
        toolCallId,
        messages: [],
        abortSignal: signal,
        context: {},
      });
      const shown = await tool.toModelOutput?.({ toolCallId, input, output });
      if (shown?.type !== 'content') return { text: JSON.stringify(shown), pictures: [] };
      return {
        text: shown.value.flatMap((part) => (part.type === 'text' ? part.text : [])).join('\n'),
        pictures: shown.value.flatMap((part) => (part.type === 'file' ? part.mediaType : [])),
      };
    },
    close: async () => client.close(),
  };
};
