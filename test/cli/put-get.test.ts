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
      expect(put.text).toBe('Nothing to upload: 1 unchanged\n');
      expect(get.text).toBe('Nothing to download: 1 unchanged\n');
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

  it('as with cp, a file goes into a folder that is there, with and without a slash', async () => {
    at.cloud.home().put('/notes/other.txt', '');
    mkdirSync(at.path('notes'));
    for (const slash of ['', '/']) {
      await at.ok(['put', 'hi.txt', `/notes${slash}`, '--overwrite']);
      expect(at.cloud.home().get('/notes/hi.txt')?.toString()).toBe('hello');
      await at.ok(['get', '/there.txt', `notes${slash}`]);
      expect(readFileSync(at.path('notes/there.txt'), 'utf8')).toBe('there');
    }
    expect((await at.run(['put', 'there-too', '/notes'])).code).toBe(1);
  });

  it('a folder goes into one whose path ends in a slash, and without it becomes the one that is named', async () => {
    mkdirSync(at.path('trip'));
    writeFileSync(at.path('trip/a.txt'), 'a');
    at.cloud.home().put('/travels/old.txt', '');
    // Twice: the same call again must find what the first has stored.
    for (const times of [1, 2]) {
      const into = await at.ok(['put', 'trip', '/travels/']);
      const named = await at.ok(['put', 'trip', '/travels-2']);
      expect(at.cloud.home().list('/travels').toSorted()).toEqual(['old.txt', 'trip']);
      expect(at.cloud.home().list('/travels-2')).toEqual(['a.txt']);
      if (times === 2) for (const { text } of [into, named]) expect(text).toMatch(/: 1 unchanged$/m);
      else expect(into.text).toMatch(/^Uploaded 1 file to \/travels\/trip, /);
    }
    mkdirSync(at.path('back'));
    expect((await at.ok(['get', '/travels', 'back/'])).text).toMatch(
      /^Downloaded 2 files to \S+\/back\/travels, /,
    );
    expect((await at.ok(['get', '/travels', 'back2'])).text).toMatch(/^Downloaded 2 files to \S+\/back2, /);
    expect([readdirSync(at.path('back')), readdirSync(at.path('back2')).toSorted()]).toEqual([
      ['travels'],
      ['old.txt', 'trip'],
    ]);
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
    expect(got.text).toContain('The sizes are the same. There is no checksum to compare');
    const missing = await at.run(['get', '/nowhere.txt', 'x.txt']);
    expect(missing.text).toMatch(
      /^not_found: \/nowhere.txt does not exist. node \S+main\.js ls \/ shows what is there\.$/m,
    );
    const taken = await at.run(['put', 'mine.txt', '/theirs.txt']);
    expect(taken.text).toContain('Choose another name. To replace it, add --overwrite');
    const replaced = await at.ok(['put', 'mine.txt', '/theirs.txt', '--overwrite']);
    expect(replaced.text).toContain('To undo: restore the previous version under Versions in the sidebar');
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
      /^not_found: "my" does not exist on this computer\. Nothing was sent\. A name with a space in it needs quotes/,
    );
    const ends = await at.run(['put', 'hi.txt']);
    expect([ends.code, ends.text]).toEqual([
      2,
      expect.stringContaining('put needs SOURCE and REMOTE') as string,
    ]);
  });

  it('a folder ends in a summary for people: files, size, time, unchanged and failed ones', async () => {
    mkdirSync(at.path('ten'));
    for (let i = 0; i < 10; i++) writeFileSync(at.path(`ten/${i}.txt`), Buffer.alloc(150_000, i));
    const first = await at.ok(['put', 'ten', '/ten']);
    expect(first.text).toMatch(
      /^Uploaded 10 files to \/ten, 1\.5 MB, \d+\.\d s\nTo undo: delete "\/ten" in Nextcloud\n$/,
    );
    writeFileSync(at.path('ten/new.txt'), 'new');
    at.cloud.home().put('/ten/3.txt', 'theirs');
    const again = await at.run(['put', 'ten', '/ten']);
    expect(again.code).toBe(3);
    expect(again.text).toMatch(/^Uploaded 1 file to \/ten, 3 B, \d+\.\d s; 9 unchanged, 1 failed$/m);
    expect(again.text).not.toMatch(/etag|checksum|_path/);
    const back = await at.ok(['get', '/ten', 'ten-back']);
    expect(back.text).toMatch(/^Downloaded 11 files to \S+\/ten-back, 1\.4 MB, \d+\.\d s$/m);
  });

  it('a file of 1970 is said to get another time, and is the same the second time, both ways', async () => {
    writeFileSync(at.path('old.txt'), 'old');
    mkdirSync(at.path('olds'));
    for (const name of ['a.txt', 'b.txt']) writeFileSync(at.path(`olds/${name}`), name);
    for (const name of ['old.txt', 'olds/a.txt', 'olds/b.txt']) utimesSync(at.path(name), 0, 0);
    const said = /before 2 January 1970/;
    expect((await at.ok(['put', 'old.txt', '/old.txt'])).text).toMatch(said);
    expect((await at.ok(['put', 'olds', '/olds'])).text).toMatch(/time of 2 files is before 2 January 1970/);
    expect((await at.ok(['put', 'old.txt', '/old.txt'])).text).toBe('Nothing to upload: 1 unchanged\n');
    expect((await at.ok(['put', 'olds', '/olds'])).text).toBe('Nothing to upload: 2 unchanged\n');
    expect((await at.ok(['get', '/old.txt', 'old.txt'])).text).toBe('Nothing to download: 1 unchanged\n');
    expect((await at.ok(['get', '/olds', 'olds'])).text).toBe('Nothing to download: 2 unchanged\n');
    const recent = await at.ok(['put', 'hi.txt', '/recent.txt']);
    expect(recent.text).not.toMatch(said);
  });

  it('--json has the same summary for programs', async () => {
    mkdirSync(at.path('j'));
    for (const name of ['a', 'b']) writeFileSync(at.path(`j/${name}.txt`), name);
    at.cloud.home().put('/j/b.txt', 'theirs');
    const { code, text } = await at.run(['put', 'j', '/j', '--json']);
    expect(code).toBe(3);
    const message = expect.stringContaining('/j/b.txt exists already') as string;
    expect(JSON.parse(text)).toMatchObject({
      command: 'put',
      files: 1,
      bytes: 1,
      unchanged: 0,
      failures: 1,
      failed: [{ path: '/j/b.txt', code: 'exists', message }],
    });
  });

  it('several sources go into the folder that is named, and one that fails stops no other', async () => {
    mkdirSync(at.path('dir'));
    for (const name of ['one.txt', 'two.txt', 'dir/in.txt']) writeFileSync(at.path(name), name);
    const put = await at.ok(['put', 'one.txt', 'two.txt', 'dir', '/several']);
    expect(put.text).toMatch(/^Uploaded 3 files to \/several, /);
    expect(at.cloud.home().list('/several').toSorted()).toEqual(['dir', 'one.txt', 'two.txt']);
    expect(at.cloud.home().get('/several/dir/in.txt')?.toString()).toBe('dir/in.txt');
    const got = await at.ok(['get', '/several/one.txt', '/several/dir', 'several']);
    expect(got.text).toMatch(/^Downloaded 2 files to \S+\/several, /);
    expect(readFileSync(at.path('several/one.txt'), 'utf8')).toBe('one.txt');
    expect(readFileSync(at.path('several/dir/in.txt'), 'utf8')).toBe('dir/in.txt');
    const some = await at.run(['get', '/several/nowhere.txt', '/several/two.txt', 'several']);
    expect(some.code).toBe(3);
    expect(some.text).toMatch(/^Downloaded 1 file to \S+\/several, .*; 1 failed$/m);
    expect(some.text).toMatch(/^\/several\/nowhere\.txt: not_found: /m);
    expect(readFileSync(at.path('several/two.txt'), 'utf8')).toBe('two.txt');
  });

  it('ls lists a folder or a file, for people and as JSON', async () => {
    at.cloud.home().put('/ls/b.txt', Buffer.alloc(1_500_000));
    at.cloud.home().put('/ls/a/in\u001b[2J.txt', 'x');
    const list = await at.ok(['ls', '/ls']);
    expect(list.text).toMatch(
      /^ *1\.5 MB  \d{4}-\d\d-\d\d \d\d:\d\d  a\/\n *1\.5 MB  .*  b\.txt\n$|a\/\n *1\.5 MB  \d{4}-\d\d-\d\d \d\d:\d\d  b\.txt\n$/,
    );
    expect((await at.ok(['ls', '/ls/b.txt'])).text).toMatch(/1\.5 MB  \S+ \S+  b\.txt\n$/);
    expect((await at.ok(['ls', '/ls/a'])).text).not.toContain('\u001b');
    expect(JSON.parse((await at.ok(['ls', '/ls', '--json'])).text)).toMatchObject({
      path: '/ls',
      entries: [
        { name: 'a', type: 'directory' },
        { name: 'b.txt', type: 'file', size: 1_500_000 },
      ],
    });
    expect((await at.run(['ls', '/nowhere'])).text).toMatch(/^not_found: \/nowhere does not exist/);
    expect((await at.ok(['ls'])).text).toMatch(/ ls\/$/m);
  });
});
