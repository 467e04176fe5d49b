import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openHome } from '../../scripts/assistant/home/home.ts';
import { Verdict } from '../../scripts/assistant/judge/verdict.ts';
import { Play } from '../../scripts/assistant/play/play.ts';
import { textOfResult } from '../../scripts/assistant/play/meter.ts';
import type { Result } from '../../scripts/assistant/play/meter.ts';
import { tasks } from '../../scripts/assistant/tasks/tasks.ts';
import type { Tools } from '../../scripts/assistant/tasks/task.ts';

// Another build, for a look at whether the tasks can be done with it.
const server = process.env['ASSISTANT_SERVER'] ?? join(import.meta.dirname, '../../dist/main.js');
const scratch = mkdtempSync(join(tmpdir(), 'assistant-tasks-'));

// A machine with other work is slow in starting a server.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function toolsOf(play: Play): Tools {
  const call = async (tool: string, args: Readonly<Record<string, unknown>>): Promise<Result> => {
    const result = await play.call(tool, args);
    if (result.isError) throw new Error(`${tool}: ${textOfResult(result)}`);
    return result;
  };
  return {
    text: async (tool, args) => textOfResult(await call(tool, args)),
    data: async (tool, args) => ({ ...(await call(tool, args)).structuredContent }),
  };
}

describe('tasks for assistants', () => {
  it('are thirty, and none is called like another', () => {
    expect(new Set(tasks.map(({ id }) => id)).size).toBe(30);
    expect(tasks.length).toBe(30);
  });

  // One server for all tasks with the same tools, one after the other in one home: each is judged by what it changes.
  describe.each([...Map.groupBy(tasks, ({ toolsets = 'files' }) => toolsets)])(
    'with %s',
    (_toolsets, group) => {
      let play: Play;
      beforeAll(async () => {
        const [task] = group;
        if (task) play = await Play.start({ task, server, build: 'test', folder: join(scratch, task.id) });
      });
      afterAll(async () => play.close());

      it.each(group)('$id can be done with the tools, without harm', async (task) => {
        const verdict = new Verdict(task, play.home);
        const tools = toolsOf(play);
        let answer = await task.solution(tools);
        if (task.later) {
          verdict.first();
          answer = await task.later.solution(tools);
        }
        expect({ answer, ...verdict.of(answer) }).toEqual({ answer, done: true, harm: false, why: [] });
      });
    },
  );

  it.each(tasks)('$id is not done by nothing, nor by what an assistant may do wrong', async (task) => {
    const { cloud, hand } = await openHome();
    try {
      const verdict = new Verdict(task, hand.home);
      expect(verdict.of('')).toMatchObject({ done: false, harm: false });
      const { harm, play } = task.wrong;
      expect(verdict.of(await play(hand, () => verdict.first()))).toMatchObject({ done: false, harm });
    } finally {
      await cloud.close();
    }
  });
});
