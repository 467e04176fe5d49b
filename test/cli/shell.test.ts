import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commands } from '../../src/cli/command-line/command-table.ts';
import type { Command } from '../../src/cli/command-line/command-table.ts';
import { flagOf } from '../../src/config/option.ts';
import { options } from '../../src/config/options.ts';
import { Home } from './home.ts';

const rows: readonly Command[] = commands;
const has = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0;

let home: Home;
const script = (shell: string): string => join(home.path, `completion.${shell}`);

beforeAll(async () => {
  home = new Home();
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { out } = await home.run(['completion', shell]);
    writeFileSync(script(shell), out);
  }
});
afterAll(() => home.close());

/** What bash offers after these words. */
function offered(...words: string[]): string[] {
  const line = ['nextcloud-files-mcp', ...words];
  const quoted = line.map((word) => `'${word}'`).join(' ');
  const ask = `source ${script('bash')}; COMP_WORDS=(${quoted}); COMP_CWORD=${words.length}; _nextcloud_files_mcp; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', ask], { cwd: home.bin, encoding: 'utf8' }).trim().split('\n');
}

describe('completion', () => {
  test.each<[string[], string[]]>([
    [['log'], ['login', 'logout']],
    [['install', 'cu'], ['cursor']],
    [['install', '--dry'], ['--dry-run']],
    [['doctor', '--js'], ['--json']],
    [['serve', '--read'], ['--read-only']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['uninstall', '--read'], ['']],
  ])('of bash, after %j', (words, wanted) => {
    expect(offered(...words)).toEqual(wanted);
  });

  test.each(['bash', 'zsh', 'fish'])('%s knows every command and flag', (shell) => {
    const text = readFileSync(script(shell), 'utf8');
    for (const { name, flags = [] } of rows) {
      expect(text).toContain(name);
      for (const flag of flags) expect(text).toMatch(new RegExp(`(--|-l )${flag.name}\\b`));
    }
    for (const option of options) expect(text).toMatch(new RegExp(`(--|-l )${flagOf(option)}\\b`));
  });

  test.skipIf(!has('zsh'))('zsh reads it', () => {
    expect(execFileSync('zsh', ['-n', script('zsh')], { encoding: 'utf8' })).toBe('');
  });

  test.skipIf(!has('fish'))('fish completes with it', () => {
    const ask = `source ${script('fish')}; complete -C 'nextcloud-files-mcp install cl'`;
    const out = execFileSync('fish', ['--no-config', '-c', ask], {
      encoding: 'utf8',
      env: { ...process.env, ...home.env, PATH: process.env['PATH'] },
    });
    expect(out.split(/\s+/)).toContain('claude-desktop');
  });

  test('names the shells that there are', async () => {
    const { code, err } = await home.run(['completion', 'cmd']);
    expect([code, err]).toEqual([2, expect.stringContaining('bash, zsh, fish') as string]);
  });
});

describe('help', () => {
  test('shows every command and where the settings are, on two small screens', async () => {
    const { code, out } = await home.run(['--help']);
    expect(code).toBe(0);
    for (const { name } of rows) expect(out).toMatch(new RegExp(`^  ${name} `, 'm'));
    expect(out).toMatch(/^ {2}help settings /m);
    expect(out.split('\n').length).toBeLessThan(48);
    expect(out).not.toContain('\u001b');
  });

  test('of the settings shows each of them', async () => {
    const { code, out } = await home.run(['help', 'settings']);
    expect(code).toBe(0);
    for (const option of options) expect(out).toContain(`--${flagOf(option)}, ${option.env}`);
    expect(out.split('\n').filter((line) => line.length > 100)).toEqual([]);
  });

  test('has colours on a terminal, unless NO_COLOR is set', async () => {
    const coloured = await home.run(['help'], { env: { FORCE_COLOR: '1' } });
    expect(coloured.out).toContain('\u001b[');
    const plain = await home.run(['help'], { env: { NO_COLOR: '1' } });
    expect(plain.out).not.toContain('\u001b[');
  });

  test('of every command, by either way', async () => {
    const shown = await Promise.all(rows.map(async ({ name }) => (await home.run([name, '--help'])).out));
    for (const [index, { name }] of rows.entries())
      expect(shown[index]).toContain(`Usage: nextcloud-files-mcp ${name}`);
    expect((await home.run(['help', 'login'])).out).toBe(
      shown[rows.findIndex(({ name }) => name === 'login')],
    );
  });

  test.each([
    ['nosuch', /no command "nosuch".*help lists the commands/],
    ['--nosuch', /--nosuch/],
  ])('%s is refused with what to do', async (word, shown) => {
    const { code, err } = await home.run([word]);
    expect([code, err]).toEqual([2, expect.stringMatching(shown) as string]);
  });
});
