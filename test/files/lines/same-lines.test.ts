import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openScene } from '../scene.ts';
import type { Scene } from '../scene.ts';

const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

/** A text as it is stored, and its lines. Each line is a word of its own, so that it can be searched for. */
interface Sample {
  readonly bytes: Buffer;
  readonly lines: readonly string[];
}

const words = ['alpha', 'Grüße', 'gamma', 'delta'];
const many = Array.from({ length: 30_000 }, (_, index) => `entry ${index + 1} of the log`);
const endless = 'endless '.repeat(40_000).trimEnd();

const samples: Readonly<Record<string, Sample>> = {
  LF: { bytes: Buffer.from(`${words.join('\n')}\n`), lines: words },
  CRLF: { bytes: Buffer.from(`${words.join('\r\n')}\r\n`), lines: words },
  CR: { bytes: Buffer.from(`${words.join('\r')}\r`), lines: words },
  mixed: { bytes: Buffer.from('alpha\nGrüße\r\ngamma\rdelta\r\n\r\nend'), lines: [...words, '', 'end'] },
  'no final line end': { bytes: Buffer.from(words.join('\n')), lines: words },
  'empty lines at the end': { bytes: Buffer.from('alpha\n\n\n'), lines: ['alpha', '', ''] },
  'UTF-8 with BOM': { bytes: Buffer.from(`\ufeff${words.join('\n')}\n`), lines: words },
  'U+FEFF inside of the text': {
    bytes: Buffer.from('alpha\n\ufeffGrüße\n'),
    lines: ['alpha', '\ufeffGrüße'],
  },
  'UTF-16LE with BOM': { bytes: Buffer.from(`\ufeff${words.join('\r\n')}\r\n`, 'utf16le'), lines: words },
  'UTF-16BE with BOM': { bytes: utf16be(`\ufeff${words.join('\n')}\n`), lines: words },
  'UTF-16LE without BOM': { bytes: Buffer.from(`${words.join('\n')}\n`, 'utf16le'), lines: words },
  'UTF-16BE without BOM': { bytes: utf16be(`${words.join('\r')}\r`), lines: words },
  'Chinese in UTF-16BE with BOM': { bytes: utf16be('\ufeff東京\n日本語\n'), lines: ['東京', '日本語'] },
  'Latin-1': { bytes: Buffer.from(`${words.join('\n')}\n`, 'latin1'), lines: words },
  'many lines': { bytes: Buffer.from(`${many.join('\r\n')}\r\n`), lines: many },
  'many lines in UTF-16LE with BOM': {
    bytes: Buffer.from(`\ufeff${many.join('\r')}`, 'utf16le'),
    lines: many,
  },
};

const bodyOf = (text: string): string => /<<<(\w+)\n([^]*)\n\1>>>/.exec(text)?.[2] ?? '';
const nextOf = (text: string): number => Number(/go on with offset=(\d+)\.$/m.exec(text)?.[1] ?? 0);
const totalOf = (text: string): number => Number(/lines \d+ to \d+ of (\d+)/.exec(text)?.[1] ?? -1);

describe('The lines of a text are the same', () => {
  let scene: Scene;

  beforeAll(async () => {
    scene = await openScene();
  });

  afterAll(async () => scene.close());

  /** Reads page by page up to the end. */
  const readAll = async (
    tool: string,
    args: Record<string, unknown>,
  ): Promise<{ lines: string[]; total: number }> => {
    const lines: string[] = [];
    for (let offset = 1, pages = 0; pages < 30; pages++) {
      const { text } = await scene.ok(tool, { ...args, offset, limit: 20_000 });
      lines.push(...bodyOf(text).split('\n'));
      const next = nextOf(text);
      if (next === 0) return { lines, total: totalOf(text) };
      expect(next).toBe(lines.length + 1);
      offset = next;
    }
    throw new Error('There is no end');
  };

  it.each(Object.entries(samples))(
    'to read_file, search_file_contents, read_version and edit_file: %s',
    async (name, { bytes, lines }) => {
      const folder = `/${name}`;
      const file_path = `${folder}/a.txt`;
      await scene.ok('create_folder', { folder_path: folder });
      const home = scene.cloud.home();
      await scene.ok('upload_file', {
        remote_path: file_path,
        content_base64: bytes.toString('base64'),
        modified: '2023-11-14T22:13:20Z',
      });

      const read = await readAll('read_file', { file_path });
      expect(read.total).toBe(lines.length);
      expect(read.lines).toEqual(lines);

      const last = lines.findLastIndex((line) => line !== '');
      const pattern = lines[last] ?? '';
      const search = { folder_path: folder, pattern, context_lines: 0, case_sensitive: true };
      expect(bodyOf((await scene.ok('search_file_contents', search)).text)).toBe(
        `${file_path}\n${last + 1}: ${pattern}`,
      );

      const end = await scene.ok('read_file', { file_path, offset: -2 });
      expect(bodyOf(end.text)).toBe(lines.slice(-2).join('\n'));

      // What edit_file says about a line, and what it leaves of the others.
      const twice = { file_path, edits: [{ old_text: 'a', new_text: 'x' }] };
      const places = lines.flatMap((line, index) => [...line.matchAll(/a/g)].map(() => index + 1));
      if (places.length > 1 && lines.length < 100)
        expect(await scene.fails('edit_file', twice)).toContain(
          `at the lines ${places.slice(0, 5).join(', ')}`,
        );
      await scene.ok('edit_file', { file_path, edits: [{ old_text: pattern, new_text: 'replaced' }] });
      const edited = lines.map((line, index) => (index === last ? 'replaced' : line));
      expect((await readAll('read_file', { file_path })).lines).toEqual(edited);
      await scene.ok('edit_file', { file_path, edits: [{ old_text: 'replaced', new_text: pattern }] });
      expect(home.get(file_path)?.equals(bytes)).toBe(true);

      const { data } = await scene.ok('list_versions', { file_path });
      const version = (data['versions'] as { version: string }[]).at(-1)?.version;
      const old = await readAll('read_version', { file_path, version });
      expect(old.total).toBe(lines.length);
      expect(old.lines).toEqual(lines);
    },
    60_000,
  );

  it('when one endless line is all of it: shown cut, found, and edited as a whole', async () => {
    const file_path = '/endless/a.txt';
    await scene.ok('create_folder', { folder_path: '/endless' });
    const args = { remote_path: file_path, content: `${endless}!`, modified: '2023-11-14T22:13:20Z' };
    await scene.ok('upload_file', args);
    const { text } = await scene.ok('read_file', { file_path });
    expect(totalOf(text)).toBe(1);
    expect(nextOf(text)).toBe(0);
    expect(text).toMatch(/endless +\[\.\.\. \d+ more characters in this line\]/);
    const search = { folder_path: '/endless', pattern: 'endless!', context_lines: 0 };
    expect((await scene.ok('search_file_contents', search)).text).toMatch(
      /\/endless\/a\.txt\n1: \[\.\.\.\] .*endless!$/m,
    );
    await scene.ok('edit_file', { file_path, edits: [{ old_text: 'endless!', new_text: 'end' }] });
    const old = await scene.ok('read_version', { file_path, version: '1700000000' });
    expect(totalOf(old.text)).toBe(1);
    expect(nextOf(old.text)).toBe(0);
    expect(bodyOf(old.text)).toBe(bodyOf(text));
    expect(await scene.fails('read_version', { file_path, version: '1700000000', offset: 2 })).toMatch(
      /There is no line 2: the file has 1 line/,
    );
  });

  it('when the file is empty', async () => {
    const file_path = '/empty/a.txt';
    await scene.ok('create_folder', { folder_path: '/empty' });
    await scene.ok('upload_file', { remote_path: file_path, content: '' });
    expect((await scene.ok('read_file', { file_path })).text).toContain('the file is empty');
    const search = { folder_path: '/empty', pattern: 'x' };
    expect((await scene.ok('search_file_contents', search)).text).toMatch(
      /1 of 1 files searched \| complete/,
    );
    expect(
      await scene.fails('edit_file', { file_path, edits: [{ old_text: 'a', new_text: 'b' }] }),
    ).toContain('is empty');
  });

  it('when the end of a huge line is read: its end, and that the beginning is missing', async () => {
    scene.cloud.home().put('/huge.txt', `${'x'.repeat(6_000_000)}end`);
    const { text } = await scene.ok('read_file', { file_path: '/huge.txt', offset: -1 });
    expect(bodyOf(text)).toMatch(/^\[\.\.\. the beginning of this line is left out\] x+end$/);
  });

  it('when a page ends where the file ends: nothing more is promised', async () => {
    scene.cloud.home().put('/exact.txt', 'a\nb\nc\n');
    const { text } = await scene.ok('read_file', { file_path: '/exact.txt', limit: 3 });
    expect(text).toContain('lines 1 to 3 of 3');
    expect(nextOf(text)).toBe(0);
  });
});
