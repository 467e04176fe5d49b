import { describe, expect, it } from 'vitest';
import { toLevels } from '../../../src/files/cache/folder-tree.ts';
import { AccessPolicy } from '../../../src/files/context/access-policy.ts';
import { sortByValue, sortSiblings } from '../../../src/files/entry/order.ts';
import { visibleEntries } from '../../../src/files/list/view.ts';
import type { Resource } from '../../../src/nextcloud/dav/resource.ts';
import { ROOT } from '../../../src/path.ts';
import type { RemotePath } from '../../../src/path.ts';
import { allowedDelay, measureLoopDelay } from '../../support/event-loop.ts';

const COUNT = 20_000;

function entries(name: (index: number) => string, folder = false): Resource[] {
  const all = Array.from({ length: COUNT }, (_, at) => (at * 7919) % COUNT);
  return all.map((at) => ({ path: `/${name(at)}` as RemotePath, folder, modified: at % 5000 }));
}

const self: Resource = { path: ROOT, folder: true };
const long = entries((at) => 'é'.repeat(110) + '12 '.repeat(40) + at);
const level = { self, children: long, odd: [], provedAt: 0 };
const denied = Array.from({ length: 40 }, (_, at) => `**/*a*${at}*b*`);
const policy = new AccessPolicy([{ path: ROOT, readOnly: false }], denied);

const cases: [what: string, work: () => Promise<unknown>][] = [
  ['20,000 long names are sorted', async () => sortSiblings(long)],
  [
    '20,000 long names are put into levels',
    async () => toLevels({ resources: [self, ...long], odd: [] }, 1, 0),
  ],
  [
    '20,000 folders are put into levels, with a name that cannot be shown in each',
    async () => {
      const folders = entries((at) => `folder ${at}`, true);
      const odd = folders.map(({ path }) => ({ folder: path, name: 'x', inside: false }));
      return toLevels({ resources: [self, ...folders], odd }, 2, 0);
    },
  ],
  [
    '20,000 long names are compared with 40 denied globs',
    async () =>
      visibleEntries(new Map([[ROOT, level]]), ROOT, {
        depth: 1,
        direction: 'asc',
        width: Infinity,
        accepts: ({ path }) => policy.isVisible(path),
      }),
  ],
];

describe('the event loop goes on while', { timeout: 60_000 }, () => {
  it.each(cases)('%s', async (_, work) => {
    const { delay, outcome } = await measureLoopDelay(work);
    expect(outcome.status).toBe('fulfilled');
    expect(delay.processor).toBeLessThan(allowedDelay(delay));
  });

  it('entries are sorted by value as they were', async () => {
    const sorted = await sortByValue(long, 'modified', 'desc');
    const expected = long.toSorted((a, b) => (b.modified ?? 0) - (a.modified ?? 0));
    expect(sorted.map(({ path }) => path)).toEqual(expected.map(({ path }) => path));
  });
});
