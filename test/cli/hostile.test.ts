import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { run } from '../../src/cli/cli.ts';
import { commands } from '../../src/cli/command-line/command-table.ts';
import type { CommandName } from '../../src/cli/command-line/command-table.ts';
import { Scene } from '../faults/scene.ts';
import { forgery, hostileIn, recording } from '../support/hostile-values.ts';
import type { Field } from '../support/hostile-values.ts';

/** Commands that show nothing of what a Nextcloud serves. */
const silent: ReadonlySet<CommandName> = new Set([
  'changes',
  'list',
  'install',
  'uninstall',
  'serve',
  'demo',
  'completion',
  'help',
]);

/** Calls of each other command that succeed, fail in part and fail, in the forms that it has. */
const calls: Readonly<Record<string, readonly (readonly string[])[]>> = {
  ls: [['/Docs'], ['/Docs/letter.txt'], ['/Docs', '--json'], ['/Missing'], ['https://elsewhere.example/f/1']],
  get: [
    ['/Docs/letter.txt', 'a/'],
    ['/Docs', 'b'],
    ['/Docs/letter.txt', '/Docs/book.txt', 'c/'],
    ['/Docs/letter.txt', '/Missing', 'd/'],
    ['/Docs', 'e', '--json'],
    ['/Missing', 'f'],
  ],
  put: [
    ['new.txt', '/Docs/'],
    ['folder', '/Docs/folder'],
    ['new.txt', '/Docs/letter.txt'],
    ['new.txt', '/Docs/letter.txt', '--overwrite'],
    ['new.txt', '/New/Folder/x.txt', '--json'],
  ],
  doctor: [[], ['--json']],
  login: [['--no-browser']],
  logout: [['--force']],
};

/** What the program itself sends to a terminal: colors, and the line of progress that is drawn anew. */
const own = /\r?\u001b\[(?:1|2|22|31|32|33|36|39)m|\r\u001b\[K/g;
const LOGIN_MS = 1500;

let folder: string;
const before = { cwd: process.cwd(), env: { ...process.env } };
const tried: string[] = [];

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-')));
  for (const stream of [process.stdout, process.stderr]) Object.assign(stream, { isTTY: true, columns: 80 });
});

afterAll(() => {
  Object.assign(process.env, before.env);
  rmSync(folder, { recursive: true, force: true });
  const fields = new Set(tried.map((one) => one.split(' ').slice(1).join(' '))).size;
  process.stdout.write(
    `${Object.keys(calls).length} commands, ${fields} fields, ${tried.length} runs with a hostile value\n`,
  );
});

/** Runs a command in this process, as on a terminal of 80 columns, with a home and a Nextcloud of its own. */
async function shown(command: string, args: readonly string[], field?: Field): Promise<[string, Set<Field>]> {
  const scene = await Scene.open();
  const fields = new Set<Field>();
  scene.proxy.arm(field === undefined ? recording(fields) : hostileIn(field), () => true);
  const home = mkdtempSync(join(folder, 'home-'));
  const places = args.map((arg) => (/^[a-z]+(?:\/|\.txt)?$/.test(arg) ? join(home, arg) : arg));
  for (const name of ['a', 'c', 'd', 'folder']) mkdirSync(join(home, name));
  writeFileSync(join(home, 'new.txt'), 'new');
  writeFileSync(join(home, 'folder', 'one.txt'), 'one');
  const login = { NEXTCLOUD_USERNAME: 'demo', NEXTCLOUD_PASSWORD: 'demo-app-password' };
  Object.assign(process.env, {
    // Where the home is was read when the program was loaded.
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_DATA_HOME: join(home, 'data'),
    XDG_STATE_HOME: join(home, 'state'),
    XDG_CACHE_HOME: join(home, 'cache'),
    NEXTCLOUD_URL: scene.proxy.url,
    NEXTCLOUD_TIMEOUT_SECONDS: '1',
    ...login,
  });
  const listeners = process.listeners('SIGINT');
  let text = '';
  const take = (chunk: unknown): boolean => {
    text += String(chunk);
    const link = /http:\S+\/login\/v2\/flow\/\w+/.exec(String(chunk))?.[0];
    if (link !== undefined) scene.cloud.grant(link, 'demo');
    return true;
  };
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation(take),
  );
  try {
    const running = run([command, ...places]);
    await (command === 'login'
      ? Promise.race([running, new Promise((go) => setTimeout(go, LOGIN_MS))])
      : running);
  } finally {
    for (const spy of spies) spy.mockRestore();
    process.exitCode = undefined;
    for (const name of ['SIGINT', 'SIGTERM'] as const)
      for (const listener of process.listeners(name))
        if (!listeners.includes(listener)) process.removeListener(name, listener);
    await scene.close();
    rmSync(home, { recursive: true, force: true });
  }
  return [text, fields];
}

it('there is a call of every command that shows what a Nextcloud serves', () => {
  const names = commands.map(({ name }) => name).filter((name) => !silent.has(name));
  expect(Object.keys(calls).toSorted()).toEqual(names.toSorted());
});

it.each(Object.entries(calls).flatMap(([name, all]) => all.map((args) => [name, args] as const)))(
  'no value of a hostile Nextcloud steers the terminal, forges a line or hides in one: %s %j',
  { timeout: 120_000 },
  async (command, args) => {
    const [plain, fields] = await shown(command, args);
    expect(plain).not.toBe('');
    const wrong: string[] = [];
    for (const field of fields) {
      const [text] = await shown(command, args, field);
      // What follows a break within a line is indented, and begins no line.
      const found = forgery(text.replace(/^ {2,}(?=\S)/gm, '| '), own);
      if (found !== undefined) wrong.push(`${field}: ${found}`);
      tried.push(`${command} ${field}`);
    }
    expect(wrong).toEqual([]);
  },
);
