import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A page in a headless Chromium, driven by its DevTools protocol. Needs `chromium` on the PATH. */
export interface Page {
  open(url: string): Promise<void>;
  /** Evaluates an expression in the page. A page that goes away meanwhile answers undefined. */
  run<T>(expression: string): Promise<T | undefined>;
  /** Waits until the expression is true, across pages. */
  until(expression: string): Promise<void>;
  /** @param size in CSS pixels */
  screenshot(size: { width: number; height: number }): Promise<Buffer>;
  close(): Promise<void>;
}

interface Answer {
  readonly id?: number;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

const LIMIT_MS = 30_000;

export async function startChromium(command = 'chromium'): Promise<Page> {
  const profile = mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-chromium-'));
  const flags = [
    '--headless=new',
    '--no-sandbox',
    '--disable-gpu',
    '--hide-scrollbars',
    '--remote-debugging-port=0',
  ];
  const child = spawn(command, [...flags, `--user-data-dir=${profile}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const endpoint = await new Promise<string>((resolve, reject) => {
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      const found = /DevTools listening on (ws:\S+)/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('error', (cause: NodeJS.ErrnoException) => {
      const why = `${command}, ${cause.code ?? cause.message}`;
      reject(
        new Error(`Chromium cannot be started (${why}). Install it: \`${command}\` must be on the PATH`, {
          cause,
        }),
      );
    });
    child.once('exit', () => reject(new Error(`chromium ended: ${said.slice(-500)}`)));
  });
  const pages = (await (await fetch(`http://${new URL(endpoint).host}/json/list`)).json()) as {
    type: string;
    webSocketDebuggerUrl: string;
  }[];
  const socket = new WebSocket(pages.find(({ type }) => type === 'page')?.webSocketDebuggerUrl ?? endpoint);
  await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }));
  const waiting = new Map<number, (answer: Answer) => void>();
  socket.addEventListener('message', ({ data }) => {
    const answer = JSON.parse(String(data)) as Answer;
    if (answer.id !== undefined) waiting.get(answer.id)?.(answer);
  });
  let last = 0;
  const send = async (
    method: string,
    params: Record<string, unknown> = {},
  ): Promise<Record<string, unknown>> => {
    const id = ++last;
    const answer = await new Promise<Answer>((resolve) => {
      waiting.set(id, resolve);
      socket.send(JSON.stringify({ id, method, params }));
    });
    waiting.delete(id);
    if (answer.error) throw new Error(`${method}: ${answer.error.message}`);
    return answer.result ?? {};
  };
  const run = async <T>(expression: string): Promise<T | undefined> => {
    const params = { expression, returnByValue: true, awaitPromise: true };
    const answer = await send('Runtime.evaluate', params).catch(() => undefined);
    return (answer?.['result'] as { value?: T } | undefined)?.value;
  };
  const until = async (expression: string): Promise<void> => {
    for (const end = Date.now() + LIMIT_MS; Date.now() < end; await sleep(50))
      if ((await run(expression)) === true) return;
    throw new Error(`never came true: ${expression}, at ${String(await run('location.href'))}`);
  };
  return {
    open: async (url) => {
      await send('Page.navigate', { url });
      await until(`document.readyState === 'complete' && location.href !== 'about:blank'`);
    },
    run,
    until,
    screenshot: async ({ width, height }) => {
      await send('Emulation.setDeviceMetricsOverride', {
        width,
        height,
        deviceScaleFactor: 1,
        mobile: false,
      });
      const { data } = await send('Page.captureScreenshot', { format: 'png' });
      return Buffer.from(String(data), 'base64');
    },
    close: async () => {
      socket.close();
      child.kill();
      await new Promise((resolve) => child.once('exit', resolve));
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
