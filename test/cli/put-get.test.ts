import { mkdirSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Terminal } from '../support/terminal.ts';

/** `put` and `get` as a person types them: what is refused, and in which words. */
describe('put and get', () => {
  let at: Terminal;
  beforeAll(async () => {
    at = await Terminal.open();
    writeFileSync(at.path('hi.txt'), 'hello');
    at.cloud.home().put('/there.txt', 'there');
  });
  afterAll(async () => at.close());

  it('put keeps to settings that allow reading only, and get works with them', async () => {
    const flag = await at.run(['put', 'hi.txt', '/hi.txt', '--read-only']);
    expect(flag.code).toBe(1);
    expect(flag.text).toMatch(/^forbidden: The settings are read-only.*--read-only or NEXTCLOUD_READ_ONLY/);
    const before = at.env;
    at.env = { ...before, NEXTCLOUD_READ_ONLY: 'true' };
    expect((await at.run(['put', 'hi.txt', '/hi.txt'])).code).toBe(1);
    expect((await at.run(['get', '/there.txt', 'read-only.txt'])).code).toBe(0);
    at.env = before;
    expect(at.cloud.home().exists('/hi.txt')).toBe(false);
  });

  it.each([
    ['put', '', '/all'],
    ['put', ' ', '/all'],
    ['get', '/there.txt', ''],
  ])('%s %j %j: an empty place of this computer is refused', async (...args) => {
    const before = readdirSync(at.folder);
    const run = await at.run(args);
    expect([run.code, run.text]).toEqual([
      2,
      expect.stringMatching(/^invalid_input: The local path is empty\. Name a file/) as string,
    ]);
    expect(at.cloud.home().exists('/all')).toBe(false);
    expect(readdirSync(at.folder)).toEqual(before);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends after %s with %i, as the shell has it', async (signal, code) => {
    at.cloud.set({ latencyMs: 1000 });
    const begun = async (): Promise<void> => {
      while (!at.names.some((name) => name.endsWith('.part'))) await sleep(5);
    };
    const run = await at.run(['get', '/there.txt', 'stopped.txt'], begun(), '', signal);
    expect([run.code, run.text]).toEqual([code, 'Stopped. Run the same command again to resume.\n']);
    at.cloud.set({ latencyMs: 0 });
  });

  const sent = (from: number): string[] =>
    at.cloud.requests
      .slice(from)
      .map(({ method }) => method)
      .filter((method) => ['PUT', 'MKCOL', 'MOVE', 'POST'].includes(method));

  it.each([[], ['--overwrite']])(
    'the same file a second time is the same, and nothing is sent %s',
    async (...flags) => {
      writeFileSync(at.path('twice.txt'), 'twice');
      utimesSync(at.path('twice.txt'), 1_600_000_000.7, 1_600_000_000.7);
      const remote = `/up${flags.length}.txt`;
      await at.ok(['put', 'twice.txt', remote, '--overwrite']);
      await at.ok(['get', remote, 'back.txt', '--overwrite']);
      const begun = at.cloud.requests.length;
      const put = await at.ok(['put', 'twice.txt', remote, ...flags]);
      const get = await at.ok(['get', remote, 'back.txt', ...flags]);
      expect(put.text).toContain('same: true');
      expect(get.text).toContain('same: true');
      expect(sent(begun)).toEqual([]);

      // As long, and another time or other contents: another file.
      writeFileSync(at.path('twice.txt'), 'other');
      writeFileSync(at.path('back.txt'), 'other');
      const replaces = flags.length > 0;
      expect((await at.run(['put', 'twice.txt', remote, ...flags])).code).toBe(replaces ? 0 : 1);
      expect(at.cloud.home().get(remote)?.toString()).toBe(replaces ? 'other' : 'twice');
      at.cloud.home().put(remote, 'other', { mtime: 1_600_000_000 });
      writeFileSync(at.path('back.txt'), 'mine.');
      utimesSync(at.path('back.txt'), 1_600_000_000, 1_600_000_000);
      expect((await at.run(['get', remote, 'back.txt', ...flags])).code).toBe(replaces ? 0 : 1);
      expect(readFileSync(at.path('back.txt'), 'utf8')).toBe(replaces ? 'other' : 'mine.');
    },
  );

  it('a path that ends in a slash is a folder, there or not', async () => {
    at.cloud.home().put('/into/other.txt', '');
    await at.ok(['put', 'hi.txt', '/into/']);
    await at.ok(['put', 'hi.txt', '/made/for/it/']);
    await at.ok(['put', 'hi.txt', '/']);
    for (const path of ['/into/hi.txt', '/made/for/it/hi.txt', '/hi.txt'])
      expect(at.cloud.home().get(path)?.toString()).toBe('hello');
  });

  it('put makes the folders that are missing above a file', async () => {
    await at.ok(['put', 'hi.txt', '/x/y/z/hi.txt']);
    expect(at.cloud.home().get('/x/y/z/hi.txt')?.toString()).toBe('hello');
  });

  it.each([
    [
      'a link that leads nowhere',
      ['put', 'dangling', '/d'],
      /^invalid_input: \S+dangling is a link that leads nowhere/,
    ],
    [
      'a folder in the place of a file',
      ['put', 'hi.txt', '/folder'],
      /^exists: \/folder exists already and is a folder. Name the file in it: \/folder\/hi.txt\.$/m,
    ],
    [
      'the same with --overwrite',
      ['put', 'hi.txt', '/folder', '--overwrite'],
      /Name the file in it: \/folder\/hi.txt\.$/m,
    ],
    [
      'a file in the place of a folder',
      ['get', '/folder', 'hi.txt', '--overwrite'],
      /^exists: \S+hi.txt is a file, and a folder is needed there. Choose another place\.$/m,
    ],
    [
      'the same further up',
      ['get', '/there.txt', 'hi.txt/there.txt', '--overwrite'],
      /hi.txt is a file, and a folder is needed there/,
    ],
  ])('%s is named as what it is', async (_, args, words) => {
    at.cloud.home().put('/folder/in.txt', 'in');
    if (!at.names.includes('dangling')) symlinkSync('nowhere', at.path('dangling'));
    const run = await at.run(args);
    expect(run.text).toMatch(words);
    expect(run.text).not.toContain('overwrite');
    expect(readFileSync(at.path('hi.txt'), 'utf8')).toBe('hello');
  });

  it('speaks of no tool', async () => {
    writeFileSync(at.path('mine.txt'), 'mine');
    at.cloud.home().put('/theirs.txt', 'theirs');
    const got = await at.ok(['get', '/there.txt', 'got.txt']);
    expect(got.text).toContain('verified: by size only, because the Nextcloud has no checksum');
    const missing = await at.run(['get', '/nowhere.txt', 'x.txt']);
    expect(missing.text).toMatch(
      /^not_found: \/nowhere.txt does not exist. Look in Nextcloud what is there\.$/m,
    );
    const taken = await at.run(['put', 'mine.txt', '/theirs.txt']);
    expect(taken.text).toContain('Choose another name. To replace it, add --overwrite');
    const replaced = await at.ok(['put', 'mine.txt', '/theirs.txt', '--overwrite']);
    expect(replaced.text).toContain('undo: restore the contents before from Versions');
    mkdirSync(at.path('two'));
    for (const name of ['in.txt', 'new.txt']) writeFileSync(at.path(`two/${name}`), 'mine');
    at.cloud.home().put('/two/in.txt', 'theirs');
    const folder = await at.run(['put', 'two', '/two']);
    expect(folder.text).toMatch(/^\/two\/in.txt: exists: .*add --overwrite/m);
    for (const { text } of [missing, taken, replaced, folder])
      expect(text).not.toMatch(/[a-z]_(file|folder|version)\b|overwrite: true/);
  });

  it('takes a name that begins with a dash after --, and names what is too much', async () => {
    writeFileSync(at.path('-dash.txt'), 'dash');
    await at.ok(['put', '--overwrite', '--', '-dash.txt', '/-dash.txt']);
    expect(at.cloud.home().get('/-dash.txt')?.toString()).toBe('dash');
    const bare = await at.run(['put', '-dash.txt', '/x']);
    expect([bare.code, bare.text]).toEqual([2, expect.stringContaining('goes after --') as string]);
    const more = await at.run(['put', 'my', 'file.txt', '/x']);
    expect(more.text).toMatch(
      /put takes SOURCE and REMOTE, and "\/x" is one more. A name with a space in it needs quotes/,
    );
  });
});
