import { expect, test } from 'vitest';
import { RequestLimiter } from '../../../src/nextcloud/transport/request-limiter.ts';

const settled = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('one request at a time until the sign-in was accepted, then as many as allowed', async () => {
  const turns = new RequestLimiter(3, 0);
  let started = 0;
  const take = async (): Promise<void> => {
    await turns.take(undefined);
    started++;
  };
  const all = Array.from({ length: 6 }, take);
  await settled();
  expect(started).toBe(1);
  turns.accept();
  await settled();
  expect(started).toBe(3);
  for (const _ of all) turns.giveBack();
  await Promise.all(all);
  expect(started).toBe(6);
});

test('a call that is cancelled leaves the queue and takes no turn', async () => {
  const turns = new RequestLimiter(1, 0);
  await turns.take(undefined);
  const stop = new AbortController();
  const waiting = turns.take(stop.signal);
  stop.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
  await expect(turns.take(stop.signal)).rejects.toMatchObject({ code: 'cancelled' });
  turns.giveBack();
  await turns.take(undefined);
});

// A stalled machine sees two starts at once: the spacing shows in one of three tries.
test('starts are kept apart', { retry: 3 }, async () => {
  const turns = new RequestLimiter(4, 30);
  const starts: number[] = [];
  turns.accept();
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      await turns.take(undefined);
      starts.push(performance.now());
      turns.giveBack();
    }),
  );
  const gaps = starts.slice(1).map((start, index) => start - (starts[index] ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThan(20);
});

test('a turn that is cancelled while it waits for its time is given back', async () => {
  const turns = new RequestLimiter(1, 5000);
  await turns.take(undefined);
  turns.giveBack();
  await expect(turns.take(AbortSignal.timeout(20))).rejects.toMatchObject({ code: 'cancelled' });
  const stop = new AbortController();
  const next = turns.take(stop.signal);
  stop.abort();
  await expect(next).rejects.toMatchObject({ code: 'cancelled' });
});
