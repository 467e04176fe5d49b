import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { EmbeddedOptions } from '../../../src/embedded-nextcloud/index.ts';
import { Terminal } from '../../support/terminal.ts';

/** Names that are hard on the way through URLs, archives and multipart bodies. */
const names = ['plain.txt', 'a b.txt', 'a%20b.txt', 'q?x#y.txt', 'ümläut 😀.txt', "it's & {odd}.txt"];

describe('a folder', () => {
  let terminal: Terminal;
  afterEach(async () => terminal.close());

  const open = async (options: EmbeddedOptions = {}): Promise<void> => {
    terminal = await Terminal.open(options);
    const { folder } = terminal;
    for (const sub of ['tree', 'tree/sub', 'tree/sub/deep', 'tree/empty']) mkdirSync(`${folder}/${sub}`);
    for (const name of names) writeFileSync(`${folder}/tree/${name}`, `in ${name}`);
    for (let i = 0; i < 150; i++) writeFileSync(`${folder}/tree/sub/${i}.txt`, `file ${i}\n`.repeat(i));
    writeFileSync(`${folder}/tree/sub/deep/large.bin`, Buffer.alloc(2_000_000, 7));
    utimesSync(`${folder}/tree/plain.txt`, 1_500_000_000, 1_500_000_000);
  };
  const requests = (method: string): number =>
    terminal.cloud.requests.filter((request) => request.method === method).length;
  const remote = (path: string): string | undefined => terminal.cloud.home().get(path)?.toString();

  it.each(['34.0.1', '28.0.2'] as const)('goes to %s and comes back the same', async (version) => {
    await open({ version });
    const { cloud } = terminal;
    const put = await terminal.ok(['put', 'tree', '/Tree']);
    expect(put.text).toMatch(/^Uploaded 157 files to \/Tree, \S+ MB, \S+ s$/m);
    for (const name of names) expect(remote(`/Tree/${name}`)).toBe(`in ${name}`);
    for (let i = 0; i < 150; i++) expect(remote(`/Tree/sub/${i}.txt`)).toBe(`file ${i}\n`.repeat(i));
    expect(cloud.home().stat('/Tree/empty')?.type).toBe('directory');
    expect(requests('POST')).toBe(2);
    expect(requests('PUT')).toBe(1);

    cloud.requests.length = 0;
    const again = await terminal.run(['put', 'tree', '/Tree']);
    expect(again.text).toMatch(/^Nothing to upload: 157 unchanged$/m);
    expect(requests('POST') + requests('PUT') + requests('MKCOL')).toBe(0);

    await terminal.ok(['get', '/Tree', 'back']);
    for (const name of names) expect(readFileSync(terminal.path(`back/${name}`), 'utf8')).toBe(`in ${name}`);
    for (let i = 0; i < 150; i++)
      expect(readFileSync(terminal.path(`back/sub/${i}.txt`), 'utf8')).toBe(`file ${i}\n`.repeat(i));
    expect(readFileSync(terminal.path('back/sub/deep/large.bin'))).toEqual(Buffer.alloc(2_000_000, 7));
    // One archive where the server makes them, else a request for each.
    expect(requests('GET')).toBeGreaterThanOrEqual(1);
    expect(requests('GET') < 20).toBe(version === '34.0.1');

    cloud.requests.length = 0;
    const back = await terminal.run(['get', '/Tree', 'back']);
    expect(back.text).toMatch(/^Nothing to download: 157 unchanged$/m);
    expect(requests('GET')).toBe(0);
    expect(terminal.names.filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('sends no name in a batch that a batch would change', async () => {
    await open();
    terminal.cloud.home().put('/Tree/sub/report.txt', 'theirs');
    for (const name of ['report.txt ', 'nbsp\u00a0', ' blank'])
      writeFileSync(terminal.path(`tree/sub/${name}`), `in ${name}`);
    mkdirSync(terminal.path('tree/sub/dir '));
    writeFileSync(terminal.path('tree/sub/dir /in.txt'), 'in');
    await terminal.ok(['put', 'tree', '/Tree']);
    expect(remote('/Tree/sub/report.txt')).toBe('theirs');
    for (const name of ['report.txt ', 'nbsp\u00a0', ' blank'])
      expect(remote(`/Tree/sub/${name}`)).toBe(`in ${name}`);
    expect(remote('/Tree/sub/dir /in.txt')).toBe('in');
    expect(requests('PUT')).toBe(2);
  });

  it('replaces nothing unless told to, and lists what it left', async () => {
    await open();
    terminal.cloud.home().put('/Tree/plain.txt', 'theirs');
    terminal.cloud.home().put('/Tree/sub/3.txt', 'theirs');
    const put = await terminal.run(['put', 'tree', '/Tree']);
    expect(put.code).toBe(3);
    expect(put.text).toContain('/Tree/plain.txt: exists: /Tree/plain.txt exists already');
    expect(put.text).toContain('2 failed');
    expect(remote('/Tree/plain.txt')).toBe('theirs');
    expect(remote('/Tree/sub/3.txt')).toBe('theirs');
    expect(remote('/Tree/sub/4.txt')).toBe('file 4\n'.repeat(4));
    await terminal.ok(['put', 'tree', '/Tree', '--overwrite']);
    expect(remote('/Tree/plain.txt')).toBe('in plain.txt');

    mkdirSync(terminal.path('back'));
    writeFileSync(terminal.path('back/plain.txt'), 'mine');
    const get = await terminal.run(['get', '/Tree', 'back']);
    expect(get.code).toBe(3);
    expect(readFileSync(terminal.path('back/plain.txt'), 'utf8')).toBe('mine');
    expect(readFileSync(terminal.path('back/sub/4.txt'), 'utf8')).toBe('file 4\n'.repeat(4));
  });

  it('replaces nothing that appears while it is on its way, and takes back its own only', async () => {
    await open();
    const { cloud } = terminal;
    cloud.set({ latencyMs: 30 });
    const put = terminal.run(['put', 'tree', '/Tree']);
    const home = cloud.home();
    while (!home.exists('/Tree/sub')) await sleep(2);
    const { mtimeMs } = statSync(terminal.path('tree/a b.txt'));
    home.put('/Tree/plain.txt', 'theirs');
    home.put('/Tree/a b.txt', 'in a b.txt', { mtime: Math.floor(mtimeMs / 1000) });
    home.put('/Tree/sub/deep/other.txt', 'theirs');
    const { code, text } = await put;
    expect(code).toBe(3);
    expect(text).toMatch(/^Uploaded 155 files to \/Tree, .*; 1 unchanged, 1 failed$/m);
    expect(text).toMatch(/^\/Tree\/plain.txt: exists: /m);
    expect(remote('/Tree/plain.txt')).toBe('theirs');
    // Those below /Tree/sub would be more than a hundred names.
    expect(text).not.toContain('undo');
  });

  it('does not take back what others have stored in a folder that it made', async () => {
    await open();
    const { cloud, folder } = terminal;
    rmSync(`${folder}/tree/sub`, { recursive: true });
    cloud.set({ latencyMs: 30 });
    const put = terminal.run(['put', 'tree', '/New/Tree']);
    while (!cloud.home().exists('/New/Tree/empty')) await sleep(2);
    cloud.home().put('/New/Tree/other.txt', 'theirs');
    const { code, text } = await put;
    expect(code).toBe(0);
    const paths = ['empty', ...names.toSorted()].map((name) => `/New/Tree/${name}`);
    expect(text)
      .toContain(`To undo: delete ${paths.map((path) => JSON.stringify(path)).join(', ')} in Nextcloud
`);
  });

  it('stores the first of two names that are one in the Nextcloud', async () => {
    await open();
    for (const name of [
      '\u00e9.txt',
      'e\u0301.txt',
      'e\u0301/in.txt',
      '\u00e9/lost.txt',
      '\u00e9/lost2.txt',
    ]) {
      mkdirSync(dirname(terminal.path(`tree/${name}`)), { recursive: true });
      writeFileSync(terminal.path(`tree/${name}`), name);
    }
    const { code, text } = await terminal.run(['put', 'tree', '/Tree']);
    expect(code).toBe(3);
    expect(text).toContain('\u00e9.txt: exists: Two names here are one in the Nextcloud, /Tree/\u00e9.txt');
    expect(text).toContain(', /Tree/\u00e9, and this is the second. Nothing in it was stored.');
    expect(text).toMatch(/^Uploaded 159 files to \/Tree, .*; 2 failed$/m);
    expect(remote('/Tree/\u00e9.txt')).toBe('e\u0301.txt');
    expect(terminal.cloud.home().list('/Tree/\u00e9')).toEqual(['in.txt']);
  });

  it.runIf(process.platform === 'linux')(
    'stores the rest of a folder in which something cannot be read',
    async () => {
      await open();
      const { folder } = terminal;
      const bad = Buffer.concat([
        Buffer.from(`${folder}/tree/sub/bad`),
        Buffer.from([0xff]),
        Buffer.from('.txt'),
      ]);
      writeFileSync(bad, 'bad');
      mkdirSync(`${folder}/tree/closed`);
      writeFileSync(`${folder}/tree/closed/in.txt`, 'in');
      writeFileSync(`${folder}/tree/sub/closed.txt`, 'in');
      chmodSync(`${folder}/tree/sub/closed.txt`, 0);
      chmodSync(`${folder}/tree/closed`, 0);
      // A superuser may read everything.
      const mine = process.getuid?.() === 0 ? 0 : 2;
      const { code, text } = await terminal.run(['put', 'tree', '/Tree']);
      chmodSync(`${folder}/tree/closed`, 0o700);
      expect(code).toBe(3);
      expect(text).toContain('sub/bad\ufffd.txt has a name that is not valid UTF-8. Rename it.');
      expect(text).toContain(`${1 + mine} failed`);
      expect(remote('/Tree/sub/5.txt')).toBe('file 5\n'.repeat(5));
      if (mine > 0) expect(text).toContain('tree/closed cannot be read with the rights of this program');
    },
  );

  it('brings the rest of a folder where a file is here and a folder there, and the other way round', async () => {
    await open();
    await terminal.ok(['put', 'tree', '/Tree']);
    mkdirSync(terminal.path('back/plain.txt'), { recursive: true });
    writeFileSync(terminal.path('back/sub'), 'mine');
    for (const more of [[], ['--overwrite']]) {
      const { code, text } = await terminal.run(['get', '/Tree', 'back', ...more]);
      expect(code).toBe(3);
      expect(text).toContain(
        'back/sub is a file here and a folder in the Nextcloud. Nothing in it was fetched.',
      );
      expect(text).toContain('back/plain.txt is a folder here and a file in the Nextcloud.');
      expect(text).toContain('2 failed');
    }
    expect(readFileSync(terminal.path('back/sub'), 'utf8')).toBe('mine');
    expect(readdirSync(terminal.path('back')).length).toBe(names.length + 2);
    expect(readdirSync(terminal.path('back/plain.txt'))).toEqual([]);
  });

  it('says how far it came when the Nextcloud is full', async () => {
    await open({ users: [{ id: 'demo', password: 'demo-app-password', quota: 25_000 }] });
    rmSync(terminal.path('tree/sub'), { recursive: true });
    for (let i = 0; i < 4; i++) writeFileSync(terminal.path(`tree/z${i}`), Buffer.alloc(10_000));
    const { code, text } = await terminal.run(['put', 'tree', '/Tree']);
    expect(code).toBe(1);
    expect(text).toMatch(
      /quota_exceeded: \/Tree\/z2 was not stored: [^]* 4\.\d KB are left. 8 of 10 files were stored before. Free some/,
    );
  });

  it('says that a folder was made in which there is no file', async () => {
    await open();
    expect((await terminal.ok(['put', 'tree/empty', '/Empty'])).text).toContain('The folder /Empty was made');
  });

  it.runIf(process.platform === 'linux')('shows what in a name would drive the terminal', async () => {
    await open();
    writeFileSync(terminal.path('tree/a\n\u001b[2Jb.txt'), 'a');
    symlinkSync('/etc/hostname', terminal.path('tree/l\u001b[2J'));
    const { code, text } = await terminal.run(['put', 'tree', '/Tree']);
    expect(code).toBe(3);
    expect(text).not.toContain('\u001b');
    expect(text).toContain(String.raw`a\n\u001b[2Jb.txt: invalid_input: The path`);
    expect(text).toContain(String.raw`tree/l\u001b[2J is a link`);
    const one = await terminal.run(['put', terminal.path('no\u001b[2J'), '/No']);
    expect(one.text).toContain(String.raw`no\u001b[2J`);
  });

  it('goes twice at once in both directions', async () => {
    await open();
    terminal.cloud.set({ latencyMs: 10 });
    for (const args of [
      ['put', 'tree', '/Tree'],
      ['get', '/Tree', 'back'],
    ]) {
      const runs = await Promise.all([terminal.run(args), terminal.run(args)]);
      expect(runs.map(({ code }) => code)).toEqual([0, 0]);
    }
    expect(readFileSync(terminal.path('back/sub/5.txt'), 'utf8')).toBe('file 5\n'.repeat(5));
  });

  it('follows no link, out of it or to somewhere else', async () => {
    await open();
    symlinkSync('/etc/hostname', terminal.path('tree/link.txt'));
    symlinkSync('/etc', terminal.path('tree/linked'));
    const put = await terminal.run(['put', 'tree', '/Tree']);
    expect(put.text).toContain('link.txt is a link or no plain file, and was left out');
    expect(terminal.cloud.home().exists('/Tree/link.txt')).toBe(false);
    expect(terminal.cloud.home().exists('/Tree/linked')).toBe(false);
  });
});
