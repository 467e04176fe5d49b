import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';

const main = join(import.meta.dirname, '../../dist/main.js');
const folder = mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-code-'));

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** `--version` with this folder for caches. */
function start(cache: string): string {
  const env = { PATH: process.env['PATH'], XDG_CACHE_HOME: cache };
  const { stdout, status } = spawnSync(process.execPath, [main, '--version'], { env, timeout: 20_000 });
  expect(status).toBe(0);
  return stdout.toString();
}

describe.runIf(process.platform === 'linux')('compiled code', () => {
  test('is kept in a folder that is open to its owner alone', () => {
    const first = start(folder);
    const kept = join(folder, 'nextcloud-files-mcp');
    expect(readdirSync(join(kept, 'code'))).toHaveLength(1);
    expect(statSync(kept).mode & 0o777).toBe(0o700);
    expect(start(folder)).toBe(first);
  });

  test('is not kept where no folder can be made, and nothing else changes', () => {
    const file = `${folder}-file`;
    writeFileSync(file, '');
    for (const impossible of ['/proc/nothing', '/proc/self/nothing', file, '/nothing/here'])
      expect(start(impossible)).toMatch(/\d+\.\d+/);
    rmSync(file);
    expect(existsSync('/nothing')).toBe(false);
  });
});
