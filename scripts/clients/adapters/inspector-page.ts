import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChromium } from '../../../test/support/chromium.ts';
import type { Connect } from '../client.ts';
import { freePort } from './command.ts';
import { configOf, launcher } from './inspector-cli.ts';

/** The page of the Inspector in a headless Chromium: its switches, forms and buttons, as a person uses them. */
export const connect: Connect = async (target) => {
  const port = await freePort();
  const inspector = spawn(process.execPath, [launcher, '--web', '--config', configOf(target)], {
    cwd: target.home,
    env: {
      ...target.env,
      MCP_AUTO_OPEN_ENABLED: 'false',
      DANGEROUSLY_OMIT_AUTH: 'true',
      CLIENT_PORT: String(port),
      MCP_SANDBOX_PORT: String(await freePort()),
    },
    stdio: 'ignore',
  });
  const address = `http://127.0.0.1:${port}`;
  while (!(await fetch(address).catch(() => undefined))?.ok) {
    if (inspector.exitCode !== null) throw new Error(`the Inspector ended with ${inspector.exitCode}`);
    await sleep(100);
  }
  const page = await startChromium();
  await page.open(address);
  await page.run(functions);
  const quoted = (value: unknown): string => JSON.stringify(value);
  await page.until(`press('input[aria-label*="files"]')`);
  await page.until(`press('label', 'Tools')`);
  await page.until(`shows('upload_file')`);
  return {
    tools: async () => (await page.run<string[]>(`texts('button p')`)) ?? [],
    call: async (name, args, { signal, onProgress }) => {
      // Another tool first: the result of this one may be shown where its form is to be.
      await page.until(`press('button', 'test_connection')`);
      await page.until(`press('button', ${quoted(name)})`);
      for (const [key, value] of Object.entries(args)) {
        if (String(value).includes('\n')) await page.until(`press('button[aria-label="Enlarge ${key}"]')`);
        await page.until(`fill(${quoted(key)}, ${quoted(value)})`);
      }
      const before = await progressSeen();
      await page.until(`press('button', 'Execute Tool')`);
      await sleep(100);
      for (let seen = before; await page.run(`shows('Cancel')`); await sleep(100)) {
        if (signal.aborted) {
          await page.run(`press('button', 'Cancel')`);
          throw new Error('cancelled');
        }
        for (const now = await progressSeen(); seen < now;) onProgress(++seen - before);
      }
      return {
        text: (await page.run<string>('document.body.innerText')) ?? '',
        pictures: (await page.run<string[]>('pictures()')) ?? [],
      };
    },
    close: async () => {
      await page.close();
      inspector.kill();
    },
  };

  /** Notifications in the list of messages. */
  async function progressSeen(): Promise<number> {
    return (
      (await page.run<number>(
        `texts('*').filter((text) => /^notifications.progress$/i.test(text)).length`,
      )) ?? 0
    );
  }
};

/** For use in the page. Those that do something say whether they found what to do it with. */
const functions = `
  window.texts = (selector) =>
    [...document.querySelectorAll(selector)].filter((one) => one.children.length === 0).map((one) => one.textContent);
  window.shows = (text) => document.body.innerText.split('\\n').some((line) => line.trim() === text);
  window.press = (selector, text) => {
    const found = [...document.querySelectorAll(selector)].find(
      (one) => !one.disabled && (text === undefined || one.innerText.split('\\n').some((line) => line.trim() === text)),
    );
    found?.click();
    return found !== undefined;
  };
  window.fill = (name, value) => {
    const field = [...document.querySelectorAll('.mantine-InputWrapper-root')].find(
      (one) => one.querySelector('label')?.firstChild.textContent.trim() === name,
    );
    const input = field?.querySelector(value.includes('\\n') ? 'textarea' : 'input, textarea');
    if (!input) return false;
    Object.getOwnPropertyDescriptor(input.constructor.prototype, 'value').set.call(input, value);
    input.dispatchEvent(new Event('input', { bubbles: true }));
    return true;
  };
  window.pictures = () =>
    [...document.querySelectorAll('img')].flatMap(({ src, naturalWidth }) =>
      naturalWidth > 0 ? (/^data:([^;]+);/.exec(src)?.[1] ?? []) : [],
    );
  true`;
