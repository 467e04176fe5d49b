import { afterAll, describe, expect, test } from 'vitest';
import { runParallel } from '../../src/parallel.ts';
import { faults } from '../support/fault-table.ts';
import type { Fault } from '../support/fault-table.ts';
import type { Case } from './case.ts';
import { cases } from './cases.ts';
import { judge } from './oracle.ts';
import type { Verdict } from './oracle.ts';
import { Scene } from './scene.ts';

const verdicts = new Map<string, Verdict[]>();

/** Those after which a change may be made twice, or denied. */
const lossOfAnswer = ({ name, late }: Fault): boolean =>
  late === true || /after the (server did the )?work/.test(name);

/**
 * All calls under all faults with `FAULTS=all`, of some tools only with `TOOLS=add_comment,create_share`.
 * Otherwise each call meets the faults after which it may be made twice, and every fourth of the others.
 */
function callsUnder(fault: Fault): readonly Case[] {
  const tools = process.env['TOOLS']?.split(',');
  const wanted = cases.filter(({ tool }) => tools?.includes(tool) ?? true);
  if (process.env['FAULTS'] === 'all' || lossOfAnswer(fault)) return wanted;
  return wanted.filter((_, index) => (index + faults.indexOf(fault)) % 4 === 0);
}

/** Every call in a scene of its own, a few side by side: most of the time they wait for a time limit. */
async function judgeAll(fault: Fault, sideBySide: number): Promise<string[]> {
  const failures: string[] = [];
  const found: Verdict[] = [];
  await runParallel(callsUnder(fault), sideBySide, undefined, async (one) => {
    const scene = await Scene.open();
    try {
      found.push(await judge(scene, fault, one));
    } catch (error) {
      failures.push(`${one.tool} (${one.what}): ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      await scene.close();
    }
  });
  verdicts.set(fault.name, found);
  return failures;
}

const rows = (heavy: boolean) =>
  faults.filter((fault) => (fault.heavy ?? false) === heavy).map((fault) => [fault.name, fault] as const);

describe.concurrent('each tool under each fault: the right result, or one clear error', () => {
  test.each(rows(false))('%s', async (_, fault) => {
    expect(await judgeAll(fault, 4)).toEqual([]);
  });
});

describe('the same under heavy ones', () => {
  test.each(rows(true))('%s', async (_, fault) => {
    expect(await judgeAll(fault, 1)).toEqual([]);
  });
});

afterAll(() => {
  const count = (list: Verdict[], verdict: Verdict): number => list.filter((one) => one === verdict).length;
  const lines = [...verdicts].map(
    ([name, list]) =>
      `${name.padEnd(50)} ${String(count(list, 'right result')).padStart(5)} ${String(count(list, 'clear error')).padStart(5)} ${String(count(list, 'not met')).padStart(5)}`,
  );
  const all = [...verdicts.values()].flat();
  const tools = new Set(cases.map(({ tool }) => tool)).size;
  process.stdout.write(
    [
      '',
      `${'fault'.padEnd(50)} right error  none`,
      ...lines.toSorted(),
      `${faults.length} faults x ${tools} tools in ${cases.length} calls, ${all.length} of ${faults.length * cases.length}: ${count(all, 'right result')} right results, ${count(all, 'clear error')} clear errors, ${count(all, 'not met')} calls that the fault does not meet`,
      '',
    ].join('\n'),
  );
});
