import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startChromium } from '../support/chromium.ts';

const root = join(import.meta.dirname, '../..');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

let clone: string;
beforeEach(() => {
  clone = realpathSync(mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-clone-')));
  for (const name of ['package.json', 'scripts/clone'])
    cpSync(join(root, name), join(clone, name), { recursive: true });
});
afterEach(() => rmSync(clone, { recursive: true }));

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs it as npm does in the clone, with the Node.js of the computer and nothing else of this project. */
function run(command: string, env: Record<string, string> = {}): Ended {
  const path = `${dirname(process.execPath)}:/usr/bin:/bin`;
  const { status, stdout, stderr } = spawnSync(command, {
    cwd: clone,
    shell: true,
    encoding: 'utf8',
    env: { PATH: path, HOME: clone, ...env },
  });
  return { status, out: stdout, err: stderr };
}

const begins = (command: string): boolean => /^npm run build\b/.test(command);
const names = Object.keys(scripts);

test.each(names.filter((name) => !begins(scripts[name] ?? '')))(
  'npm run %s before npm ci says what to run first, and the others begin with npm run build',
  (name) => {
    const { status, out, err } = run(scripts[name] ?? '');
    expect([status, out, err]).toEqual([
      1,
      '',
      'The packages that this needs are not installed yet. Run this first: npm ci\n',
    ]);
  },
);

const live = names.flatMap((name) => /scripts\/live\/\S+/.exec(scripts[name] ?? '')?.[0] ?? []);

test.each(live)('%s without a Nextcloud says which variables to set', (script) => {
  const { status, out, err } = run(`${process.execPath} ${join(root, script)}`, {
    NEXTCLOUD_URL: 'http://x',
  });
  expect([status, out]).toEqual([2, '']);
  expect(err).toMatch(
    /^This needs a Nextcloud to work with\. Set NEXTCLOUD_USERNAME \(the login name\), NEXTCLOUD_(LOGIN_)?PASSWORD \([a-z ]+\)\.\n$/,
  );
});

test('what needs Chromium says so', async () => {
  await expect(startChromium('no-such-chromium')).rejects.toThrow(
    'Chromium cannot be started (no-such-chromium, ENOENT). Install it',
  );
});

test.skipIf(process.platform === 'win32')(
  'npm run cli builds first if that was not done, and works in the folder that npm was called in',
  () => {
    for (const name of ['node_modules', 'src', 'tsconfig.json'])
      symlinkSync(join(root, name), join(clone, name));
    const command = `PATH=${join(root, 'node_modules/.bin')}:$PATH; ${scripts['cli'] ?? ''}`;
    const first = run(`${command} install codex`, { INIT_CWD: join(clone, 'scripts') });
    expect([first.status, first.out]).toEqual([2, '']);
    expect(first.err).toMatch(/^Building the program, .*\n.*Sign in first: node \.\.\/dist\/main\.js login /);
    const second = run(`${command} --version`);
    expect([second.status, second.out, second.err]).toEqual([
      0,
      expect.stringMatching(/^\d+\.\d+/) as string,
      '',
    ]);
  },
  60_000,
);
