import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { BoundedThread } from '../../src/threads/bounded-thread.ts';
import { ThreadPool } from '../../src/threads/thread-pool.ts';

const script = new URL('./odd-thread.ts', import.meta.url);
const limits = { memoryMb: 32, growthMb: 512, idleMs: 300 };

describe('BoundedThread', () => {
  const thread = new BoundedThread<string, unknown>(script, limits);

  afterEach(async () => {
    await thread.close();
  });

  it('answers one question after the other', async () => {
    const answers = await Promise.all(['a', 'b', 'c'].map((one) => thread.ask(one, 10_000)));
    expect(answers).toEqual(['answer to a', 'answer to b', 'answer to c']);
    expect(thread.load).toBe(0);
  });

  it('shows the thread nothing of the environment', async () => {
    expect(await thread.ask('environment', 10_000)).toBe(0);
  });

  it.each([
    ['hang', 'time'],
    ['grow', 'memory'],
    ['exit', 'crash'],
    ['throw', 'crash'],
  ])('ends a thread that is told to %s, and goes on with another', async (question, fault) => {
    const [bad, good] = await Promise.allSettled([
      thread.ask(question, question === 'hang' ? 500 : 20_000),
      thread.ask('b', 10_000),
    ]);
    expect(bad).toMatchObject({ status: 'rejected', reason: { name: 'ThreadError', fault } });
    expect(good).toEqual({ status: 'fulfilled', value: 'answer to b' });
  });

  it('ends a busy thread whose caller gives up, and forgets a question that waits', async () => {
    const [first, second] = [new AbortController(), new AbortController()];
    const busy = thread.ask('hang', 20_000, first.signal);
    const waiting = thread.ask('hang', 20_000, second.signal);
    const next = thread.ask('c', 10_000);
    second.abort(new Error('second'));
    await expect(waiting).rejects.toThrow('second');
    first.abort(new Error('first'));
    await expect(busy).rejects.toThrow('first');
    expect(await next).toBe('answer to c');
  });

  it('leaves no listener on the signal of a caller', async () => {
    const { signal } = new AbortController();
    let listeners = 0;
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
    signal.addEventListener = (...args: Parameters<typeof add>) => (listeners++, add(...args));
    signal.removeEventListener = (...args: Parameters<typeof remove>) => (listeners--, remove(...args));
    for (let at = 0; at < 3; at++) await thread.ask('a', 10_000, signal);
    expect(listeners).toBe(0);
  });

  it('answers again after it was idle for so long that its thread was ended', async () => {
    await thread.ask('a', 10_000);
    await sleep(600);
    expect(await thread.ask('b', 10_000)).toBe('answer to b');
  });
});

describe('ThreadPool', () => {
  it('answers a question while a thread hangs', async () => {
    const pool = new ThreadPool<string, unknown>(script, { ...limits, threads: 2 });
    const hangs = pool.ask('hang', 20_000).catch((error: unknown) => error);
    expect(await pool.ask('a', 10_000)).toBe('answer to a');
    await pool.close();
    expect(await hangs).toMatchObject({ fault: 'closed' });
  });
});
