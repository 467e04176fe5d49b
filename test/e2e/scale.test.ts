import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { Stage } from '../support/stage.ts';

const ENTRIES = 10_000;
const MB = 1024;

let stage: Stage | undefined;

afterEach(async () => stage?.close());

async function largeFolder(env: Record<string, string>): Promise<Stage> {
  stage = await Stage.open({ env: { LOG_LEVEL: 'info', ...env } });
  const home = stage.cloud.home();
  home.put('/small/a.txt', 'a');
  // In an order that has nothing to do with the names, as a database gives them.
  for (let i = 0; i < ENTRIES; i++)
    home.put(`/big/Document number ${(i * 7919) % ENTRIES} of many.txt`, 'x'.repeat(i % 50));
  await stage.client.listTools();
  await stage.ok('list_files', { folder_path: '/small' });
  await sleep(300);
  return stage;
}

/** Kilobytes of memory that belong to the process alone. */
function memory(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/RssAnon:\s+(\d+)/.exec(status)?.[1]);
}

test.runIf(existsSync('/proc/self/status'))(
  'the first page of 10,000 entries costs at most 20 MB of memory',
  async () => {
    const large = await largeFolder({});
    const { pid } = large;
    const idle = memory(pid);
    let most = idle;
    const watch = setInterval(() => (most = Math.max(most, memory(pid))), 5);
    const { data } = await large.ok('list_files', { folder_path: '/big' });
    clearInterval(watch);
    expect(data['total']).toBe(ENTRIES);
    expect((data['entries'] as unknown[]).length).toBe(100);
    expect((Math.max(most, memory(pid)) - idle) / MB).toBeLessThanOrEqual(20);
  },
);

test.skipIf(process.platform === 'win32')(
  'while 10,000 entries are listed, the event loop is never blocked for more than 50 ms',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-'));
    const file = join(folder, 'delay');
    const probe = join(import.meta.dirname, '../support/loop-delay.ts');
    const large = await largeFolder({ NODE_OPTIONS: `--import ${probe}`, LOOP_DELAY_FILE: file });
    const { pid } = large;
    const longest = async (): Promise<number> => {
      rmSync(file, { force: true });
      process.kill(pid, 'SIGUSR2');
      await expect.poll(() => existsSync(file)).toBe(true);
      return (JSON.parse(readFileSync(file, 'utf8')) as { processor: number }).processor;
    };
    expect(await longest()).toBeGreaterThan(0); // the start, which is over
    await large.ok('list_files', { folder_path: '/big' });
    expect(await longest()).toBeLessThanOrEqual(50);
    await large.ok('list_files', { folder_path: '/big', sort_by: 'size', order: 'desc' });
    await large.ok('search_files', { query: '*number*', folder_path: '/big', limit: 1000 });
    expect(await longest()).toBeLessThanOrEqual(50);
    rmSync(folder, { recursive: true });
  },
);
