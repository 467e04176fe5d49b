import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shownParts } from '../client.ts';
import type { Connect, Target } from '../client.ts';
import { runProgram } from './command.ts';

export const launcher = join(
  import.meta.dirname,
  '../../../node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js',
);

interface Printed {
  readonly result: {
    readonly tools?: readonly { name: string }[];
    readonly content?: Parameters<typeof shownParts>[0];
  };
}

/** `mcp-inspector --cli`, a process for each call. */
export const connect: Connect = async (target) => {
  const config = configOf(target);
  const ask = async (args: readonly string[], signal?: AbortSignal): Promise<Printed['result']> => {
    const all = ['--cli', '--config', config, '--server', 'files', ...args, '--format', 'json'];
    const { stdout, stderr } = await runProgram(launcher, all, { ...target, signal });
    if (!stdout.startsWith('{')) throw new Error(stderr);
    return (JSON.parse(stdout) as Printed).result;
  };
  const tools = async (): Promise<string[]> =>
    ((await ask(['--method', 'tools/list'])).tools ?? []).map(({ name }) => name);
  await tools();
  return {
    tools,
    call: async (name, args, { signal }) => {
      const { content = [] } = await ask(
        ['--method', 'tools/call', '--tool-name', name, '--tool-args-json', JSON.stringify(args)],
        signal,
      );
      return shownParts(content);
    },
    close: async () => undefined,
  };
};

/** The server in a file as for other clients. */
export function configOf({ transport, command, args, env, url, token, home }: Target): string {
  const file = join(home, 'inspector.json');
  const files =
    transport === 'stdio'
      ? { type: 'stdio', command, args, env }
      : { type: 'streamable-http', url, headers: { Authorization: `Bearer ${token}` } };
  writeFileSync(file, JSON.stringify({ mcpServers: { files } }));
  return file;
}
