import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { BoundedThread } from '../../src/threads/bounded-thread.ts';

const script = new URL('./odd-thread.ts', import.meta.url);
const limits = { memoryMb: 32, growthMb: 512, idleMs: 300 };

describe('BoundedThread', () => {
  const thread = new BoundedThread<string, unknown>(script, limits);

  afterEach(async () => {
    await thread.close();
  });

  it('is asked one question at a time', async () => {
    const first = thread.ask('a', 10_000);
    await expect(thread.ask('b', 10_000)).rejects.toThrow('busy');
    expect(await first).toBe('answer to a');
    expect(await thread.ask('b', 10_000)).toBe('answer to b');
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
    const bad = thread.ask(question, question === 'hang' ? 500 : 20_000);
    await expect(bad).rejects.toMatchObject({ name: 'ThreadError', fault });
    expect(await thread.ask('b', 10_000)).toBe('answer to b');
  });

  it('ends when it is busy and its caller gives up', async () => {
    const gone = new AbortController();
    const busy = thread.ask('hang', 20_000, gone.signal);
    gone.abort(new Error('gone'));
    await expect(busy).rejects.toThrow('gone');
    expect(await thread.ask('c', 10_000)).toBe('answer to c');
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
