import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { rename } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { load } from '../src/config/config.ts';
import { LocalSource } from '../src/files/local/local-source.ts';
import { LocalTarget } from '../src/files/local/local-target.ts';
import { walk } from '../src/files/local/local-tree.ts';
import { LockFile } from '../src/files/journal/lock-file.ts';
import { openPlainFile, readPlainFile, readPlainFileSync } from '../src/plain-file.ts';

describe.skipIf(process.platform === 'win32')('what is no plain file is not opened', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'plain-')));
  const at = (name: string): string => join(folder, name);
  let server: Server;

  beforeAll(async () => {
    writeFileSync(at('plain'), 'plain');
    mkdirSync(at('folder'));
    execFileSync('mkfifo', [at('pipe')]);
    symlinkSync(at('pipe'), at('link-to-pipe'));
    symlinkSync(at('plain'), at('link'));
    server = createServer().listen(at('socket'));
    await new Promise((resolve) => server.once('listening', resolve));
  });

  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });

  const special: [name: string, why: string][] = [
    ['pipe', 'is a named pipe'],
    ['link-to-pipe', 'is a named pipe'],
    ['socket', 'is a socket'],
    ['folder', 'is a folder'],
    ['/dev/zero', 'is a device'],
    ['/dev/null', 'is a device'],
  ];

  it.each(special)('%s', async (name, why) => {
    const path = name.startsWith('/') ? name : at(name);
    await expect(openPlainFile(path, { followLinks: true })).rejects.toThrow(why);
    await expect(readPlainFile(path, { followLinks: true })).rejects.toThrow(why);
    expect(() => readPlainFileSync(path)).toThrow(why);
    const config = load({ caFile: path }, {});
    expect(config.problems.join()).toContain(`the file ${why}`);
    const asSource = name.startsWith('link') ? 'is a link' : why;
    await expect(LocalSource.open(path)).rejects.toMatchObject({
      code: 'invalid_input',
      message: `${path} ${asSource}`,
    });
  });

  it('reads plain files, and links where they may be followed', async () => {
    expect(readPlainFileSync(at('link'))).toBe('plain');
    expect(String(await readPlainFile(at('link'), { followLinks: true }))).toBe('plain');
    await expect(readPlainFile(at('link'), { followLinks: false })).rejects.toThrow('is a link');
    const source = await LocalSource.open(at('plain'));
    expect(String(await source.whole())).toBe('plain');
    await source.close();
    expect(() => readPlainFileSync(at('nothing'))).toThrow('ENOENT');
  });

  it('notices a pipe that takes the place of a file between the look and the opening', async () => {
    const [file, pipe, aside] = [at('swapped'), at('swapped-pipe'), at('swapped-file')];
    writeFileSync(file, 'x');
    execFileSync('mkfifo', [pipe]);
    let [opened, refused] = [0, 0];
    for (let round = 0; round < 300; round++) {
      const swap = (async () => {
        await rename(file, aside);
        await rename(pipe, file);
      })();
      const handle = await openPlainFile(file, { followLinks: false }).catch(() => undefined);
      if (handle) {
        opened++;
        expect((await handle.stat()).isFile()).toBe(true);
        await handle.close();
      } else refused++;
      await swap;
      renameSync(file, pipe);
      renameSync(aside, file);
    }
    expect(opened + refused).toBe(300);
  });

  it('leaves special files out of a folder that is uploaded, and tells of them', async () => {
    const { files, skipped } = await walk(folder);
    expect(files.map(({ path }) => path)).toContain(at('plain'));
    expect(skipped).toEqual(expect.arrayContaining([at('pipe'), at('socket'), at('link-to-pipe')]));
  });

  it('goes on with nothing else than a file that a download has left', async () => {
    execFileSync('mkfifo', [at('.left.part')]);
    await expect(LocalTarget.open(at('new'), false, at('.left.part'))).rejects.toMatchObject({
      code: 'exists',
    });
  });

  it('does not wait for a lock that is a pipe', async () => {
    await expect(LockFile.take(at('pipe'))).rejects.toThrow('is a named pipe');
    expect(await LockFile.isTaken(at('pipe'))).toBe(false);
  });
});
