import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { dirname, join } from 'node:path';
import { tasks } from '../tasks/tasks.ts';
import { Play } from './play.ts';
import type { Result } from './meter.ts';

/** What the process of a play is started with, as one argument of JSON. */
export interface Order {
  readonly task: string;
  readonly server: string;
  readonly build: string;
  readonly folder: string;
  /** The file to which the line of the play is appended. */
  readonly results: string;
}

export interface CallRequest {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Show the structured content where there is some, not the texts. */
  readonly structured: boolean;
}

/** A play that nobody goes on with ends by itself. */
const IDLE_MS = 60 * 60 * 1000;

/** What the assistant is shown of a result. A picture is kept as a file. */
function shown(play: Play, { content, structuredContent, isError }: Result, structured: boolean): string {
  if (structured && structuredContent) return JSON.stringify(structuredContent);
  const parts = content.map(({ type, text, data, mimeType = '' }) =>
    type === 'image' && data !== undefined
      ? `[a picture, ${mimeType}: ${play.keepPicture(data, mimeType)}]`
      : text,
  );
  return `${isError ? 'Error: ' : ''}${parts.join('\n')}`;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString('utf8');
}

/** The play stays up between the commands of an assistant, and hears them on a port of this computer. */
async function serve(order: Order): Promise<void> {
  const task = tasks.find(({ id }) => id === order.task);
  if (!task) throw new Error(`There is no task ${order.task}`);
  const play = await Play.start({ ...order, task });
  const end = async (): Promise<void> => {
    server.close();
    await play.close();
    process.exit();
  };
  let idle = setTimeout(() => void end(), IDLE_MS);
  const answer = async (address: string, body: string): Promise<string> => {
    idle.refresh();
    if (address === '/call') {
      const { tool, args, structured } = JSON.parse(body) as CallRequest;
      return shown(play, await play.call(tool, args), structured);
    }
    const said = play.answer(body);
    if ('words' in said) return `The person says:\n${said.words}`;
    mkdirSync(dirname(order.results), { recursive: true });
    appendFileSync(order.results, `${JSON.stringify(said)}\n`);
    clearTimeout(idle);
    idle = setTimeout(() => void end(), 0);
    return 'The task has ended.';
  };
  const server = createServer((request, response) => {
    void bodyOf(request)
      .then(async (body) => answer(request.url ?? '', body))
      .then(
        (text) => response.end(text),
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  writeFileSync(join(order.folder, 'play.json'), JSON.stringify({ port }));
  process.send?.({ words: task.words, tools: play.tools });
}

try {
  await serve(JSON.parse(process.argv[2] ?? '{}') as Order);
} catch (error) {
  process.send?.({ error: String(error) });
  process.exitCode = 1;
}
