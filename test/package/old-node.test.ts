import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const main = join(import.meta.dirname, '../../dist/main.js');

/** Versions of Node.js that are too old for this program, where this computer has any. OLD_NODE names one more. */
const old = [process.env['OLD_NODE'], '/usr/bin/node', '/usr/local/bin/node']
  .filter((path) => path !== undefined)
  .filter((path) => existsSync(path))
  .map((path) => ({ path, version: execFileSync(path, ['--version'], { encoding: 'utf8' }).trim() }))
  .filter(({ version }) => /^v(1\d|20|21|22\.([0-9]|1[0-8]))\./.test(version));

test('nothing but built-in modules that every Node.js has is imported before the version is checked', () => {
  const text = readFileSync(main, 'utf8');
  const imported = [...text.matchAll(/(?:^|;)import(?!\()[^;]*?['"]([^'"]+)['"]/gm)];
  expect(imported.map(([statement]) => statement)).toEqual([
    `import{createRequire as __cr}from'node:module'`,
  ]);
  expect(text.indexOf('needs Node.js 22.19')).toBeLessThan(text.indexOf('import('));
});

test.each([[[]], [['--version']], [['demo']], [['serve']], [['doctor']]])(
  'a Node.js that is too old says so in one sentence: %j',
  (argv) => {
    for (const { path, version } of old) {
      const { status, stdout, stderr } = spawnSync(path, [main, ...argv], { encoding: 'utf8' });
      expect({ status, stdout, stderr }).toEqual({
        status: 2,
        stdout: '',
        stderr: `nextcloud-files-mcp needs Node.js 22.19 or later, and this is ${version}. Get it from https://nodejs.org\n`,
      });
    }
  },
);
