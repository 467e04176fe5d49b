import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Passage } from '../../support/fault-proxy.ts';
import { openProxiedScene } from '../scene.ts';

const MEGABYTE = 1_000_000;
const XML: [string, string][] = [['Content-Type', 'application/xml; charset=utf-8']];
const LOCKED =
  '<?xml version="1.0"?><d:error xmlns:d="DAV:" xmlns:s="http://sabredav.org/ns"><s:exception>OCA\\DAV\\Connector\\Sabre\\Exception\\FileLocked</s:exception><s:message>"a.bin" is locked</s:message></d:error>';

/** A server that joins chunks until it is asked to do it a second time, behind a proxy that gives up at once. */
async function openSlow() {
  const scene = await openProxiedScene({ NEXTCLOUD_TIMEOUT_SECONDS: '3', NEXTCLOUD_BODY_MB: '10' });
  const { proxy } = scene;
  let state: 'idle' | 'joining' | 'joined' = 'idle';
  const { promise: asked, resolve: finish } = Promise.withResolvers<void>();
  const seen: string[] = [];
  const join = async (passage: Passage): Promise<void> => {
    state = 'joining';
    await asked;
    seen.push(`joined ${(await passage.forward()).status}`);
    state = 'joined';
  };
  proxy.arm(
    async (passage) => {
      const { method } = passage.head;
      seen.push(method);
      if (method !== 'MOVE' || state === 'joined') return passage.answer(await passage.forward());
      if (state === 'idle') {
        await passage.body();
        void join(passage);
        return passage.say(504, 'Gateway Timeout');
      }
      await passage.say(423, 'Locked', XML, LOCKED);
      finish();
    },
    ({ method, target }) => target.includes('/uploads/') && ['MOVE', 'DELETE'].includes(method),
  );
  return { ...scene, seen };
}

describe.concurrent('chunks that the server joins for longer than a proxy waits', () => {
  const bytes = Buffer.alloc(1.2 * MEGABYTE, 'new ');
  const args = { source_path: 'a.bin', remote_path: '/a.bin', overwrite: true };

  const open = async (): Promise<Awaited<ReturnType<typeof openSlow>>> => {
    const scene = await openSlow();
    scene.cloud.home().put('/a.bin', 'before', { mtime: 1_700_000_000 });
    writeFileSync(join(scene.bench.localFolder, 'a.bin'), bytes);
    return scene;
  };

  const joinedOnce = async (scene: Awaited<ReturnType<typeof openSlow>>): Promise<void> => {
    expect(scene.cloud.home().get('/a.bin')?.equals(bytes)).toBe(true);
    expect(scene.seen.filter((what) => what.startsWith('joined'))).toEqual(['joined 204']);
    expect(scene.seen).not.toContain('DELETE');
    await scene.close();
  };

  test('become the file, once', { timeout: 120_000 }, async () => {
    const scene = await open();
    expect((await scene.ok('upload_file', args)).text).toMatch(/^Replaced/);
    await joinedOnce(scene);
  });

  test(
    'are kept when the call is cancelled, and the next call finds the file',
    { timeout: 120_000 },
    async () => {
      const scene = await open();
      const stop = new AbortController();
      const cut = scene.bench.call('upload_file', args, stop.signal).catch(() => undefined);
      while (!scene.seen.includes('MOVE')) await sleep(5);
      stop.abort();
      await cut;
      await sleep(200);
      expect((await scene.ok('upload_file', args)).text).toMatch(/^Replaced/);
      await joinedOnce(scene);
    },
  );
});
