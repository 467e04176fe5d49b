import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { readResults } from '../../scripts/assistant/play/results.ts';
import type { PlayResult } from '../../scripts/assistant/play/results.ts';
import { chart } from '../../scripts/assistant/report/chart.ts';
import { compareBuilds } from '../../scripts/assistant/report/compare.ts';
import { table } from '../../scripts/assistant/report/table.ts';

const program = join(import.meta.dirname, '../../scripts/assistant/assistant.ts');
const scratch = mkdtempSync(join(tmpdir(), 'assistant-play-'));
const folder = join(scratch, 'first');
const other = join(scratch, 'second');
const results = join(scratch, 'results.jsonl');

// Each command is a process, and a machine with other work is slow in starting them.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

afterAll(async () => {
  // Ends the plays that are left.
  await assistant('answer', '', '--folder', other);
  await assistant('answer', '');
  rmSync(scratch, { recursive: true, force: true });
});

/** The commands of an assistant, each a process of its own. */
async function assistant(...args: string[]): Promise<{ code: number; out: string; error: string }> {
  const env = { ...process.env, ASSISTANT_PLAY: folder };
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { env }, (failure, out, error) =>
      resolve({ code: Number(failure?.code ?? 0), out, error }),
    );
  });
}

it('plays a task by commands, and adds its figures to the results', async () => {
  const begun = await assistant('start', 'move-and-back', '--folder', folder, '--build', 'x');
  expect(begun.error).toBe('');
  expect(begun.out).toMatch(/^The person says:\nPlease move/);
  expect(begun.out).toContain('"name":"read_file"');

  const list = await assistant('call', 'list_files', '{"folder_path":"/Odd names"}');
  expect(list.out).toContain('Menu – July.txt');
  const data = await assistant('call', 'list_files', '{"folder_path":"/Odd names"}', '--structured');
  expect(JSON.parse(data.out)).toMatchObject({ total: 8 });
  expect((await assistant('call', 'no_such_tool', '{}')).out).toContain('no_such_tool');
  const picture = await assistant('call', 'read_file', '{"file_path":"/Photos/2024/DSC_0104.jpg"}');
  expect(existsSync(/\[a picture, image\/jpeg: (.*?)\]/.exec(picture.out)?.[1] ?? '')).toBe(true);
  expect((await assistant('answer', 'Moved.', '--folder', folder)).out).toMatch(
    /^The person says:\nNo, that was wrong/,
  );
  expect((await assistant('answer', '3', 'files')).out).toBe('The task has ended.\n');

  const [result] = readResults(results);
  const figures = { task: 'move-and-back', build: 'x', done: false, harm: false, calls: 4, failed: 1 };
  expect(result).toMatchObject({ ...figures, answer: '3 files' });
  const tokens = result?.tokens ?? { arguments: 0, text: 0, structured: 0, tools: 0 };
  expect(Object.values(tokens).every((value) => value > 30)).toBe(true);
  expect(tokens.tools).toBeGreaterThan(2000);
  expect(readFileSync(join(folder, 'calls.jsonl'), 'utf8').split('\n')).toHaveLength(5);
  await expect
    .poll(async () => (await assistant('call', 'list_files', '{}')).error, { timeout: 60_000 })
    .toContain('has ended');
});

it('says what is wrong with a command', async () => {
  const begun = await assistant('start', 'menu-of-july', '--json', '--folder', other);
  expect(JSON.parse(begun.out)).toMatchObject({ folder: other, words: expect.any(String) as string });
  const again = await assistant('start', 'menu-of-july', '--folder', other);
  expect(again.error).toContain('a play in it already');
  expect((await assistant('start', 'no-such-task')).error).toContain('no task "no-such-task"');
  expect(await assistant('play')).toMatchObject({
    code: 2,
    out: expect.stringContaining('start TASK') as string,
  });
});

const play = (task: string, build: string, figures: Partial<PlayResult>): PlayResult => ({
  task,
  build,
  done: true,
  harm: false,
  calls: 10,
  failed: 0,
  tokens: { arguments: 100, text: 900, structured: 1900, tools: 3000 },
  why: [],
  answer: '',
  ...figures,
});

it('compares the plays of two builds', async () => {
  const small = { calls: 3, tokens: { arguments: 100, text: 400, structured: 300, tools: 2000 } };
  const all = [
    play('a', 'old', {}),
    play('a', 'old', { done: false, harm: true, calls: 20 }),
    play('a', 'new', small),
    play('b', 'old', {}),
    play('b', 'new', { ...small, calls: 1 }),
    play('c', 'new', small),
    play('c', 'other', small),
  ];
  const comparison = compareBuilds(all, 'old', 'new');
  expect(comparison.left).toEqual(['c']);
  expect(comparison.total).toMatchObject({
    before: { plays: 3, done: 2, harm: 1, calls: 25, text: 2000, structured: 4000 },
    after: { plays: 2, done: 2, harm: 0, calls: 4, text: 1000, structured: 800 },
  });
  const shown = table(comparison);
  expect(shown).toContain('| a | 1/2 → 1/1 | 1 → 0 | 15 → 3 | 1,000 → 500 | 2,000 → 400 |');
  expect(shown).toContain('| ratio | | | 0.16 | 0.50 | 0.20 |');
  expect(chart(comparison)).toMatch(/^<svg [^]*<\/svg>\n$/);
  expect(chart(comparison).match(/<rect/g)).toHaveLength(1 + 2 + 4 * 2 + 2 * 2);
  expect(() => compareBuilds(all, 'old', 'none')).toThrow('No task was played with both');

  const file = join(scratch, 'all.jsonl');
  writeFileSync(file, all.map((each) => JSON.stringify(each)).join('\n'));
  const report = await assistant('report', file, '--before', 'old', '--after', 'new');
  expect(report.out.trim()).toBe(shown);
});
