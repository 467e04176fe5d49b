import type { Connect, Connected, Target } from '../client.ts';
import { shownParts } from '../client.ts';

/** What the releases of the SDK 1.x have in common. Their types differ in what does not matter here. */
export interface Sdk {
  readonly Client: new (info: { name: string; version: string }) => unknown;
  readonly StdioClientTransport: new (server: {
    command: string;
    args: string[];
    env: Record<string, string>;
    stderr: 'ignore';
  }) => unknown;
  readonly StreamableHTTPClientTransport: new (
    url: URL,
    options: { requestInit: { headers: Record<string, string> } },
  ) => unknown;
}

interface SdkClient {
  connect(transport: unknown): Promise<void>;
  listTools(): Promise<{ tools: readonly { name: string }[] }>;
  callTool(
    params: { name: string; arguments: object },
    schema: undefined,
    options: { signal: AbortSignal; onprogress: (progress: { progress: number }) => void },
  ): Promise<{ content: Parameters<typeof shownParts>[0] }>;
  close(): Promise<void>;
}

/** A client written with the SDK 1.x, in the way of its own documentation. */
export function sdkConnect(sdk: Sdk): Connect {
  return async (target) => {
    const client = new sdk.Client({ name: 'matrix', version: '1.0.0' }) as SdkClient;
    await client.connect(transportOf(sdk, target));
    return {
      tools: async () => (await client.listTools()).tools.map(({ name }) => name),
      call: async (name, args, { signal, onProgress }) => {
        const onprogress = ({ progress }: { progress: number }): void => onProgress(progress);
        const { content } = await client.callTool({ name, arguments: args }, undefined, {
          signal,
          onprogress,
        });
        return shownParts(content);
      },
      close: async () => client.close(),
    } satisfies Connected;
  };
}

function transportOf(sdk: Sdk, target: Target): unknown {
  if (target.transport === 'http')
    return new sdk.StreamableHTTPClientTransport(new URL(target.url), {
      requestInit: { headers: { authorization: `Bearer ${target.token}` } },
    });
  return new sdk.StdioClientTransport({
    command: target.command,
    args: [...target.args],
    env: { ...target.env },
    stderr: 'ignore',
  });
}
