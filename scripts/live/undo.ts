import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { changes } from '../../test/files/undo/changes.ts';
import { FaultProxy } from '../../test/support/fault-proxy.ts';
import { Stage } from '../../test/support/stage.ts';
import type { Answer } from '../../test/support/stage.ts';
import { davWitness } from '../../test/support/witness.ts';
import { realLogin } from './variables.ts';

/**
 * Changes of every kind in a real Nextcloud, each taken back by another process: after a restart, and after the first
 * process was killed between the change and its note. Works in a folder of its own, which it removes at the end.
 *
 * Arguments are names of tools; without one, all are tried.
 */
const { url, username, password } = realLogin();
const wanted = process.argv.slice(2);
const place = `/nextcloud-files-mcp-${randomBytes(4).toString('hex')}`;
const witness = await davWitness(url, { username, password });
const proxy = await FaultProxy.start(url);

async function treeOf(folder: string): Promise<Record<string, string>> {
  const tree: Record<string, string> = {};
  for (const name of await witness.list(folder)) {
    const path = `${folder}/${name}`;
    const content = await witness.get(path);
    tree[path] = content === undefined ? 'folder' : content.toString('latin1');
    if (content === undefined) Object.assign(tree, await treeOf(path));
  }
  return tree;
}

async function furnish(folder: string): Promise<void> {
  const files = {
    'a.txt': 'one\n',
    'b.txt': 'two\n',
    'empty.txt': '',
    'dir/c.txt': 'three\n',
    'dir/sub/d.txt': 'four\n',
    'other/e.txt': 'five\n',
  };
  for (const [name, content] of Object.entries(files)) await witness.put(`${folder}/${name}`, content);
  // What is written once more within the second gets no version.
  await sleep(1100);
}

/** The same call in a folder. */
function inside(folder: string, args: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(args).map(([key, value]) => [
      key,
      typeof value === 'string' && value.startsWith('/') ? folder + value : value,
    ]),
  );
}

async function agreed(stage: Stage, tool: string, args: Record<string, unknown>): Promise<Answer> {
  const first = await stage.ok(tool, args);
  const { confirm } = first.data;
  return typeof confirm === 'string' ? stage.ok(tool, { ...args, confirm }) : first;
}

async function one(index: number, isKilled: boolean): Promise<string> {
  const [tool, given, verb] = changes[index] ?? ['', {}, ''];
  const folder = `${place}/${index}-${isKilled ? 'killed' : 'restarted'}`;
  const args = inside(folder, given);
  const state = mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-state-'));
  const open = async (): Promise<Stage> =>
    Stage.open({ real: { url: proxy.url, username, password }, env: { NEXTCLOUD_STATE_FOLDER: state } });
  try {
    await furnish(folder);
    const before = await treeOf(folder);
    const first = await open();
    if (isKilled) {
      const made = Promise.withResolvers<void>();
      proxy.arm(
        async (passage) => {
          await passage.forward();
          made.resolve();
          await passage.silence();
        },
        ({ method }) => method === verb,
      );
      const lost = agreed(first, tool, args).catch(() => undefined);
      await made.promise;
      process.kill(first.pid, 'SIGKILL');
      await lost;
      proxy.disarm();
    } else await agreed(first, tool, args);
    await first.close().catch(() => undefined);
    assert.notDeepEqual(await treeOf(folder), before);
    const next = await open();
    const { data } = await agreed(next, 'undo', { change: 'u1' });
    await next.close();
    assert.equal(data['kept'], undefined);
    assert.deepEqual(await treeOf(folder), before);
    return 'taken back';
  } catch (error) {
    process.exitCode = 1;
    return `WRONG: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    proxy.disarm();
    rmSync(state, { recursive: true });
  }
}

try {
  for (const index of changes.keys())
    for (const isKilled of [false, true]) {
      const [tool = '', args] = changes[index] ?? [];
      if (wanted.length > 0 && !wanted.includes(tool)) continue;
      const how = isKilled ? 'killed' : 'restarted';
      console.log(`${how.padEnd(10)} ${tool} ${JSON.stringify(args)}: ${await one(index, isKilled)}`);
    }
} finally {
  await proxy.close();
  await witness.remove(place);
}
