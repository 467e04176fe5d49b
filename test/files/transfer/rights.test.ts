import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { MEBI, sparseContent, Terminal } from '../../support/terminal.ts';

it.skipIf(process.platform === 'win32')(
  'what is fetched has the rights of any new file, once it is whole',
  async () => {
    const at = await Terminal.open({ latencyMs: 20 });
    try {
      const home = at.cloud.home();
      home.put('/large.bin', sparseContent(60 * MEBI));
      for (let n = 0; n < 30; n++) home.put(`/d/${n}.txt`, `file ${n}`);
      const rights = (name: string): string => (statSync(at.path(name)).mode & 0o7777).toString(8);

      const run = at.run(['get', '/large.bin', 'large.bin'], undefined, 'umask 027;');
      let part: string | undefined;
      while (!part) {
        part = at.names.find((name) => name.endsWith('.part'));
        await sleep(1);
      }
      expect(rights(part)).toBe('600');
      expect((await run).code).toBe(0);
      expect(rights('large.bin')).toBe('640');

      mkdirSync(at.path('d'));
      for (const name of ['d/0.txt', 'd/1.txt']) writeFileSync(at.path(name), 'theirs');
      chmodSync(at.path('d/0.txt'), 0o600);
      chmodSync(at.path('d/1.txt'), 0o644);
      expect((await at.run(['get', '/d', 'd', '--overwrite'], undefined, 'umask 022;')).code).toBe(0);
      expect(['d/0.txt', 'd/1.txt', 'd/2.txt'].map(rights)).toEqual(['600', '644', '644']);
    } finally {
      await at.close();
    }
  },
);
