import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eachInSlices, filterInSlices, mapInSlices, someInSlices, sortInSlices } from '../src/time-slices.ts';
import { allowedDelay, measureLoopDelay } from './support/event-loop.ts';

let sum = 0;

/** Keeps the processor busy; a million rounds take a millisecond or more. */
function work(rounds: number): void {
  for (let at = 0; at < rounds; at++) sum = (sum + at * 31) % 65_521;
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, at) => (at * 7919) % 10_007);

describe('in time slices', () => {
  it('is filtered, changed and searched as at once', async () => {
    const all = numbers(100);
    expect(await filterInSlices(all, (one) => one % 2 === 0)).toEqual(all.filter((one) => one % 2 === 0));
    expect(await mapInSlices(all, (one) => one * 2)).toEqual(all.map((one) => one * 2));
    expect(await someInSlices(all, (one) => one === 7919)).toBe(true);
    expect(await someInSlices(all, (one) => one < 0)).toBe(false);
  });

  it('is sorted as at once, equal items in their order', async () => {
    const items = fc.array(fc.record({ key: fc.nat(5), id: fc.nat() }), { minLength: 500, maxLength: 2500 });
    await fc.assert(
      fc.asyncProperty(items, async (all) => {
        const byKey = (a: { key: number }, b: { key: number }): number => a.key - b.key;
        expect(await sortInSlices(all, byKey)).toEqual(all.toSorted(byKey));
      }),
      { numRuns: 20 },
    );
  });

  it('everything else has its turn, also while it is sorted', async () => {
    const sort = async (): Promise<number[]> =>
      sortInSlices(numbers(3000), (a, b) => {
        work(2000);
        return a - b;
      });
    const { delay, outcome } = await measureLoopDelay(sort);
    expect(outcome).toMatchObject({ value: numbers(3000).toSorted((a, b) => a - b) });
    expect(delay.all).toBeGreaterThan(100);
    expect(delay.processor).toBeLessThan(allowedDelay(delay));
  });

  it('many calls at once share a slice', async () => {
    const calls = Array.from({ length: 20 });
    const run = async (): Promise<unknown> =>
      Promise.all(calls.map(async () => eachInSlices(numbers(50), () => work(150_000))));
    const { delay } = await measureLoopDelay(run);
    expect(delay.all).toBeGreaterThan(100);
    expect(delay.processor).toBeLessThan(allowedDelay(delay));
  });

  it('ends when the call is cancelled', async () => {
    const controller = new AbortController();
    const seen: number[] = [];
    const run = eachInSlices(
      numbers(1000),
      (one) => {
        seen.push(one);
        work(100_000);
      },
      controller.signal,
    );
    controller.abort();
    await expect(run).rejects.toMatchObject({ code: 'cancelled' });
    expect(seen.length).toBeLessThan(1000);
  });
});
