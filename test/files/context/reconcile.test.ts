import { describe, expect, test } from 'vitest';
import { AppError } from '../../../src/errors.ts';
import { failureText } from '../../../src/tools/render/remedies.ts';
import { reconcile } from '../../../src/files/context/reconcile.ts';

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

  test('is not made again after a silence: the server may still be at it', async () => {
    const one = change(slow);
    await expect(reconcile(one.run, look(undefined).run, {})).rejects.toThrow('has not been made');
    expect(one.count()).toBe(1);
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
