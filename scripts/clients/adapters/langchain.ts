import { AIMessage } from '@langchain/core/messages';
import type { ToolMessage } from '@langchain/core/messages';
import { ToolNode } from '@langchain/langgraph/prebuilt';
import { MultiServerMCPClient } from '@langchain/mcp-adapters';
import type { Connect } from '../client.ts';

/** The tools in a `ToolNode`, the part of LangGraph that answers the calls of a model. */
export const connect: Connect = async (target) => {
  let onProgress: ((done: number) => void) | undefined;
  const { command, args, env, url, token } = target;
  const client = new MultiServerMCPClient({
    onProgress: ({ progress }) => onProgress?.(progress),
    mcpServers: {
      files:
        target.transport === 'stdio'
          ? { transport: 'stdio', command, args: [...args], env: { ...env }, stderr: 'ignore' }
          : { transport: 'http', url, headers: { authorization: `Bearer ${token}` } },
    },
  });
  const tools = await client.getTools();
  const node = new ToolNode(tools);
  return {
    tools: async () => tools.map(({ name }) => name),
    call: async (name, input, options) => {
      ({ onProgress } = options);
      const asked = new AIMessage({ content: '', tool_calls: [{ id: 'call', name, args: { ...input } }] });
      const { signal } = options;
      const { messages } = (await node.invoke({ messages: [asked] }, { signal })) as {
        messages: ToolMessage[];
      };
      const content = messages[0]?.content ?? '';
      if (typeof content === 'string') return { text: content, pictures: [] };
      const pictures = content.filter(({ type }) => type === 'image_url' || type === 'image');
      return {
        text: content.map((part) => ('text' in part ? String(part.text) : '')).join('\n'),
        pictures: pictures.map((part) => mimeTypeOf(part)),
      };
    },
    close: async () => client.close(),
  };
};

function mimeTypeOf(part: Record<string, unknown>): string {
  const url = (part['image_url'] as { url?: string } | undefined)?.url ?? '';
  return /^data:([^;]+);base64,./.exec(url)?.[1] ?? 'not known';
}
