import { spawn } from 'node:child_process';
import type { Machine } from '../../machine.ts';

/** How long to wait for the command to fail. After that it counts as having opened the page. */
const FAILURE_WAIT_MS = 1500;

/** Opens a page in the browser. @returns false if there is no browser, for example over SSH */
export async function openBrowser(url: string, { platform, env }: Machine): Promise<boolean> {
  const command = openCommand(platform, env);
  if (!command) return false;
  const [program, ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true, env: { ...env } });
    const timer = setTimeout(() => resolve(true), FAILURE_WAIT_MS);
    const finish = (opened: boolean): void => {
      clearTimeout(timer);
      resolve(opened);
    };
    child.once('error', () => finish(false));
    child.once('exit', (code) => finish(code === 0));
    child.unref();
  });
}

/** The command that opens a page, before its address; undefined where there is no browser. */
export function openCommand(
  platform: NodeJS.Platform,
  env: Machine['env'],
): [string, ...string[]] | undefined {
  if (platform === 'darwin') return ['open'];
  // Not `start`, which interprets & and % in an address.
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  const hasNoDisplay = env['DISPLAY'] === undefined && env['WAYLAND_DISPLAY'] === undefined;
  return hasNoDisplay ? undefined : ['xdg-open'];
}
