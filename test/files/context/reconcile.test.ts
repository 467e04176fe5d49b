import { describe, expect, test } from 'vitest';
import { AppError } from '../../../src/errors.ts';
import { failureText } from '../../../src/tools/render/remedies.ts';
import { partlyMade, reconcile } from '../../../src/files/context/reconcile.ts';

const done = { done: true };
const broke = new AppError('unavailable', 'It broke', { uncertain: true, retryable: true });
const slow = new AppError('timeout', 'It was silent', { uncertain: true, retryable: true });
const exists = new AppError('precondition_failed', 'It exists already', { status: 412 });

/** Fails as told, one failure after the other, then works. */
function change(...failures: AppError[]): { run: () => Promise<typeof done>; count: () => number } {
  let count = 0;
  return {
    run: () => {
      const failure = failures[count++];
      return failure ? Promise.reject(failure) : Promise.resolve(done);
    },
    count: () => count,
  };
}

const look = (...found: (typeof done | 'unclear' | undefined)[]) => {
  let count = 0;
  return { run: () => Promise.resolve(found[count++]), count: () => count };
};

describe('a change whose answer may get lost', () => {
  test('is not looked for when it worked, or was plainly refused', async () => {
    const nothing = look();
    expect(await reconcile(change().run, nothing.run, {})).toBe(done);
    await expect(reconcile(change(exists).run, nothing.run, {})).rejects.toBe(exists);
    expect(nothing.count()).toBe(0);
  });

  test('is not made again when the look finds it', async () => {
    const one = change(broke);
    expect(await reconcile(one.run, look(done).run, {})).toBe(done);
    expect(one.count()).toBe(1);
  });

  test('is made again when the look does not find it', async () => {
    const one = change(broke, broke);
    expect(await reconcile(one.run, look(undefined, undefined).run, {})).toBe(done);
    expect(one.count()).toBe(3);
  });

  test('is told with one way out, and not to be tried again where that is not known to be safe', async () => {
    const hint = 'Try again in a moment. If it stays, look at the log.';
    const failed = new AppError('unavailable', 'It said: no.', { status: 500, uncertain: true, hint });
    const told = async (found: undefined | 'unclear'): Promise<string> =>
      reconcile(change(failed).run, look(found).run, {}).then(String, (error: AppError) =>
        failureText(error),
      );
    expect(await told(undefined)).toBe(
      'unavailable: It said: no. The change has not been made. Try again. If it stays, look at the log.',
    );
    expect(await told('unclear')).toMatch(
      /no\. It is not known .* If it stays, look at the log\. .*before you repeat it\.$/,
    );
    expect(await told('unclear')).not.toMatch(/try again/i);
  });

  test('is looked for again when the repetition is refused: it may have come through late', async () => {
    const one = change(broke, exists);
    expect(await reconcile(one.run, look(undefined, done).run, {})).toBe(done);
    await expect(reconcile(change(broke, exists).run, look(undefined, undefined).run, {})).rejects.toBe(
      exists,
    );
  });

  test.each([
    ['a silence', slow],
    ['a 504', new AppError('unavailable', 'Too slow', { status: 504, uncertain: true, retryable: true })],
  ])('is not made again after %s, nor denied: the server may still be at it', async (_, failure) => {
    const one = change(failure);
    await expect(reconcile(one.run, look(undefined).run, {})).rejects.toThrow('not known whether');
    expect(one.count()).toBe(1);
  });

  describe('that has a second effect when it is made twice', () => {
    const once = { once: true, remedy: { kind: 'verify-change', place: 'comments' } } as const;

    test.each([
      ['a broken connection', broke],
      ['a silence', slow],
    ])('is looked for several times after %s, and never made again', async (_, failure) => {
      const late = look(undefined, undefined, done);
      const one = change(failure);
      expect(await reconcile(one.run, late.run, {}, once)).toBe(done);
      expect([one.count(), late.count()]).toEqual([1, 3]);
      const lost = change(failure);
      const error = await reconcile(lost.run, look().run, {}, once).catch((cause: unknown) => cause);
      expect(failureText(error as AppError)).toMatch(
        /It is not known whether the change was made\. Look with list_comments before you repeat it\.$/,
      );
      expect(lost.count()).toBe(1);
    });

    test('is known not to be made when the server has answered and nothing is there', async () => {
      const failed = new AppError('unavailable', 'It failed', { status: 500, uncertain: true });
      const nothing = look();
      await expect(reconcile(change(failed).run, nothing.run, {}, once)).rejects.toThrow('has not been made');
      expect(nothing.count()).toBe(1);
    });
  });

  test('made in part says which part, whatever ends it', () => {
    const error = partlyMade(exists, ['added "a"', 'removed "b"']);
    expect(failureText(error as AppError)).toMatch(/exists already\. Already done: added "a", removed "b"\./);
    expect(partlyMade(exists, [])).toBe(exists);
  });

  test('is told as unknown when the look is unclear or fails', async () => {
    await expect(reconcile(change(broke).run, look('unclear').run, {})).rejects.toThrow('not known whether');
    const fails = (): Promise<never> => Promise.reject(broke);
    await expect(reconcile(change(broke).run, fails, {})).rejects.toThrow('not known whether');
  });

  test('ends at once when the call is cancelled', async () => {
    const stop = AbortSignal.abort();
    const failure = await reconcile(change(broke).run, look(undefined).run, { signal: stop }).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ code: 'cancelled' });
  });
});
