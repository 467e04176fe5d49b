import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { CallRequest, Order } from './play/play-process.ts';
import type { ShownTool } from './play/play.ts';

const usage = `npm run assistant -- COMMAND

  tasks                         the names of the tasks, one on a line
  start TASK                    begins a play: prints what the person says, and the tools
  call TOOL JSON                calls a tool; with - the arguments come from standard input
  answer TEXT                   answers the person, which ends the play unless they say more; with - from standard input
  report FILE ...               compares the plays of two builds

  --server PATH      main.js of the build to play with (start; dist/main.js of this checkout)
  --build NAME       what the build is called in the results (start; "after")
  --folder DIR       the folder of the play (start: a new one; others: ASSISTANT_PLAY)
  --results FILE     where the result of the play is added (start; results.jsonl beside the folder of the play)
  --no-tools         do not print the tools again, for an assistant that has seen them (start)
  --json             print the words and the tools as JSON, for a program (start)
  --structured       show the structured content of a result, as some clients do (call)
  --before NAME      the build to compare with (report; "before")
  --after NAME       the build to compare (report; "after")
  --write            also write docs/assistant-tasks.md and its chart (report)
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  allowNegative: true,
  options: {
    server: { type: 'string', default: join(import.meta.dirname, '../../dist/main.js') },
    build: { type: 'string', default: 'after' },
    folder: { type: 'string' },
    results: { type: 'string' },
    tools: { type: 'boolean', default: true },
    json: { type: 'boolean', default: false },
    structured: { type: 'boolean', default: false },
    before: { type: 'string', default: 'before' },
    after: { type: 'string', default: 'after' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const [command = '', ...operands] = values.help ? [] : positionals;
const commands: Readonly<Record<string, () => Promise<string> | string>> = {
  tasks: async () => (await taskNames()).join('\n'),
  start: async () => start(operands[0] ?? ''),
  call: async () => call(operands[0] ?? '', textOf(operands[1] ?? '{}')),
  answer: async () => send('/answer', textOf(operands.join(' '))),
  report: async () => report(operands),
};
const run = commands[command];
try {
  console.log(run ? await run() : usage);
  if (!run) process.exitCode = 2;
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

function textOf(operand: string): string {
  return operand === '-' ? readFileSync(0, 'utf8') : operand;
}

// A call needs little, and there are many of them: what else there is, is loaded where it is used.
async function taskNames(): Promise<string[]> {
  const { tasks } = await import('./tasks/tasks.ts');
  return tasks.map(({ id }) => id);
}

async function start(task: string): Promise<string> {
  if (!(await taskNames()).includes(task)) throw new Error(`There is no task "${task}". See: tasks`);
  const folder = resolve(values.folder ?? mkdtempSync(join(tmpdir(), 'play-')));
  if (existsSync(join(folder, 'play.json'))) throw new Error(`${folder} has a play in it already`);
  const server = resolve(values.server);
  if (!existsSync(server)) throw new Error(`There is no ${server}: npm run build`);
  mkdirSync(folder, { recursive: true });
  const results = resolve(values.results ?? join(folder, '../results.jsonl'));
  const order: Order = { task, server, build: values.build, folder, results };
  const child = fork(join(import.meta.dirname, 'play/play-process.ts'), [JSON.stringify(order)], {
    detached: true,
    stdio: 'ignore',
  });
  const [told] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => [{ error: 'The play did not start' }]),
  ])) as [{ error: string } | { error?: undefined; words: string; tools: readonly ShownTool[] }];
  if (told.error !== undefined) throw new Error(told.error);
  child.disconnect();
  child.unref();
  const { words, tools } = told;
  if (values.json) return JSON.stringify({ words, tools, folder });
  return [
    `The person says:\n${words}`,
    ...(values.tools ? [`The tools:\n${tools.map((tool) => JSON.stringify(tool)).join('\n')}`] : []),
    `The folder of this play, for --folder: ${folder}`,
  ].join('\n\n');
}

async function call(tool: string, json: string): Promise<string> {
  const args = JSON.parse(json) as CallRequest['args'];
  const request: CallRequest = { tool, args, structured: values.structured };
  return send('/call', JSON.stringify(request));
}

/** Asks the process of the play. */
async function send(address: string, body: string): Promise<string> {
  const folder = values.folder ?? process.env['ASSISTANT_PLAY'];
  if (folder === undefined) throw new Error('Which play? Give --folder, or set ASSISTANT_PLAY');
  const { port } = JSON.parse(readFileSync(join(folder, 'play.json'), 'utf8')) as { port: number };
  const response = await fetch(`http://127.0.0.1:${port}${address}`, { method: 'POST', body }).catch(() => {
    throw new Error('This play has ended');
  });
  if (!response.ok) throw new Error(await response.text());
  return response.text();
}

async function report(files: readonly string[]): Promise<string> {
  const { readResults } = await import('./play/results.ts');
  const { compareBuilds } = await import('./report/compare.ts');
  const { table } = await import('./report/table.ts');
  const comparison = compareBuilds(files.flatMap(readResults), values.before, values.after);
  if (values.write) {
    const { writePage } = await import('./report/page.ts');
    await writePage(comparison);
  }
  return table(comparison);
}
