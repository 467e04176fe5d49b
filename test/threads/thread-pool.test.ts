import { afterEach, describe, expect, it } from 'vitest';
import { ThreadPool } from '../../src/threads/thread-pool.ts';

const script = new URL('./odd-thread.ts', import.meta.url);
const limits = { memoryMb: 32, growthMb: 512, idleMs: 300 };
const ms = 20_000;

describe('ThreadPool', () => {
  const pools: ThreadPool<string, unknown>[] = [];

  afterEach(async () => {
    await Promise.all(pools.splice(0).map((pool) => pool.close()));
  });

  function poolOf(threads: number, maxWaiting = 64): ThreadPool<string, unknown> {
    const pool = new ThreadPool<string, unknown>(script, { ...limits, threads, maxWaiting });
    pools.push(pool);
    return pool;
  }

  /** Questions that are not answered before they are given up. */
  function hang(pool: ThreadPool<string, unknown>, owner: string, count: number) {
    return Array.from({ length: count }, () => {
      const gone = new AbortController();
      const ended = pool
        .ask('hang', { owner, ms: 600_000, signal: gone.signal })
        .catch((error: unknown) => error);
      return { giveUp: () => gone.abort(new Error('given up')), ended };
    });
  }

  it('answers a question while a thread hangs', async () => {
    const pool = poolOf(2);
    const [busy] = hang(pool, 'eve', 1);
    expect(await pool.ask('a', { owner: 'alice', ms })).toBe('answer to a');
    await pool.close();
    expect(await busy?.ended).toMatchObject({ fault: 'closed' });
  });

  it('answers the questions of one owner in their order', async () => {
    const pool = poolOf(1);
    const order: unknown[] = [];
    const ask = async (question: string): Promise<unknown> =>
      order.push(await pool.ask(question, { owner: 'alice', ms }));
    await Promise.all(['a', 'b', 'c'].map(ask));
    expect(order).toEqual(['answer to a', 'answer to b', 'answer to c']);
  });

  it('goes on after a question that ends its thread', async () => {
    const pool = poolOf(1);
    const [bad, good] = await Promise.allSettled([
      pool.ask('exit', { owner: 'alice', ms }),
      pool.ask('b', { owner: 'alice', ms }),
    ]);
    expect(bad).toMatchObject({ status: 'rejected', reason: { name: 'ThreadError', fault: 'crash' } });
    expect(good).toEqual({ status: 'fulfilled', value: 'answer to b' });
  });

  it('forgets a question that waits when its caller gives up', async () => {
    const pool = poolOf(1);
    const [first, second] = hang(pool, 'alice', 2);
    const next = pool.ask('c', { owner: 'alice', ms });
    second?.giveUp();
    expect(await second?.ended).toMatchObject({ message: 'given up' });
    first?.giveUp();
    expect(await next).toBe('answer to c');
  });

  it('answers somebody else after one of the 50 questions of an owner', async () => {
    const pool = poolOf(1);
    const order: string[] = [];
    const ask = async (owner: string): Promise<unknown> =>
      pool.ask('a', { owner, ms }).then(() => order.push(owner));
    const all = [...Array.from({ length: 50 }, () => 'eve'), 'alice', 'bob', 'alice'].map(ask);
    await Promise.all(all);
    expect(order.slice(0, 6)).toEqual(['eve', 'alice', 'bob', 'eve', 'alice', 'eve']);
    expect(order).toHaveLength(53);
  });

  it('leaves an owner one of two threads while somebody else waits', async () => {
    const pool = poolOf(2);
    const [first] = hang(pool, 'eve', 50);
    // None of the other 49 ends, so that these are answered only if none of them takes the thread that is free.
    const answers = ['a', 'b', 'c'].map((question) => pool.ask(question, { owner: 'alice', ms }));
    first?.giveUp();
    expect(await Promise.all(answers)).toEqual(['answer to a', 'answer to b', 'answer to c']);
  });

  it('refuses more questions of an owner than may wait, and of nobody else', async () => {
    const pool = poolOf(1, 3);
    const [running, waiting] = hang(pool, 'eve', 4);
    await expect(pool.ask('a', { owner: 'eve', ms })).rejects.toMatchObject({
      code: 'rate_limited',
      retryable: true,
    });
    const other = pool.ask('a', { owner: 'alice', ms });
    waiting?.giveUp();
    const late = pool.ask('b', { owner: 'eve', ms: 600_000 }).catch((error: unknown) => error);
    running?.giveUp();
    expect(await other).toBe('answer to a');
    await pool.close();
    expect(await late).toMatchObject({ fault: 'closed' });
  });
});
