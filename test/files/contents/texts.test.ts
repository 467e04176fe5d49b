import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openProxiedScene, openScene } from '../scene.ts';
import type { Scene } from '../scene.ts';

const bodyOf = (text: string): string => /<<<(\w+)\n([^]*)\n\1>>>/.exec(text)?.[2] ?? '';
const cursorOf = (text: string): string | undefined => /go on with cursor="(\S+)"\.$/m.exec(text)?.[1];

const LINES = 120_000;
const line = (index: number): string =>
  `2026-03-14 02:${String(index % 60).padStart(2, '0')} ${index % 20_000 === 7 ? 'ERROR Grüße' : 'info'} number ${index}`;
const errors = Array.from({ length: LINES }, (_, index) => index).filter((index) => index % 20_000 === 7);
const textWith = (end: string): string =>
  Array.from({ length: LINES }, (_, index) => line(index) + end).join('');

/** Texts of more than 4 MB, which are searched from their end. */
const logs: Readonly<Record<string, Buffer>> = {
  LF: Buffer.from(textWith('\n')),
  CRLF: Buffer.from(textWith('\r\n')),
  CR: Buffer.from(textWith('\r')),
  'UTF-8 with BOM': Buffer.from(`\ufeff${textWith('\n')}`),
  'UTF-16LE with BOM': Buffer.from(`\ufeff${textWith('\r\n')}`, 'utf16le'),
  'UTF-16BE without BOM': Buffer.from(textWith('\r'), 'utf16le').swap16(),
  'Latin-1': Buffer.from(textWith('\n'), 'latin1'),
};

describe('From the end of a large text', { timeout: 60_000 }, () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene();
    for (const [name, bytes] of Object.entries(logs)) scene.cloud.home().put(`/${name}/app.log`, bytes);
  });
  afterAll(async () => scene.close());

  it.each(Object.keys(logs))('the last match comes first, and read_file goes on there: %s', async (name) => {
    const search = { pattern: 'error', folder_path: `/${name}`, newest_first: true };
    const { text } = await scene.ok('search_file_contents', { ...search, limit: 1 });
    const last = errors.at(-1) ?? 0;
    const [heading, before, match, after] = bodyOf(text).split('\n');
    expect(heading).toBe(`/${name}/app.log`);
    expect([before, after]).toEqual([`-1- ${line(last - 1)}`, `+1- ${line(last + 1)}`]);
    const [, at = '', found] = /^(@\d+): (.*)$/.exec(match ?? '') ?? [];
    expect(found).toBe(line(last));
    expect(cursorOf(text)).toBeDefined();
    const read = { file_path: `/${name}/app.log`, at, limit: 2 };
    expect(bodyOf((await scene.ok('read_file', read)).text)).toBe([line(last), line(last + 1)].join('\n'));
    const around = await scene.ok('read_file', { ...read, offset: -2, limit: 3 });
    expect(bodyOf(around.text)).toBe([line(last - 2), line(last - 1), line(last)].join('\n'));
  });

  it.each(Object.keys(logs))('all matches come, each once, page by page: %s', async (name) => {
    const search = {
      pattern: 'ERROR',
      folder_path: `/${name}`,
      newest_first: true,
      context_lines: 0,
      limit: 2,
    };
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const { text } = await scene.ok('search_file_contents', { ...search, ...(cursor ? { cursor } : {}) });
      seen.push(
        ...bodyOf(text)
          .split('\n')
          .filter((row) => row.startsWith('@')),
      );
      cursor = cursorOf(text);
    } while (cursor);
    expect(seen.map((row) => Number(/\d+$/.exec(row)?.[0]))).toEqual(errors.toReversed());
  });

  it('only the end is fetched', async () => {
    const proxied = await openProxiedScene();
    proxied.cloud
      .home()
      .put('/app.log', Buffer.concat([logs['LF'] ?? Buffer.alloc(0), Buffer.from(textWith('\n'))]));
    let asked = 0;
    proxied.proxy.arm(
      async (passage) => {
        const answer = await passage.forward();
        asked += answer.body.length;
        await passage.answer(answer);
      },
      ({ method }) => method === 'GET',
    );
    const search = { pattern: 'number 119990', folder_path: '/app.log', newest_first: true, limit: 1 };
    expect((await proxied.ok('search_file_contents', search)).text).toContain('number 119990');
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThan(400_000);
    await proxied.close();
  });

  it('a server that ignores ranges is said, and the text is read from its beginning', async () => {
    const proxied = await openProxiedScene();
    proxied.cloud.home().put('/app.log', logs['LF'] ?? '');
    proxied.proxy.arm(
      async (passage) => {
        const lines = passage.head.lines.filter((header) => !/^(range|if-range):/i.test(header));
        await passage.answer(await passage.forward({ ...passage.head, lines }));
      },
      ({ method }) => method === 'GET',
    );
    const search = {
      pattern: 'ERROR',
      folder_path: '/app.log',
      newest_first: true,
      limit: 2,
      context_lines: 0,
    };
    const { text } = await proxied.ok('search_file_contents', search);
    expect(bodyOf(text).split('\n').slice(1)).toEqual(
      errors
        .toReversed()
        .slice(0, 2)
        .map((index) => `${index + 1}: ${line(index)}`),
    );
    expect(text).toContain(
      'The server does not send parts of files, so /app.log was read from its beginning.',
    );
    await proxied.close();
  });

  it('a text that changes meanwhile is searched anew, and named if it goes on changing', async () => {
    const proxied = await openProxiedScene();
    const home = proxied.cloud.home();
    home.put('/app.log', logs['LF'] ?? '');
    let changes = 0;
    const change = (most: number): void =>
      proxied.proxy.arm(
        async (passage) => {
          const answer = await passage.forward();
          // The next range is asked for another version.
          if (changes++ < most)
            home.put(
              '/app.log',
              Buffer.concat([
                logs['LF'] ?? Buffer.alloc(0),
                Buffer.from(`ERROR new ${'!'.repeat(changes)}\n`),
              ]),
            );
          await passage.answer(answer);
        },
        ({ method }) => method === 'GET',
      );
    const search = {
      pattern: 'ERROR',
      folder_path: '/app.log',
      newest_first: true,
      limit: 1,
      context_lines: 0,
    };
    change(1);
    expect(bodyOf((await proxied.ok('search_file_contents', search)).text)).toMatch(/ERROR new !+$/);
    change(Infinity);
    const { text } = await proxied.ok('search_file_contents', { ...search, pattern: 'ERROR Gr' });
    expect(text).toMatch(/not complete\nNot searched: changed while it was read: \/app\.log\./);
    await proxied.close();
  });
});

describe('In texts', { timeout: 60_000 }, () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene();
    const home = scene.cloud.home();
    for (const [index, name] of ['old', 'middle', 'new'].entries())
      home.put(
        `/T/${name}.txt`,
        Array.from({ length: 50 }, (_, at) => `${name} needle ${at + 1}\nother\n`).join(''),
        {
          mtime: new Date(Date.UTC(2026, 0, index + 1)),
        },
      );
    home.put(
      '/words/a.md',
      'Über die Straße\ncafé au lait, naïve\nein Wort: Lait\n東京都の天気\nerrors and timeouts\n',
    );
  });
  afterAll(async () => scene.close());

  it.each([false, true])(
    'all matches come, each once, page by page; newest first: %s',
    async (newest_first) => {
      const search = { pattern: 'needle', folder_path: '/T', context_lines: 0, limit: 40, newest_first };
      const seen: string[] = [];
      let cursor: string | undefined;
      let heading = '';
      do {
        const { text } = await scene.ok('search_file_contents', { ...search, ...(cursor ? { cursor } : {}) });
        for (const row of bodyOf(text).split('\n'))
          if (row.startsWith('/')) heading = row;
          else seen.push(`${heading} ${row}`);
        cursor = cursorOf(text);
      } while (cursor);
      const numbers = Array.from({ length: 50 }, (_, at) => (newest_first ? 50 - at : at + 1));
      expect(seen).toEqual(
        ['new', 'middle', 'old'].flatMap((name) =>
          numbers.map((number) => `/T/${name}.txt ${2 * number - 1}: ${name} needle ${number}`),
        ),
      );
    },
  );

  it('limit 0 counts', async () => {
    const { text } = await scene.ok('search_file_contents', {
      pattern: 'needle',
      folder_path: '/T',
      limit: 0,
    });
    expect(text).toMatch(/\| 150 matches in 3 texts \| 3 of 3 files searched \| complete/);
    expect(bodyOf(text).split('\n').toSorted()).toEqual([
      '/T/middle.txt: 50',
      '/T/new.txt: 50',
      '/T/old.txt: 50',
    ]);
  });

  it('one file can be named', async () => {
    const search = { pattern: 'needle 7', folder_path: '/T/old.txt', context_lines: 0 };
    const { text } = await scene.ok('search_file_contents', search);
    expect(bodyOf(text)).toBe('/T/old.txt\n13: old needle 7');
    expect(text).toContain('1 of 1 files searched | complete');
    expect(await scene.fails('search_file_contents', { ...search, folder_path: '/T/none.txt' })).toMatch(
      /^not_found/,
    );
  });

  it.each([
    ['LAIT cafe', [2]],
    ['lait', [2, 3]],
    ['uber strasse', []],
    ['uber straße', [1]],
    ['error', []],
    ['error* timeout*', [5]],
    ['天気', [4]],
    ['naive, (café)!', [2]],
  ])('words: %s', async (pattern, numbers) => {
    const search = { pattern, match: 'words', folder_path: '/words', context_lines: 0 };
    const { text } = await scene.ok('search_file_contents', search);
    const rows = bodyOf(text).split('\n').slice(1);
    expect(rows.map((row) => Number.parseInt(row, 10))).toEqual(numbers);
  });

  it('words have no case, and are needed', async () => {
    const search = { match: 'words', folder_path: '/words' };
    expect(await scene.fails('search_file_contents', { ...search, pattern: '--' })).toMatch(/has no words/);
    expect(
      await scene.fails('search_file_contents', { ...search, pattern: 'a', case_sensitive: true }),
    ).toMatch(/upper and lower case alike/);
  });

  it('regex: true is still taken', async () => {
    const search = { pattern: 'need.e 7$', folder_path: '/T/old.txt', context_lines: 0 };
    for (const how of [{ regex: true }, { match: 'regex' }])
      expect(bodyOf((await scene.ok('search_file_contents', { ...search, ...how })).text)).toBe(
        '/T/old.txt\n13: old needle 7',
      );
    expect(await scene.fails('search_file_contents', { ...search, pattern: '(', regex: true })).toMatch(
      /match: text/,
    );
  });

  it('a long line is shown around its match', async () => {
    scene.cloud.home().put('/long/a.json', `{${'"a":1,'.repeat(50_000)}"needle":2}`);
    const search = { pattern: 'needle', folder_path: '/long' };
    expect(bodyOf((await scene.ok('search_file_contents', search)).text)).toMatch(
      /^\/long\/a\.json\n1: \[\.\.\.\] .{90,110}needle":2\}$/,
    );
  });
});
