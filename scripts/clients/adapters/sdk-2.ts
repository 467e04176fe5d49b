import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { shownParts } from '../client.ts';
import type { Connect, Target } from '../client.ts';

/** A client written with the SDK 2.x, which speaks the current revision where the server does. */
export const connect: Connect = async (target) => {
  const client = new Client({ name: 'matrix', version: '1.0.0' }, { versionNegotiation: { mode: 'auto' } });
  await client.connect(transportOf(target));
  return {
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, args, { signal, onProgress }) => {
      const { content } = await client.callTool(
        { name, arguments: { ...args } },
        { signal, onprogress: ({ progress }) => onProgress(progress) },
      );
      return shownParts(content);
    },
    close: async () => client.close(),
  };
};

function transportOf(target: Target): StdioClientTransport | StreamableHTTPClientTransport {
  if (target.transport === 'http')
    return new StreamableHTTPClientTransport(new URL(target.url), {
      requestInit: { headers: { authorization: `Bearer ${target.token}` } },
    });
  const { command, args, env } = target;
  return new StdioClientTransport({ command, args: [...args], env: { ...env }, stderr: 'ignore' });
}
