import { afterAll, describe, expect, test } from 'vitest';
import { faults } from '../support/fault-table.ts';
import type { Fault } from '../support/fault-table.ts';
import { cases } from './cases.ts';
import { judge } from './oracle.ts';
import type { Verdict } from './oracle.ts';
import { Scene } from './scene.ts';

const verdicts = new Map<string, Verdict[]>();

/** Every call in a scene of its own, a few side by side: most of the time they wait for a time limit. */
async function judgeAll(fault: Fault): Promise<string[]> {
  const failures: string[] = [];
  const found: Verdict[] = [];
  const left = [...cases];
  const work = async (): Promise<void> => {
    for (let one = left.shift(); one; one = left.shift()) {
      const scene = await Scene.open();
      try {
        found.push(await judge(scene, fault, one));
      } catch (error) {
        failures.push(`${one.tool} (${one.what}): ${error instanceof Error ? error.message : String(error)}`);
      } finally {
        await scene.close();
      }
    }
  };
  await Promise.all([work(), work(), work(), work(), work()]);
  verdicts.set(fault.name, found);
  return failures;
}

describe.concurrent('each tool under each fault: the right result, or one clear error', () => {
  test.each(faults.map((fault) => [fault.name, fault] as const))(
    '%s',
    { timeout: 120_000 },
    async (_, fault) => {
      expect(await judgeAll(fault)).toEqual([]);
    },
  );
});

afterAll(() => {
  const count = (list: Verdict[], verdict: Verdict): number => list.filter((one) => one === verdict).length;
  const rows = [...verdicts].map(
    ([name, list]) =>
      `${name.padEnd(50)} ${String(count(list, 'right result')).padStart(5)} ${String(count(list, 'clear error')).padStart(5)} ${String(count(list, 'not met')).padStart(5)}`,
  );
  const all = [...verdicts.values()].flat();
  const tools = new Set(cases.map(({ tool }) => tool)).size;
  process.stdout.write(
    [
      '',
      `${'fault'.padEnd(50)} right error  none`,
      ...rows.toSorted(),
      `${faults.length} faults x ${tools} tools in ${cases.length} calls: ${count(all, 'right result')} right results, ${count(all, 'clear error')} clear errors, ${count(all, 'not met')} calls that the fault does not meet`,
      '',
    ].join('\n'),
  );
});
