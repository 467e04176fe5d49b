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
import { cloneFolder } from '../clients/server.ts';
import { printShort, printWithCall } from './demo-report.ts';
import type { Performed } from './demo-report.ts';
import { steps } from './demo-steps.ts';
import type { StepAnswer, Step } from './demo-steps.ts';
import { program } from '../terminal/program.ts';
import { exportLines } from '../terminal/shell-lines.ts';
import { bold } from '../terminal/paint.ts';
import { print, printWhole } from '../terminal/print.ts';

/** In the form of a real app password, so that `doctor` has nothing to say about it. */
const PASSWORD = 'demo1-demo2-demo3-demo4-demo5';
const users = [{ id: 'demo', password: PASSWORD }];
const DEMO_PORT = 8484;

/** `demo`: runs the tools on an embedded Nextcloud. The exit code is 0 only if every result is as expected. */
export async function demoCommand(argv: readonly string[]): Promise<void> {
  const { flags } = readCommandLine('demo', argv);
  const keep = flags['keep'] !== undefined || flags['port'] !== undefined;
  print('Starting a simulated Nextcloud with sample files...');
  const cloud = keep ? await startAt(flags['port']) : await startEmbeddedNextcloud({ users });
  const downloads = mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-demo-'));
  seed(cloud);
  print(`It is at ${bold(cloud.url)} until ${keep ? 'you press Ctrl+C' : 'the demo ends'}.\n`);
  try {
    if (keep) await keepRunning(cloud, downloads);
    else await runSteps(cloud, downloads, flags['verbose'] === undefined ? printShort : printWithCall);
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
async function runSteps(
  cloud: EmbeddedNextcloud,
  downloads: string,
  show: (performed: Performed) => void,
): Promise<void> {
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
    const performed = await perform(client, cloud, step, index + 1);
    show(performed);
    if (performed.problem !== undefined) failed++;
  }
  await client.close();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const verdict = failed === 0 ? 'Every result is as expected' : `${failed} results are not as expected`;
  print();
  print(bold(`${verdict}. ${cloud.requests.length} HTTP requests, ${seconds} s.`));
  if (failed > 0) process.exitCode = 1;
  if (show === printShort) print(`Show every call with its answer: ${again()} --verbose`);
  print(`Try it in your assistant: ${again()} --keep`);
}

async function perform(
  client: Client,
  cloud: EmbeddedNextcloud,
  step: Step,
  number: number,
): Promise<Performed> {
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
  return { number, step, answer, problem: step.check(answer), ms, requests };
}

/** Keeps the Nextcloud running and prints how to connect an assistant to it. */
async function keepRunning(cloud: EmbeddedNextcloud, downloads: string): Promise<void> {
  const env = { ...settings(cloud), NEXTCLOUD_LOCAL_FOLDERS: downloads };
  print(`${bold('For the commands in another terminal')}, such as ${program} ls:`);
  printWhole(exportLines(machine.platform, settings(cloud)).join('\n'));
  print();
  for (const { client, where, text } of clientSettings({
    command: process.execPath,
    args: [serverPath()],
    env,
  })) {
    print(`${bold(client)}: ${where}`);
    printWhole(text.replaceAll(/^/gm, '  '));
    print();
  }
  const clone = cloneFolder();
  if (clone !== undefined)
    print(
      `An assistant starts the program out of this clone, ${clone}. What you pasted stops working when the folder is moved or deleted.`,
    );
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

function serverPath(): string {
  const [, script] = process.argv;
  if (script === undefined) throw new Error('The process was started without a script');
  return script;
}
