import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Connect, Target } from '../client.ts';
import { installed, runProgram } from './command.ts';

const cli = installed('mcporter/dist/cli.js');

/** The command line of mcporter, a process for each call. What it prints is what an agent that runs it is shown. */
export const connect: Connect = async (target) => {
  const config = ['--config', configOf(target)];
  const tools = async (): Promise<string[]> => {
    const { stdout, stderr } = await runProgram(cli, [...config, 'list', 'files', '--json'], target);
    if (!stdout.startsWith('{')) throw new Error(stderr || stdout);
    const listed = JSON.parse(stdout) as { status: string; error?: string; tools?: { name: string }[] };
    if (!listed.tools) throw new Error(`${listed.status}: ${listed.error}`);
    return listed.tools.map(({ name }) => name);
  };
  await tools();
  return {
    tools,
    call: async (name, args, { signal }) => {
      const pictures = mkdtempSync(join(target.home, 'pictures-'));
      const { stdout, stderr } = await runProgram(
        cli,
        [...config, 'call', `files.${name}`, '--args', JSON.stringify(args), '--save-images', pictures],
        { ...target, signal },
      );
      return {
        text: `${stdout}\n${stderr}`,
        pictures: readdirSync(pictures).map((file) => mimeTypeOf(readFileSync(join(pictures, file)))),
      };
    },
    close: async () => undefined,
  };
};

function configOf({ transport, command, args, env, url, token, home }: Target): string {
  const file = join(home, 'mcporter.json');
  const files =
    transport === 'stdio'
      ? { command, args, env }
      : { baseUrl: url, headers: { Authorization: `Bearer ${token}` } };
  writeFileSync(file, JSON.stringify({ mcpServers: { files }, imports: [] }));
  return file;
}

function mimeTypeOf(picture: Buffer): string {
  return picture.subarray(1, 4).toString('latin1') === 'PNG' ? 'image/png' : 'unknown';
}
