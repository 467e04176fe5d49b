import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { seed, startEmbeddedNextcloud } from '../../embedded-nextcloud/index.ts';
import type { EmbeddedNextcloud } from '../../embedded-nextcloud/index.ts';
import { machine } from '../../config/config.ts';
import { AppError } from '../../errors.ts';
import { version } from '../../version.ts';
import { readCommandLine } from '../command-line/arguments.ts';
import { clientSettings } from '../clients/paste.ts';
import { steps } from './demo-steps.ts';
import type { StepAnswer, Step } from './demo-steps.ts';
import { program } from '../terminal/program.ts';
import { exportLines } from '../terminal/shell-lines.ts';
import { bold, cyan, dim, green, red } from '../terminal/paint.ts';
import { print } from '../terminal/print.ts';

/** In the form of a real app password, so that `doctor` has nothing to say about it. */
const PASSWORD = 'demo1-demo2-demo3-demo4-demo5';
const users = [{ id: 'demo', password: PASSWORD }];
const DEMO_PORT = 8484;
const SHOWN_LINES = 12;

/** `demo`: runs the tools on an embedded Nextcloud. The exit code is 0 only if every result is as expected. */
export async function demoCommand(argv: readonly string[]): Promise<void> {
  const { flags } = readCommandLine('demo', argv);
  const keep = flags['keep'] !== undefined || flags['port'] !== undefined;
  const cloud = keep ? await startAt(flags['port']) : await startEmbeddedNextcloud({ users });
  const downloads = mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-demo-'));
  seed(cloud);
  print(`${bold('An embedded Nextcloud')} at ${cloud.url}, with sample files in it.\n`);
  try {
    if (keep) await keepRunning(cloud, downloads);
    else await runSteps(cloud, downloads);
  } finally {
    await cloud.close();
    rmSync(downloads, { recursive: true, force: true });
  }
  if (keep) print('Stopped. All files are deleted.');
}

/** At the port that is asked for, or at the usual one if it is free: what was pasted once is right the next time too. */
async function startAt(asked: string | undefined): Promise<EmbeddedNextcloud> {
  const port = asked === undefined ? DEMO_PORT : Number(asked);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new AppError('config', `${JSON.stringify(asked)} is not a port`, {
      hint: `Example: ${program} demo --port ${DEMO_PORT}`,
    });
  try {
    return await startEmbeddedNextcloud({ port, users });
  } catch (cause) {
    if (asked === undefined) return startEmbeddedNextcloud({ users });
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('config', `The demo cannot listen at port ${port}: ${why}`, {
      cause,
      hint: 'Choose another port.',
    });
  }
}

/** Does what an assistant does: starts the built server as a process and calls it with a real MCP client. */
async function runSteps(cloud: EmbeddedNextcloud, downloads: string): Promise<void> {
  const client = new Client({ name: 'demo', version });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [serverPath()],
      env: { ...settings(cloud), NEXTCLOUD_LOCAL_FOLDERS: downloads, LOG_LEVEL: 'warn' },
      stderr: 'inherit',
    }),
  );
  const started = performance.now();
  let failed = 0;
  for (const [index, step] of steps(cloud, downloads).entries()) {
    const problem = await perform(client, cloud, step, index + 1);
    if (problem !== undefined) failed++;
  }
  await client.close();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const verdict = failed === 0 ? 'Every result is as expected' : `${failed} results are not as expected`;
  print(bold(`${verdict}. ${cloud.requests.length} HTTP requests, ${seconds} s.`));
  if (failed > 0) process.exitCode = 1;
  else print(`\nTry it in your assistant: ${again()} --keep`);
}

async function perform(
  client: Client,
  cloud: EmbeddedNextcloud,
  step: Step,
  number: number,
): Promise<string | undefined> {
  const before = cloud.requests.length;
  const started = performance.now();
  const result = await client.callTool({ name: step.tool, arguments: step.arguments });
  const ms = Math.round(performance.now() - started);
  const requests = cloud.requests.length - before;
  const answer: StepAnswer = {
    isError: result.isError ?? false,
    text: result.content.map((part) => (part.type === 'text' ? part.text : `[${part.type}]`)).join('\n'),
    data: (result.structuredContent ?? {}) as StepAnswer['data'],
  };
  const problem = step.check(answer);
  print(bold(`${number}. ${step.says}`));
  print(cyan(`${step.tool} ${short(JSON.stringify(step.arguments))}`));
  print(indented(forPeople(answer.text)));
  const cost = `${ms} ms, ${requests} HTTP ${requests === 1 ? 'request' : 'requests'}`;
  print(problem === undefined ? green(`  as expected  `) + dim(cost) : red(`  WRONG: ${problem}`));
  print();
  return problem;
}

/** Keeps the Nextcloud running and prints how to connect an assistant to it. */
async function keepRunning(cloud: EmbeddedNextcloud, downloads: string): Promise<void> {
  const env = { ...settings(cloud), NEXTCLOUD_LOCAL_FOLDERS: downloads };
  print(`${bold('For the commands in another terminal')}, such as ${program} ls:`);
  for (const line of exportLines(machine.platform, settings(cloud))) print(line);
  print();
  for (const { client, where, text } of clientSettings({
    command: process.execPath,
    args: [serverPath()],
    env,
  }))
    print(`${bold(client)}: ${where}\n${indented(text, Infinity)}\n`);
  print(`Downloads go to ${downloads}. Press Ctrl+C to stop; all files are deleted then.`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
}

function settings(cloud: EmbeddedNextcloud): Record<string, string> {
  return { NEXTCLOUD_URL: cloud.url, NEXTCLOUD_USERNAME: 'demo', NEXTCLOUD_PASSWORD: PASSWORD };
}

/** How the demo was started, in a clone of the repository or elsewhere. */
function again(): string {
  return machine.env['npm_lifecycle_event'] === 'demo' ? 'npm run demo --' : `${program} demo`;
}

/** Without what only the next call of an assistant needs. */
function forPeople(text: string): string {
  return text
    .replace(/^<<<[0-9a-f]+\n|^[0-9a-f]+>>>\n?/gm, '')
    .replace(/^(etag|file_id|checksums?): .*\n?/gm, '')
    .replace(/"etag":"[^"]*",?/g, '')
    .replace(/ \| etag [^|\n]*/g, '')
    .replace(/\bcursor=\S+/g, 'cursor=...');
}

function serverPath(): string {
  const [, script] = process.argv;
  if (script === undefined) throw new Error('The process was started without a script');
  return script;
}

function indented(text: string, most = SHOWN_LINES): string {
  const lines = text.split('\n');
  const more = lines.length > most ? [dim(`... ${lines.length - most} more lines`)] : [];
  return [...lines.slice(0, most), ...more].map((line) => `  ${line}`).join('\n');
}

function short(text: string): string {
  return text.length > 160 ? `${text.slice(0, 157)}...` : text;
}
