import { expect, test } from 'vitest';
import { RequestLimiter } from '../../../src/nextcloud/transport/request-limiter.ts';
import { RequestPool } from '../../../src/nextcloud/transport/request-pool.ts';
import type { RequestShare } from '../../../src/nextcloud/transport/request-pool.ts';

const settled = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Takes turns without waiting for them, and notes who got one. */
class Started {
  readonly names: string[] = [];

  take(share: RequestShare, name: string, count: number): void {
    for (let turn = 0; turn < count; turn++) void share.take(undefined).then(() => this.names.push(name));
  }

  async count(name: string): Promise<number> {
    await settled();
    return this.names.filter((one) => one === name).length;
  }
}

test('all sessions of one person have one limit, and another person starts at once', async () => {
  const pool = new RequestPool({ perPerson: 4, total: 32, intervalMs: 0 });
  const started = new Started();
  const sessions = Array.from({ length: 8 }, () => pool.join('eve'));
  for (const session of sessions) started.take(session, 'eve', 4);
  expect(await started.count('eve')).toBe(4);
  started.take(pool.join('alice'), 'alice', 4);
  expect(await started.count('alice')).toBe(4);
  sessions[0]?.giveBack();
  expect(await started.count('eve')).toBe(5);
});

test('a newcomer starts at once while eight persons want all, and each at once gets less then', async () => {
  const pool = new RequestPool({ perPerson: 4, total: 32, intervalMs: 0 });
  const started = new Started();
  const shares = Array.from({ length: 8 }, (_, index) => pool.join(`person ${index}`));
  shares.forEach((share, index) => started.take(share, `person ${index}`, 8));
  started.take(pool.join('alice'), 'alice', 1);
  expect(await started.count('alice')).toBe(1);
  expect(await started.count('person 0')).toBe(4);
  expect(await started.count('person 7')).toBe(1);
  expect(started.names).toHaveLength(6 * 4 + 2 + 1);
});

test('whoever has the fewest running is served first, then whoever was served longest ago', async () => {
  const pool = new RequestPool({ perPerson: 2, total: 4, intervalMs: 0 });
  const started = new Started();
  const [a, b, c, d, e] = ['a', 'b', 'c', 'd', 'e'].map((name) => pool.join(name));
  if (!a || !b || !c || !d || !e) throw new Error('five persons');
  started.take(a, 'a', 4);
  started.take(b, 'b', 3);
  started.take(c, 'c', 1);
  started.take(d, 'd', 1);
  started.take(e, 'e', 1);
  await settled();
  expect(started.names).toEqual(['a', 'a', 'b', 'c']);
  a.giveBack();
  await settled();
  expect(started.names.slice(4)).toEqual(['d']);
  a.giveBack();
  await settled();
  // `a` has none running either, but was served already.
  expect(started.names.slice(5)).toEqual(['e']);
  for (const share of [b, c, d]) share.giveBack();
  await settled();
  expect(started.names.slice(6)).toEqual(['a', 'b']);
});

test('a session that ends leaves the turns of its person counted, and nothing is kept of one who has gone', async () => {
  const pool = new RequestPool({ perPerson: 1, total: 8, intervalMs: 0 });
  const started = new Started();
  const first = pool.join('eve');
  started.take(first, 'first', 1);
  first.leave();
  first.leave();
  const second = pool.join('eve');
  started.take(second, 'second', 1);
  expect(await started.count('second')).toBe(0);
  first.giveBack();
  expect(await started.count('second')).toBe(1);
  second.giveBack();
  expect(pool.size).toBe(1);
  second.leave();
  expect(pool.size).toBe(0);
});

test('a call that is cancelled while it waits takes no turn of its person and none of its sign-in', async () => {
  const pool = new RequestPool({ perPerson: 1, total: 8, intervalMs: 0 });
  const other = pool.join('eve');
  await other.take(undefined);
  const limiter = new RequestLimiter(1, pool.join('eve'));
  const stop = new AbortController();
  const waiting = limiter.take(stop.signal);
  stop.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
  other.giveBack();
  await limiter.take(undefined);
  limiter.giveBack();
  await other.take(undefined);
});

// A stalled machine sees two starts at once: the spacing shows in one of three tries.
test('starts of one person are kept apart over all sessions', { retry: 3 }, async () => {
  const pool = new RequestPool({ perPerson: 4, total: 32, intervalMs: 30 });
  const starts: number[] = [];
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      const share = pool.join('eve');
      await share.take(undefined);
      starts.push(performance.now());
      share.giveBack();
    }),
  );
  const gaps = starts.slice(1).map((start, index) => start - (starts[index] ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThan(20);
});
