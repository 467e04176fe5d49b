import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmbeddedNextcloud } from '../../../src/embedded-nextcloud/index.ts';
import type { EmbeddedNextcloud } from '../../../src/embedded-nextcloud/index.ts';
import { Bench } from '../../support/bench.ts';

describe('edit_file', () => {
  let cloud: EmbeddedNextcloud;
  let bench: Bench;

  beforeAll(async () => {
    cloud = await startEmbeddedNextcloud();
    bench = await Bench.open({ NEXTCLOUD_URL: cloud.url });
  });

  afterAll(async () => {
    await bench.close();
    await cloud.close();
  });

  const edit = async (content: string | Buffer, old_text: string, new_text: string, more = {}) => {
    cloud.home().put('/a.txt', content);
    const before = cloud.requests.length;
    const answer = await bench.call('edit_file', {
      file_path: '/a.txt',
      edits: [{ old_text, new_text, ...more }],
    });
    return { ...answer, after: cloud.home().get('/a.txt') ?? Buffer.alloc(0), before };
  };

  it('replaces one place, with one GET and one PUT between taking and giving back the right, and shows a diff and the new etag', async () => {
    const { text, after, before } = await edit('one\ntwo\nthree\n', 'two', 'zwei');
    expect(after.toString()).toBe('one\nzwei\nthree\n');
    expect(text).toContain('-two\n+zwei');
    expect(text).toContain(`etag ${cloud.home().stat('/a.txt')?.etag ?? ''}`);
    await expect.poll(() => cloud.requests.length).toBe(before + 4);
    const methods = cloud.requests.slice(before).map(({ method, status }) => `${method} ${status}`);
    expect(methods).toEqual(['MKCOL 201', 'GET 206', 'PUT 204', 'DELETE 204']);
  });

  it('refuses a text that is there more than once, and says where', async () => {
    const { isError, text, after } = await edit('x = 1\ny = 1\nx = 1\n', 'x = 1', 'x = 2');
    expect(isError).toBe(true);
    expect(text).toMatch(/^invalid_input: .*2 times, at the lines 1, 3/);
    expect(after.toString()).toBe('x = 1\ny = 1\nx = 1\n');
    expect(
      (await edit('x = 1\ny = 1\nx = 1\n', 'x = 1', 'x = 2', { replace_all: true })).after.toString(),
    ).toBe('x = 2\ny = 1\nx = 2\n');
  });

  it('shows the closest place when nothing matches', async () => {
    const file = 'def a():\n\treturn 1\n\ndef b():\n\treturn 2\n';
    const { text, after } = await edit(file, 'def b():\n    return 2', 'x');
    expect(text).toMatch(/^invalid_input: .*not in \/a\.txt\. The closest place is line 4/);
    expect(text).toMatch(/<<<(\w+)\n def b\(\):\n- {4}return 2\n\+\\treturn 2\n\1>>>$/);
    expect(after.toString()).toBe(file);
    expect((await edit('The quick brown fox\n', 'The quick brown dog', 'x')).text).toContain(
      '-The quick brown dog\n+The quick brown fox',
    );
    expect((await edit('abc\n', 'zzzz', 'x')).text).toContain('Nothing in the file is like it');
  });

  it.each([
    ['CRLF', 'a\r\nb\r\nc\r\n', 'a\nb', 'A\nB\nB2', 'A\r\nB\r\nB2\r\nc\r\n'],
    ['mixed line ends', 'a\nb\r\nc\nd\n', 'b', 'B\nb', 'a\nB\nb\r\nc\nd\n'],
    ['CR', 'a\rb\rc\r', 'b', 'x\ny', 'a\rx\ry\rc\r'],
    ['no line end at the end', 'a\nb', 'b', 'c', 'a\nc'],
    ['a dollar in the new text', 'price\n', 'price', '$& $1 $$', '$& $1 $$\n'],
    ['deletion', 'a\nb\nc\n', 'b\n', '', 'a\nc\n'],
  ])('keeps %s', async (_what, before, old_text, new_text, wanted) => {
    expect((await edit(before, old_text, new_text)).after.toString()).toBe(wanted);
  });

  it.each([
    ['UTF-8 with BOM', Buffer.from('\ufeffGrüße\n'), Buffer.from('\ufeffGröße\n')],
    [
      'UTF-16LE with BOM',
      Buffer.from('\ufeffGrüße\r\n', 'utf16le'),
      Buffer.from('\ufeffGröße\r\n', 'utf16le'),
    ],
    [
      'UTF-16BE with BOM',
      Buffer.from('\ufeffGrüße', 'utf16le').swap16(),
      Buffer.from('\ufeffGröße', 'utf16le').swap16(),
    ],
    [
      'Windows-1252',
      Buffer.from('Gr\xfc\xdfe, der B\xe4r\n', 'latin1'),
      Buffer.from('Gr\xf6\xdfe, der B\xe4r\n', 'latin1'),
    ],
  ])('keeps %s', async (_what, before, wanted) => {
    const { after, text } = await edit(before, 'Grüße', 'Größe');
    expect(text).toContain('edited');
    expect(after).toEqual(wanted);
  });

  it('keeps Shift_JIS', async () => {
    const bytes = Buffer.from('93fa967b8cea82cc8365834c8358836782c582b781420a'.repeat(8), 'hex');
    const { after } = await edit(bytes, '日本語', '日本', { replace_all: true });
    expect(after).toEqual(Buffer.from('93fa967b82cc8365834c8358836782c582b781420a'.repeat(8), 'hex'));
  });

  it('refuses what the encoding cannot hold, broken bytes, and what is not text', async () => {
    const latin = Buffer.from('Gr\xfc\xdfe, der B\xe4r\n', 'latin1');
    expect((await edit(latin, 'der', '日本')).text).toMatch(/^invalid_input: .*does not have/);
    const broken = Buffer.concat([
      Buffer.from(`${'gut '.repeat(20_000)}\n`),
      Buffer.from([0xff, 0xfe, 0x41]),
    ]);
    const { text, after } = await edit(broken, 'gut', 'schlecht', { replace_all: true });
    expect(text).toMatch(/^invalid_input: .*not valid UTF-8/);
    expect(after.equals(broken)).toBe(true);
    expect((await edit(Buffer.from([0, 1, 2, 3]), 'a', 'b')).text).toMatch(/^invalid_input: .*not a text/);
  });

  it('shows the difference in a dry run and stores nothing', async () => {
    cloud.home().put('/dry.txt', 'one\n');
    const answer = await bench.call('edit_file', {
      file_path: '/dry.txt',
      edits: [{ old_text: 'one', new_text: 'two' }],
      dry_run: true,
    });
    expect(answer.text).toContain('-one\n+two');
    expect(cloud.home().get('/dry.txt')?.toString()).toBe('one\n');
  });

  it('makes several edits or none, each in what those before it made', async () => {
    cloud.home().put('/many.txt', 'a b\n');
    const call = async (edits: object[]) => bench.call('edit_file', { file_path: '/many.txt', edits });
    expect(
      (
        await call([
          { old_text: 'a', new_text: 'x' },
          { old_text: 'nope', new_text: '' },
        ])
      ).text,
    ).toMatch(/^invalid_input: old_text of edit 2 /);
    expect(cloud.home().get('/many.txt')?.toString()).toBe('a b\n');
    await call([
      { old_text: 'a', new_text: 'x' },
      { old_text: 'x b', new_text: 'y' },
    ]);
    expect(cloud.home().get('/many.txt')?.toString()).toBe('y\n');
  });

  it('works on 10 MB and says no to more', async () => {
    const line = `${'x'.repeat(99)}\n`;
    const text = line.repeat(100_000);
    const { after } = await edit(`${text}needle\n`, 'needle', 'pin');
    expect(after.subarray(-4).toString()).toBe('pin\n');
    expect((await edit(text.repeat(2), 'x', 'y')).text).toMatch(/^too_large: /);
  });

  it('does not edit another version than the one that was read', async () => {
    cloud.home().put('/v.txt', 'one\n');
    const etag = cloud.home().stat('/v.txt')?.etag;
    cloud.home().put('/v.txt', 'one more\n');
    const args = { file_path: '/v.txt', edits: [{ old_text: 'one', new_text: 'two' }] };
    expect((await bench.call('edit_file', { ...args, if_match: etag })).text).toMatch(
      /^precondition_failed: /,
    );
    const now = cloud.home().stat('/v.txt')?.etag;
    expect((await bench.call('edit_file', { ...args, if_match: `"${now ?? ''}"` })).isError).toBe(false);
  });

  it('says what a folder or a missing file is', async () => {
    cloud.home().mkdir('/folder');
    const edits = [{ old_text: 'a', new_text: 'b' }];
    expect((await bench.call('edit_file', { file_path: '/folder', edits })).text).toMatch(
      /^invalid_input: .*folder/,
    );
    expect((await bench.call('edit_file', { file_path: '/none', edits })).text).toMatch(/^not_found: /);
  });

  it('two assistants make 1,000 edits each and lose none', { timeout: 120_000 }, async () => {
    const other = await Bench.open({ NEXTCLOUD_URL: cloud.url });
    cloud.home().put('/log.txt', 'end');
    const write = async (who: Bench, name: string): Promise<void> => {
      for (let i = 0; i < 1000; i++) {
        const edits = [{ old_text: 'end', new_text: `${name}${i % 10}\nend` }];
        const { isError, text } = await who.call('edit_file', { file_path: '/log.txt', edits });
        if (isError) throw new Error(text);
      }
    };
    await Promise.all([write(bench, 'a'), write(other, 'b')]);
    await other.close();
    const lines = cloud.home().get('/log.txt')?.toString().split('\n') ?? [];
    expect(lines.length).toBe(2001);
    expect(lines.filter((line) => line.startsWith('a')).length).toBe(1000);
  });
});
