import { spawn } from 'node:child_process';
import type { Machine } from '../../machine.ts';

/** Long enough to see a command fail, and no longer. */
const GRACE_MS = 1500;

/** Opens a page for the person. @returns false where there is no browser to open, as over SSH */
export async function openBrowser(url: string, { platform, env }: Machine): Promise<boolean> {
  const command = opener(platform, env);
  if (!command) return false;
  const [program, ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true, env: { ...env } });
    const timer = setTimeout(() => resolve(true), GRACE_MS);
    const end = (opened: boolean): void => {
      clearTimeout(timer);
      resolve(opened);
    };
    child.once('error', () => end(false));
    child.once('exit', (code) => end(code === 0));
    child.unref();
  });
}

function opener(platform: NodeJS.Platform, env: Machine['env']): [string, ...string[]] | undefined {
  if (platform === 'darwin') return ['open'];
  // Not `start`, which takes & and % in an address for its own.
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  const remote = env['DISPLAY'] === undefined && env['WAYLAND_DISPLAY'] === undefined;
  return remote ? undefined : ['xdg-open'];
}
