import { describe, expect, it } from 'vitest';
import { foldName, SignInQueue } from '../../src/app/sign-in-queue.ts';
import { AppError } from '../../src/errors.ts';
import { defaultHttpLimits } from '../../src/serve/http/limits.ts';

const limits = { ...defaultHttpLimits.signIns, atOnce: 2, waitingPerClient: 3, waiting: 5 };
const refuse = async (): Promise<never> => Promise.reject(new AppError('unauthorized', 'wrong'));

describe('the queue of logins to be tried', () => {
  it('tries so many at a time, and lets so many wait', async () => {
    const queue = new SignInQueue({ limits });
    const ends: (() => void)[] = [];
    const begin = async (client: string): Promise<string> =>
      queue.run({ name: `${ends.length}`, client }, async () => {
        await new Promise<void>((resolve) => ends.push(resolve));
        return client;
      });
    const running = ['a', 'a', 'a', 'a', 'a', 'b', 'b'].map(begin);
    expect(queue.size).toBe(7);
    await expect(begin('a')).rejects.toThrow('Too many logins are waiting');
    await expect(begin('c')).rejects.toThrow('Too many logins are waiting');
    for (let round = 0; round < 7; round++) {
      await expect.poll(() => ends.length).toBeGreaterThan(0);
      expect(ends.length).toBeLessThanOrEqual(2);
      ends.shift()?.();
    }
    expect(await Promise.all(running)).toHaveLength(7);
    expect(queue.size).toBe(0);
  });

  it('forgets failures after the window', async () => {
    let now = 0;
    const queue = new SignInQueue({ limits, now: () => now });
    const attempt = (name: string, client: string): Promise<never> => queue.run({ name, client }, refuse);
    for (let index = 0; index < limits.failedPerName; index++)
      await expect(attempt('alice', `${index}`)).rejects.toThrow('wrong');
    await expect(attempt('alice', 'x')).rejects.toThrow('Several wrong passwords');
    await expect(attempt('bob', 'x')).rejects.toThrow('wrong');
    expect(queue.failures).toBe(limits.failedPerName + 1);
    now += limits.windowMs;
    expect(queue.failures).toBe(0);
    await expect(attempt('alice', 'x')).rejects.toThrow('wrong');
  });

  it('stops for as long as the Nextcloud says when it refuses more', async () => {
    let now = 0;
    const queue = new SignInQueue({ limits, now: () => now });
    const attempt = { name: 'alice', client: 'x' };
    const braked = new AppError('rate_limited', 'too many', { retryAfter: 20 });
    await expect(queue.run(attempt, async () => Promise.reject(braked))).rejects.toBe(braked);
    await expect(queue.run(attempt, async () => Promise.resolve(1))).rejects.toMatchObject({
      retryAfter: 20,
    });
    now += 20_000;
    expect(await queue.run({ ...attempt }, async () => Promise.resolve(1))).toBe(1);
  });

  it('knows the spellings of a name', () => {
    for (const name of [
      'Alice',
      'ALICE ',
      'ａｌｉｃｅ',
      'al\u00adice',
      'a\u200blice',
      'álicè',
      'a\u0301lice',
    ])
      expect(foldName(name)).toBe('alice');
    expect(foldName('STRASSE')).toBe(foldName('straße'));
    expect(foldName('alice2')).not.toBe('alice');
  });
});
