import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../src/errors.ts';
import { assertOpenedIn, HeldFolder } from '../../../src/files/local/held-folder.ts';
import { LocalFolders } from '../../../src/files/local/local-folders.ts';
import { LocalSource } from '../../../src/files/local/local-source.ts';
import { LocalTarget } from '../../../src/files/local/local-target.ts';
import { walk } from '../../../src/files/local/local-tree.ts';

// Another program puts a link to the outside in the place of a folder that was checked just before.
describe.skipIf(process.platform === 'win32')('a folder that becomes a link to the outside', () => {
  let base: string;
  let outside: string;
  let folders: LocalFolders;
  const at = (name: string): string => join(base, 'allowed', name);
  const swap = (): void => {
    renameSync(at('d'), at('aside'));
    renameSync(at('link'), at('d'));
  };
  const allOf = (folder: string): string[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();

  beforeEach(() => {
    base = realpathSync(mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-swap-')));
    outside = join(base, 'outside');
    for (const [folder, text] of [
      [outside, 'OUTSIDE'],
      [at('d'), 'inside!'],
    ] as const) {
      mkdirSync(join(folder, 'sub'), { recursive: true });
      writeFileSync(join(folder, 'f'), text);
      writeFileSync(join(folder, 'sub/.nextcloud-0.part'), text);
    }
    symlinkSync(outside, at('link'));
    folders = new LocalFolders([join(base, 'allowed')]);
  });
  afterEach(() => {
    const there = allOf(outside).join(' ');
    if (there !== 'f sub sub/.nextcloud-0.part') throw new Error(`Outside is now: ${there}`);
    rmSync(base, { recursive: true });
  });

  const refused = { code: 'forbidden', message: expect.stringContaining('was moved or replaced') };

  it('gives no file for an upload', async () => {
    const { path } = await folders.locate('d/f');
    swap();
    await expect(LocalSource.open(path)).rejects.toMatchObject(refused);
  });

  it('gives no file of a tree for an upload', async () => {
    const { files } = await walk((await folders.locate('d')).path);
    swap();
    expect(files.map(({ names }) => names.join('/'))).toEqual(['f', 'sub/.nextcloud-0.part']);
    for (const { path } of files) await expect(LocalSource.open(path)).rejects.toMatchObject(refused);
  });

  it('gives no names', async () => {
    const { path } = await folders.locate('d');
    swap();
    await expect(walk(path)).rejects.toMatchObject(refused);
  });

  it('gets no file of a download', async () => {
    const path = await folders.finalPath('d/new', '');
    swap();
    await expect(LocalTarget.open(path, false)).rejects.toMatchObject(refused);
  });

  it('gets nothing that goes on with an earlier download', async () => {
    const path = await folders.finalPath('d/sub/new', '');
    swap();
    await expect(LocalTarget.open(path, true, join(path, '../.nextcloud-0.part'))).rejects.toMatchObject(
      refused,
    );
  });

  it.each([true, false])('gets no name of a file that is whole, overwrite %s', async (overwrite) => {
    const target = await folders.target('d/new', '', overwrite);
    await target.write(Buffer.from('x'), 0);
    swap();
    await expect(target.finish(1, undefined)).rejects.toMatchObject(refused);
    expect(allOf(at('aside'))).toEqual(['f', 'sub', 'sub/.nextcloud-0.part']);
  });

  it.each(['linux', 'darwin'] as const)('is told, on %s', async (platform) => {
    const file = await open(at('d/f'));
    await assertOpenedIn(at('d/f'), file, platform);
    await file.close();
    const held = await HeldFolder.open(at('d'), platform);
    try {
      await held.assertInPlace();
      swap();
      await expect(held.assertInPlace()).rejects.toMatchObject(refused);
      await expect(HeldFolder.open(at('d'), platform)).rejects.toMatchObject(refused);
      const other = await open(at('d/f'));
      await expect(assertOpenedIn(at('d/f'), other, platform)).rejects.toMatchObject(refused);
      // It is there again, and what was opened is still the other one.
      renameSync(at('d'), at('link'));
      renameSync(at('aside'), at('d'));
      await expect(assertOpenedIn(at('d/f'), other, platform)).rejects.toMatchObject(refused);
      await other.close();
    } finally {
      await held.close();
    }
  });

  it('lets nothing out while it changes to and fro', async () => {
    const code = `
      const { renameSync, rmSync } = require('node:fs');
      const { workerData: [d, aside, link, stop] } = require('node:worker_threads');
      const wait = () => { for (const end = performance.now() + 0.2; performance.now() < end;); };
      // A download may make the folder that is missing for a moment.
      const place = (one) => {
        for (;;)
          try { return renameSync(one, d); } catch { try { rmSync(d, { recursive: true, force: true }); } catch {} }
      };
      const turn = () => {
        if (stop[0]) return;
        for (let n = 0; n < 20; n++) {
          renameSync(d, aside); place(link); wait();
          renameSync(d, link); place(aside); wait();
        }
        setImmediate(turn);
      };
      turn();`;
    const stop = new Int32Array(new SharedArrayBuffer(4));
    const swapper = new Worker(code, { eval: true, workerData: [at('d'), at('aside'), at('link'), stop] });
    const ended = new Promise((resolve) => swapper.once('exit', resolve));
    for (let n = 0, end = performance.now() + 1500; performance.now() < end; n++) {
      try {
        const source = await folders.source('d/f');
        expect(String(await source.whole())).toBe('inside!');
        await source.close();
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
      }
      try {
        const target = await folders.target(n % 2 ? `d/new${n}` : `d/made${n}/new`, '', false);
        await target.write(Buffer.from('x'), 0);
        await target.finish(1, undefined, false);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
      }
    }
    stop[0] = 1;
    await ended;
    const source = await folders.source('d/f');
    expect(String(await source.whole())).toBe('inside!');
    await source.close();
  });
});
