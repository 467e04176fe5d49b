import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commands } from '../../src/cli/command-line/command-table.ts';
import type { CommandName } from '../../src/cli/command-line/command-table.ts';
import { startEmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';
import type { EmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';
import { Home } from './home.ts';

/** Every command on a terminal of 80 columns, as a person sees it who started it with npx, which is the longest name. */
const COLUMNS = 80;
const main = join(import.meta.dirname, '../../dist/main.js');
const hasScript = /util-linux/.test(spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout ?? '');

interface Case {
  readonly argv: readonly string[];
  /** The login is in variables, and not in the stored account. */
  readonly variables?: true;
  /** Lines that are copied whole: JSON, scripts, the paths of configuration files, the names of files. */
  readonly whole?: RegExp;
  /** What it prints when it waits for somebody. */
  readonly react?: readonly [until: RegExp, then: (found: string, type: (keys: string) => void) => unknown];
}

const CTRL_C = '\u0003';
const LONG = 'a name of a file that is rather long, as people give them when they scan what came by mail';
const anything = /./;

/** What each command prints besides its help and its answer to a flag that it does not have. */
const cases: Readonly<Record<CommandName, readonly Case[]>> = {
  login: [
    { argv: ['login'] },
    { argv: ['login', 'https://cloud.example.com/s/aBcDeF123456789'] },
    {
      argv: ['login', 'CLOUD'],
      react: [/http:\S+\/login\/v2\/flow\/\S+(?=\s)/, (link) => cloud.grant(link, 'demo')],
    },
  ],
  list: [{ argv: ['list'] }, { argv: ['list', '--json'], whole: anything }],
  install: [
    { argv: ['install'] },
    { argv: ['install', 'none'] },
    { argv: ['install', 'cursor', '--read-only'], whole: /^ {2}[+-] / },
    { argv: ['install', 'cursor', '--read-only'] },
    { argv: ['install', 'zed', '--dry-run'], variables: true, whole: /^ {2}[+-] / },
    { argv: ['install', 'zed', '--account', 'another'] },
  ],
  uninstall: [{ argv: ['uninstall', 'zed'] }, { argv: ['uninstall', 'cursor'], whole: /^ {2}[+-] / }],
  serve: [
    {
      argv: ['serve', '--http', '127.0.0.1:0'],
      react: [
        /Listening at \S+\/mcp/,
        async (said, type) => {
          const [url = ''] = /http:\S+(?=\/mcp)/.exec(said) ?? [];
          await fetch(`${url}/nothing-is-here?${LONG.replaceAll(' ', '-')}`);
          type(CTRL_C);
        },
      ],
    },
    { argv: ['serve', '--http', '127.0.0.1:0', '--token', 'short', '--url', 'ftp://x'] },
    { argv: ['serve', '--http', '256.256.256.256:1'] },
  ],
  put: [
    { argv: ['put', 'file.txt', '/new.txt'] },
    { argv: ['put', 'file.txt', '/new.txt'] },
    { argv: ['put', 'folder', '/there'] },
    { argv: ['put', 'nothing', '/a'] },
    { argv: ['put', 'file.txt', '/b', '--json'], whole: anything },
  ],
  get: [
    { argv: ['get', '/there', 'got'] },
    { argv: ['get', '/nowhere/nothing.txt', 'a'] },
    { argv: ['get', '/there/taken.txt', 'file.txt'] },
  ],
  ls: [
    { argv: ['ls', '/there'], whole: new RegExp(LONG) },
    { argv: ['ls', '/nowhere'] },
    { argv: ['ls', '/there', '--json'], whole: anything },
  ],
  changes: [{ argv: ['changes'] }, { argv: ['changes', '--json'], whole: anything }],
  doctor: [
    { argv: ['doctor'] },
    { argv: ['doctor', '--url', 'CLOUD/there/is/nothing', '--username', 'a'], variables: true },
  ],
  demo: [{ argv: ['demo', '--verbose'] }, { argv: ['demo', '--port', '0'] }],
  completion: [{ argv: ['completion'] }, { argv: ['completion', 'bash'], whole: anything }],
  help: [
    { argv: [] },
    { argv: ['help'] },
    { argv: ['help', 'settings'] },
    { argv: ['help', 'rm'] },
    { argv: ['rm'] },
  ],
  logout: [{ argv: ['logout', 'work'] }, { argv: ['logout'] }, { argv: ['logout'] }],
};

let home: Home;
let cloud: EmbeddedNextcloud;
let program: string;

beforeAll(async () => {
  home = new Home();
  cloud = await startEmbeddedNextcloud();
  program = join(home.path, '.npm/_npx/1f2e3d4c5b6a7980/node_modules/.bin/nextcloud-files-mcp');
  mkdirSync(dirname(program), { recursive: true });
  symlinkSync(main, program);
  writeFileSync(join(home.path, 'file.txt'), 'mine');
  mkdirSync(join(home.path, 'folder'));
  for (const name of ['taken.txt', `${LONG}.txt`]) writeFileSync(join(home.path, 'folder', name), 'mine');
  cloud.home().put('/there/taken.txt', 'theirs');
  cloud.home().put(`/there/${LONG}.md`, 'theirs');
});
afterAll(async () => {
  await cloud.close();
  home.close();
});

/** The lines that it prints on a terminal, which `script` of util-linux makes. */
async function atTerminal({ argv, variables, react }: Case): Promise<string[]> {
  const words = [process.execPath, program, ...argv.map((word) => word.replace('CLOUD', cloud.url))];
  const command = `stty cols ${COLUMNS}; ${words.map((word) => `'${word}'`).join(' ')}`;
  const login = {
    NEXTCLOUD_URL: cloud.url,
    NEXTCLOUD_USERNAME: 'demo',
    NEXTCLOUD_PASSWORD: 'demo-app-password',
  };
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    env: {
      ...home.env,
      PATH: `${home.env['PATH'] ?? ''}:/usr/bin:/bin`,
      TERM: 'xterm',
      ...(variables ? login : {}),
    },
    cwd: home.path,
  });
  let text = '';
  let reacted = false;
  child.stdout.on('data', (chunk: Buffer) => {
    text = (text + chunk.toString('utf8')).replaceAll(/\u001b\[\d+m/g, '');
    const found = react?.[0].exec(text)?.[0];
    if (found === undefined || reacted) return;
    reacted = true;
    void react?.[1](found, (keys) => child.stdin.write(keys));
  });
  await new Promise((resolve) => child.once('close', resolve));
  home.printed.push(text);
  // Of a line that is redrawn, what was left on the terminal.
  return text.replaceAll(/[^\n]*\r\u001b\[K/g, '').split('\r\n');
}

/** What stays whole: an address, a path, or what a person pastes. Nothing of it could have been broken. */
function isUnbreakable(line: string): boolean {
  return !line
    .trim()
    .replace(/^[✔✘!→+-] /, '')
    .includes(' ');
}

const rows = commands
  .map(({ name }) => name)
  .toSorted((a, b) => Number(a === 'logout') - Number(b === 'logout'))
  .map((name): readonly [CommandName, readonly Case[]] => [
    name,
    [{ argv: ['help', name] }, { argv: [name, '--nosuch'] }, ...cases[name]],
  ]);

test.skipIf(!hasScript).each(rows)(
  'no line of %s is wider than the terminal, and the program has one name',
  async (_name, all) => {
    for (const one of all) {
      const lines = await atTerminal(one);
      const wide = lines.filter(
        (line) => line.length > COLUMNS && !isUnbreakable(line) && !one.whole?.test(line),
      );
      expect([one.argv, wide]).toEqual([one.argv, []]);
      expect(lines.filter((line) => /\bnpx$/.test(line))).toEqual([]);
      expect(lines.join('\n').trim(), one.argv.join(' ')).not.toBe('');
      const other = /(?<!npx )nextcloud-files-mcp [a-z]\S*/.exec(lines.join(' ').replaceAll(/ +/g, ' '))?.[0];
      if (one.whole !== anything) expect(other).toBeUndefined();
    }
  },
  60_000,
);
