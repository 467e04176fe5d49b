import {
  Agent,
  MCPServerStdio,
  MCPServerStreamableHttp,
  run,
  setTracingDisabled,
  Usage,
} from '@openai/agents';
import type { Model, ModelRequest, ModelResponse } from '@openai/agents';
import type { Connect, Shown } from '../client.ts';

/** By itself 5: too few where much else runs. */
const clientSessionTimeoutSeconds = 50;

/**
 * An agent whose model makes the one call that is asked for, and notes what it is shown of the result. Strict schemas
 * require every parameter, so it fills in null for the others, as such models do.
 */
export const connect: Connect = async (target) => {
  setTracingDisabled(true);
  const { command, args, env, url, token } = target;
  const server =
    target.transport === 'stdio'
      ? new MCPServerStdio({
          name: 'files',
          command,
          args: [...args],
          env: { ...env },
          clientSessionTimeoutSeconds,
        })
      : new MCPServerStreamableHttp({
          name: 'files',
          clientSessionTimeoutSeconds,
          url,
          requestInit: { headers: { authorization: `Bearer ${token}` } },
        });
  await server.connect();
  return {
    tools: async () => (await server.listTools()).map(({ name }) => name),
    call: async (name, input, { signal }) => {
      const model = new OneCall(name, input);
      const agent = new Agent({
        name: 'matrix',
        model,
        mcpServers: [server],
        mcpConfig: { convertSchemasToStrict: true },
      });
      await run(agent, 'Go on', { signal });
      return model.shown();
    },
    close: async () => server.close(),
  };
};

class OneCall implements Model {
  readonly #name: string;
  readonly #args: Readonly<Record<string, unknown>>;
  #seen: readonly ModelRequest['input'][number][] = [];

  constructor(name: string, args: Readonly<Record<string, unknown>>) {
    this.#name = name;
    this.#args = args;
  }

  async getResponse({ input, tools }: ModelRequest): Promise<ModelResponse> {
    const tool = tools.find((one) => one.type === 'function' && one.name === this.#name);
    const { required } = (tool as { parameters: { required: readonly string[] } }).parameters;
    const args = { ...Object.fromEntries(required.map((name) => [name, null])), ...this.#args };
    this.#seen = typeof input === 'string' ? [] : input;
    const called = this.#seen.some(
      (item) => typeof item === 'object' && item.type === 'function_call_result',
    );
    return {
      usage: new Usage(),
      output: called
        ? [
            {
              type: 'message',
              role: 'assistant',
              status: 'completed',
              content: [{ type: 'output_text', text: 'Done' }],
            },
          ]
        : [
            {
              type: 'function_call',
              callId: 'call',
              status: 'completed',
              name: this.#name,
              arguments: JSON.stringify(args),
            },
          ],
    };
  }

  // eslint-disable-next-line require-yield -- it is never asked to stream
  async *getStreamedResponse(): AsyncGenerator<never> {
    throw new Error('not used');
  }

  shown(): Shown {
    const result = this.#seen.find(
      (item) => typeof item === 'object' && item.type === 'function_call_result',
    );
    const { output } = result as { output: unknown };
    const parts = (Array.isArray(output) ? output : [output]) as (string | Record<string, unknown>)[];
    return {
      text: parts.map((part) => (typeof part === 'string' ? part : textOf(part))).join('\n'),
      pictures: parts.flatMap((part) =>
        typeof part === 'object' && /image/.test(String(part['type'])) ? mimeTypeOf(part) : [],
      ),
    };
  }
}

function textOf({ text }: Record<string, unknown>): string {
  return typeof text === 'string' ? text : '';
}

function mimeTypeOf({ image }: Record<string, unknown>): string {
  if (typeof image === 'string') return /^data:([^;]+);base64,./.exec(image)?.[1] ?? '';
  return (image as { mediaType?: string } | undefined)?.mediaType ?? '';
}
