import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startEmbeddedNextcloud } from '../../../src/embedded-nextcloud/index.ts';
import type { EmbeddedNextcloud, EmbeddedOptions } from '../../../src/embedded-nextcloud/index.ts';
import { FaultProxy } from '../../support/fault-proxy.ts';
import type { Passage } from '../../support/fault-proxy.ts';
import { Stage } from '../../support/stage.ts';
import { undoOf } from '../../support/undo.ts';
import { agreed, openSceneOn, treeOf } from '../scene.ts';
import type { Scene } from '../scene.ts';
import { changes, furnish } from './changes.ts';

let cloud: EmbeddedNextcloud;
let proxy: FaultProxy;
let state: string;

const start = async (options: EmbeddedOptions = {}): Promise<void> => {
  cloud = await startEmbeddedNextcloud(options);
  proxy = await FaultProxy.start(cloud.url);
  state = mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-state-'));
  furnish(cloud);
};
const end = async (): Promise<void> => {
  await proxy.close();
  await cloud.close();
  rmSync(state, { recursive: true });
};
beforeEach(async () => start());
afterEach(end);

const open = async (): Promise<Scene> =>
  openSceneOn({ cloud }, { NEXTCLOUD_URL: proxy.url, NEXTCLOUD_STATE_FOLDER: state });

const doneAndSilent = async (passage: Passage): Promise<void> => {
  await passage.forward();
  await passage.silence();
};
const onlySilent = async (passage: Passage): Promise<void> => {
  await passage.body();
  await passage.silence();
};

describe('a process that ends between a change and its note', () => {
  const interrupt = async (
    [tool, args, verb]: (typeof changes)[number],
    spoil: (passage: Passage) => Promise<void>,
  ): Promise<void> => {
    const scene = await open();
    proxy.arm(spoil, ({ method }) => method === verb);
    const stop = new AbortController();
    const hits = proxy.hits;
    const call = async (more: object): Promise<unknown> =>
      scene.bench.call(tool, { ...args, ...more }, stop.signal).then(({ data }) => data['confirm']);
    const first = call({}).then((confirm) => (confirm === undefined ? undefined : call({ confirm })));
    while (proxy.hits === hits) await sleep(5);
    await sleep(50);
    stop.abort();
    await first.catch(() => undefined);
    await scene.close();
    proxy.disarm();
  };

  it.each(changes)('%s %o is taken back by the next one', async (...change) => {
    const before = treeOf({ cloud } as Scene);
    await interrupt(change, doneAndSilent);
    expect(treeOf({ cloud } as Scene)).not.toEqual(before);
    const next = await open();
    expect((await next.ok('undo', {})).text).toMatch(/^u1 .*; perhaps not made$/);
    const { data } = await agreed(next, 'undo', { change: 'u1' });
    expect(data['kept']).toBeUndefined();
    expect(treeOf({ cloud } as Scene)).toEqual(before);
    await next.close();
  });

  it.each(changes.filter(([tool]) => tool === 'copy_file'))(
    '%s %o is taken back before 30',
    async (...change) => {
      await end();
      await start({ version: '29.0.1' });
      const before = treeOf({ cloud } as Scene);
      await interrupt(change, doneAndSilent);
      const next = await open();
      const { data } = await agreed(next, 'undo', { change: 'u1' });
      expect(data['kept']).toBeUndefined();
      expect(treeOf({ cloud } as Scene)).toEqual(before);
      await next.close();
    },
  );

  it.each(changes)('%s %o is not taken back when it was never made', async (...change) => {
    const before = treeOf({ cloud } as Scene);
    await interrupt(change, onlySilent);
    const next = await open();
    expect((await next.ok('undo', { change: 'u1' })).text).toMatch(
      /^u1 was never made, so nothing was changed$/,
    );
    expect(treeOf({ cloud } as Scene)).toEqual(before);
    await next.close();
  });
});

it('all changes are taken back after a restart', async () => {
  const before = treeOf({ cloud } as Scene);
  const first = await open();
  const undos: string[] = [];
  for (const [tool, args] of changes) {
    const { data, isError } = await first.bench.call(tool, { ...args });
    if (isError) continue;
    const { confirm } = data;
    undos.push(
      undoOf(confirm === undefined ? { data, text: '' } : await first.ok(tool, { ...args, confirm })),
    );
  }
  expect(undos.length).toBeGreaterThan(5);
  await first.close();
  const next = await open();
  for (const change of undos.toReversed()) await agreed(next, 'undo', { change });
  expect(treeOf({ cloud } as Scene)).toEqual(before);
  await next.close();
});

it('a server that is killed between a change and its note leaves both, and says nothing of a database', async () => {
  const env = { NEXTCLOUD_URL: proxy.url, NEXTCLOUD_STATE_FOLDER: state };
  const first = await Stage.open({ env }, cloud);
  await first.ok('edit_file', { file_path: '/b.txt', edits: [{ old_text: 'two', new_text: 'zwei' }] });
  proxy.arm(doneAndSilent, ({ method }) => method === 'DELETE');
  const lost = first.call('delete_file', { file_path: '/a.txt' }).catch(() => undefined);
  while (cloud.home().exists('/a.txt')) await sleep(5);
  process.kill(first.pid, 'SIGKILL');
  await lost;
  expect(first.printed.join('')).not.toMatch(/experimental|sqlite/i);
  await first.close().catch(() => undefined);
  proxy.disarm();
  const next = await Stage.open({ env }, cloud);
  expect((await next.ok('undo')).text).toMatch(/^u2 .* deleted \/a\.txt; perhaps not made\nu1 /);
  await next.ok('undo', { change: 'u2' });
  await next.ok('undo', { change: 'u1' });
  expect(cloud.home().get('/a.txt')?.toString()).toBe('one\n');
  expect(cloud.home().get('/b.txt')?.toString()).toBe('two\n');
  await next.close();
});
