import { Client as ModernClient } from '@modelcontextprotocol/client';
import { StreamableHTTPClientTransport as ModernHttp } from '@modelcontextprotocol/client';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as LegacyHttp } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { Agent, fetch as undiciFetch } from 'undici';
import { TOKEN } from '../../test/support/line.ts';

export type Call = readonly [name: string, args: Readonly<Record<string, unknown>>];

/** One client with its own connections, from its own loopback address where the system has several (Linux). */
export class Member {
  readonly #client: ModernClient | LegacyClient;
  readonly #agent: Agent;
  readonly #end: () => Promise<void>;

  private constructor(
    client: ModernClient | LegacyClient,
    agent: Agent,
    end: () => Promise<void> = async () => undefined,
  ) {
    this.#client = client;
    this.#agent = agent;
    this.#end = end;
  }

  /** Every second client uses the older SDK, with a session. @param headers of every request, beside the token */
  static async join(
    url: string,
    index: number,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Member> {
    const localAddress = `127.0.${1 + Math.floor(index / 250)}.${1 + (index % 250)}`;
    const agent = new Agent({
      connections: 4,
      ...(process.platform === 'linux' ? { localAddress } : {}),
    });
    const options = {
      requestInit: { headers: { authorization: `Bearer ${TOKEN}`, ...headers } },
      fetch: (async (address: string | URL, init?: RequestInit) =>
        undiciFetch(address, { ...(init as object), dispatcher: agent })) as unknown as typeof fetch,
    };
    const info = { name: 'crowd', version: '1.0.0' };
    const address = new URL('/mcp', url);
    if (index % 2 === 0) {
      const client = new ModernClient(info, { versionNegotiation: { mode: 'auto' } });
      await client.connect(new ModernHttp(address, options));
      return new Member(client, agent);
    }
    const client = new LegacyClient(info);
    const transport = new LegacyHttp(address, options);
    await client.connect(transport);
    return new Member(client, agent, async () => transport.terminateSession());
  }

  /** @throws Error when the call fails in any way */
  async call([name, args]: Call): Promise<void> {
    const result = await this.#client.callTool({ name, arguments: { ...args } });
    if (result.isError) throw new Error(`${name} ${JSON.stringify(args)}: ${JSON.stringify(result.content)}`);
  }

  async leave(): Promise<void> {
    await this.#end();
    await this.#client.close();
    await this.#agent.destroy();
  }
}

export async function gather(url: string, count: number): Promise<Member[]> {
  const members: Member[] = [];
  for (let index = 0; index < count; index += 20)
    members.push(
      ...(await Promise.all(
        Array.from({ length: Math.min(20, count - index) }, async (_, offset) =>
          Member.join(url, index + offset),
        ),
      )),
    );
  return members;
}
