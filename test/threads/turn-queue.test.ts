import { describe, expect, it } from 'vitest';
import { TurnQueue } from '../../src/threads/turn-queue.ts';

describe('TurnQueue', () => {
  it('keeps nobody waiting while others take turns in sending one job each', () => {
    const queue = new TurnQueue<{ owner: string }>(10);
    for (const owner of ['eve', 'alice', 'eve']) queue.add({ owner });
    const order: string[] = [];
    for (let turn = 0; turn < 6; turn++) {
      const job = queue.take();
      if (!job) break;
      order.push(job.owner);
      // Whoever is not served at the moment sends a job; the one served before has none left.
      if (job.owner !== 'eve') queue.add({ owner: job.owner === 'alice' ? 'bob' : 'alice' });
      queue.done(job);
    }
    expect(order.filter((owner) => owner === 'eve')).toHaveLength(2);
  });

  it('forgets an owner who has no job', () => {
    const queue = new TurnQueue<{ owner: string }>(1);
    for (let at = 0; at < 3; at++) {
      const job = { owner: 'eve' };
      queue.add(job);
      expect(queue.take()).toBe(job);
      queue.done(job);
    }
    expect(queue.drain()).toEqual([]);
    expect(queue.take()).toBeUndefined();
  });
});
