import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalFolders } from '../../../src/files/local/local-folders.ts';

describe('a path that begins with a tilde', () => {
  let home: string;
  let folders: LocalFolders;
  beforeAll(() => {
    home = realpathSync(mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-tilde-')));
    mkdirSync(join(home, 'Downloads'));
    writeFileSync(join(home, 'Downloads/x.txt'), 'x');
    writeFileSync(join(home, 'outside.txt'), 'x');
    folders = new LocalFolders([join(home, 'Downloads')], { platform: process.platform, home });
  });
  afterAll(() => rmSync(home, { recursive: true }));

  it('is below the home folder, for sources and targets', async () => {
    expect(await folders.locate('~/Downloads/x.txt')).toEqual({
      path: join(home, 'Downloads/x.txt'),
      folder: false,
    });
    expect(await folders.finalPath('~/Downloads/', 'new.txt')).toBe(join(home, 'Downloads/new.txt'));
    expect(await folders.finalPath('~/Downloads/sub/new.txt', 'y')).toBe(join(home, 'Downloads/sub/new.txt'));
  });

  it.each(['~/outside.txt', '~', '~/Downloads/../outside.txt'])(
    'stays within the allowed folders: %s',
    async (path) => {
      await expect(folders.locate(path)).rejects.toMatchObject({ code: 'forbidden' });
    },
  );
});
