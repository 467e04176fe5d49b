import { execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { seed, startEmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';
import { startChromium } from '../../test/support/chromium.ts';
import type { Page } from '../../test/support/chromium.ts';
import { chatPage } from './chat.ts';
import { terminalPage } from './terminal.ts';

/**
 * `npm run pictures`: takes the screenshots of the README and the bundle. They show what the programs
 * really print and render, against the embedded Nextcloud. Needs `chromium` on the PATH.
 */
const root = join(import.meta.dirname, '../..');
const main = join(root, 'dist/main.js');
const home = mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-pictures-'));
mkdirSync(join(home, 'Downloads'));
const PASSWORD = 'k3v9p-8xw2q-t6zra-m4hny-c7bdf';
const cloud = await startEmbeddedNextcloud({
  users: [{ id: 'alice', password: PASSWORD, displayName: 'Alice' }],
});
seed(cloud);
const login = { NEXTCLOUD_URL: cloud.url, NEXTCLOUD_USERNAME: 'alice', NEXTCLOUD_PASSWORD: PASSWORD };
const env = {
  PATH: process.env['PATH'] ?? '',
  HOME: home,
  FORCE_COLOR: '1',
  NODE_NO_WARNINGS: '1',
  ...login,
};
const page = await startChromium();
try {
  const demo = await printedAtTerminal('demo', 80);
  await terminal(
    'demo',
    'npx nextcloud-files-mcp demo',
    scenes(demo, [1, 4, 5, 8, 9, 11, 12, 13, 15, 17, 19, 21]),
  );
  await terminal('doctor', 'npx nextcloud-files-mcp doctor', await printedAtTerminal('doctor', 92));
  await chat();
  await client();
} finally {
  await page.close();
  await cloud.close();
  rmSync(home, { recursive: true, force: true });
}

/** What a command prints on a terminal of this width, which `script` of util-linux makes. */
async function printedAtTerminal(command: string, columns: number): Promise<string> {
  const line = `stty cols ${columns} && '${process.execPath}' '${main}' ${command}`;
  const { stdout } = await promisify(execFile)('script', ['-qec', line, '/dev/null'], { env });
  return stdout.replaceAll('\r\n', '\n').replaceAll(home, '/home/alice');
}

/** These steps of the demo, and its last words. */
function scenes(text: string, numbers: readonly number[]): string {
  const all = text.split(/\n(?=\u001b\[32m✔)/);
  const [end = ''] = /\u001b\[1mEvery result[^\n]*/.exec(text) ?? [];
  const shown = all.filter((one) => numbers.some((number) => one.includes(` ${number}. `)));
  if (shown.length !== numbers.length || end === '') throw new Error('the demo has other steps');
  return [...shown, '', end].map((one) => one.trimEnd()).join('\n');
}

async function terminal(name: string, command: string, text: string): Promise<void> {
  const file = join(home, `${name}.html`);
  writeFileSync(file, terminalPage(command, text));
  await page.open(`file://${file}`);
  const size = await page.run<{ width: number; height: number }>(
    `(() => { const { width, height } = document.querySelector('pre').getBoundingClientRect(); return { width: Math.min(Math.ceil(width), 1100), height: Math.ceil(height) }; })()`,
  );
  await save(name, size ?? { width: 900, height: 600 });
}

/** A chat, with calls that are really made. */
async function chat(): Promise<void> {
  const file = join(home, 'chat.html');
  writeFileSync(file, await chatPage(main, env));
  await page.open(`file://${file}`);
  const height = await page.run<number>(
    `Math.ceil(document.querySelector('main').getBoundingClientRect().height)`,
  );
  await save('chat', { width: 800, height: height ?? 700 });
}

/** The Inspector, a graphical client, connected to the server. */
async function client(): Promise<void> {
  const launcher = join(root, 'node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js');
  const flags = Object.entries(login).flatMap(([key, value]) => ['-e', `${key}=${value}`]);
  const child = spawn(process.execPath, [launcher, ...flags, 'node', main], {
    env: { ...env, MCP_AUTO_OPEN_ENABLED: 'false', FORCE_COLOR: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  try {
    const url = await new Promise<string>((resolve, reject) => {
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString('utf8');
        const found = /http:\/\/127\.0\.0\.1:\d+\?\S+/.exec(said)?.[0];
        if (found !== undefined) resolve(found);
      });
      child.once('exit', () => reject(new Error(`the Inspector ended: ${said}`)));
    });
    await draw(page, url);
  } finally {
    child.kill();
  }
}

async function draw(browser: Page, url: string): Promise<void> {
  const size = { width: 1280, height: 860 };
  await browser.screenshot(size);
  await browser.open(url);
  const click = async (what: string): Promise<void> => {
    await browser.until(`${what} !== undefined && ${what} !== null`);
    await browser.run(`${what}.click()`);
    await sleep(500);
  };
  const named = (text: string): string =>
    `[...document.querySelectorAll('button, label, p, span')].findLast((one) => one.innerText?.trim() === ${JSON.stringify(text)})`;
  await click(`document.querySelector('input[type=checkbox], [role=switch]')`);
  await click(named('Tools'));
  await click(named('List a folder'));
  await click(`document.querySelector('[aria-label="Close monitoring sidebar"]')`);
  await click(named('Execute Tool'));
  await browser.until(`document.body.innerText.includes('Photos')`);
  await sleep(500);
  await save('inspector', size);
}

async function save(name: string, size: { width: number; height: number }): Promise<void> {
  const png = await page.screenshot(size);
  writeFileSync(join(root, 'docs/pictures', `${name}.png`), png);
  console.log(`${name}.png ${size.width} x ${size.height}, ${Math.round(png.length / 1024)} KB`);
}
