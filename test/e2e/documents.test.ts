import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lines, seed } from '../../src/embedded-nextcloud/index.ts';
import { Stage } from '../support/stage.ts';

const corpus = join(import.meta.dirname, '../corpus');
const GB = 1024 ** 3;

/** Resident memory of a process in bytes, now and at its highest (Linux). */
function memory(pid: number): { now: number; most: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kilobytes = (name: string): number =>
    Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? NaN) * 1024;
  return { now: kilobytes('VmRSS'), most: kilobytes('VmHWM') };
}

describe('reading documents, pictures and large files', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open();
    seed(stage.cloud);
    const home = stage.cloud.home();
    for (const name of [
      'infozip-files.zip',
      'libreoffice-slides.pptx',
      'excel-sheets.xlsx',
      'imagemagick-dot.tiff',
      'qpdf-encrypted.pdf',
      'imagemagick-photo.jpg',
      'iconv-shift-jis.txt',
      'xlsxwriter-long.xlsx',
    ])
      home.put(`/C/${name}`, readFileSync(join(corpus, name)));
  });

  afterAll(async () => {
    await stage.close();
  });

  it('reads a PDF in one request and its next page in one, at once', async () => {
    // Without the seconds in which nothing is asked again, each call proves that the file is the same.
    const careful = await Stage.open({ env: { NEXTCLOUD_CACHE_LISTING_SECONDS: '0' } }, stage.cloud);
    const file_path = '/Documents/Rental agreement.pdf';
    const first = await careful.ok('read_file', { file_path, limit: 1 });
    expect(first.requests).toBe(1);
    expect(first.text).toContain('page 1 of 2');
    expect(first.text).toContain('go on with offset=2');
    const times: number[] = [];
    for (let round = 0; round < 5; round++) {
      const started = performance.now();
      const second = await careful.ok('read_file', { file_path, offset: 2 });
      times.push(performance.now() - started);
      expect(second.requests).toBe(1);
      expect(second.text).toContain('Keeping a cat is allowed.');
    }
    expect(Math.min(...times)).toBeLessThan(50);
    await careful.close();
  });

  it('keeps what came out of the file inside of a fence that is new each time', async () => {
    const read = async (): Promise<string> =>
      (await stage.ok('read_file', { file_path: '/Documents/Rental agreement.pdf' })).text;
    const [one, two] = [await read(), await read()];
    const mark = /<<<([0-9a-f]{12})\n/.exec(one)?.[1] ?? '';
    const inside = one.slice(one.indexOf(`<<<${mark}`), one.indexOf(`${mark}>>>`));
    expect(inside).toContain('title: Rental agreement');
    expect(one.replace(inside, '')).not.toContain('title:');
    expect(two).not.toContain(mark);
  });

  it('reads one sheet at a time and names the others', async () => {
    const file_path = '/Documents/Household budget.xlsx';
    expect((await stage.ok('read_file', { file_path })).text).toContain('sheets: Budget, Notes');
    expect((await stage.ok('read_file', { file_path, sheet: 'Notes' })).text).toContain('Prices include VAT');
    expect(await stage.fails('read_file', { file_path, sheet: 'Nope' })).toMatch(/Budget/);
  });

  it('reads rows of a long sheet where they are asked for', async () => {
    const { text } = await stage.ok('read_file', {
      file_path: '/C/xlsxwriter-long.xlsx',
      offset: 2990,
      limit: 5,
    });
    expect(text).toContain('rows 2990 to 2994 of 3000');
    expect(text).toContain('| 2994 |');
    expect(text).not.toContain('| 2995 |');
  });

  it('reads an entry of an archive by archive.zip!/inner/path', async () => {
    const listing = await stage.ok('read_file', { file_path: '/C/infozip-files.zip' });
    expect(listing.text).toContain('sub/python-docx-report.docx');
    const { text } = await stage.ok('read_file', { file_path: '/C/infozip-files.zip!/hello.txt' });
    expect(text).toContain('hello');
    expect(await stage.fails('read_file', { file_path: '/C/infozip-files.zip!/nope.txt' })).toMatch(
      /^(not_found|invalid_input): /,
    );
    expect(await stage.fails('read_file', { file_path: '/C/infozip-files.zip!/../a' })).toMatch(
      /^invalid_input: /,
    );
  });

  it('sends a small picture as it is, with what is known of it', async () => {
    const result = await stage.client.callTool({
      name: 'read_file',
      arguments: { file_path: '/C/imagemagick-photo.jpg' },
    });
    const parts = (result as { content: { type: string; text?: string; data?: string; mimeType?: string }[] })
      .content;
    expect(parts.map(({ type, mimeType }) => mimeType ?? type)).toEqual(['text', 'image/jpeg']);
    expect(
      Buffer.from(parts[1]?.data ?? '', 'base64').equals(readFileSync(join(corpus, 'imagemagick-photo.jpg'))),
    ).toBe(true);
    expect(parts[0]?.text).toContain('30 x 40 pixels');
  });

  it.each([
    ['/C/imagemagick-dot.tiff', /no preview/],
    ['/C/bytes.bin', /holds no text/],
  ])('says what %s is and what can be done with it', async (file_path, what) => {
    stage.cloud.home().put('/C/bytes.bin', Buffer.from([0, 1, 2, 3, 0, 255]));
    const { text } = await stage.ok('read_file', { file_path });
    expect(text).toMatch(what);
    expect(text).toContain('download_file');
  });

  it('says why an encrypted document cannot be read', async () => {
    expect(await stage.fails('read_file', { file_path: '/C/qpdf-encrypted.pdf' })).toMatch(
      /^invalid_input: .*password.*Save a copy/,
    );
  });

  it('reads a text in an old encoding', async () => {
    expect((await stage.ok('read_file', { file_path: '/C/iconv-shift-jis.txt' })).text).toContain(
      '日本語のテキストです',
    );
  });

  it('reads the end of a 10 GB log in at most 4 requests and 64 MB', async () => {
    const width = 540;
    const count = Math.ceil((10 * GB) / width);
    stage.cloud.home().put(
      '/C/huge.log',
      lines(count, (index) => `line ${index} of the log`, width),
    );
    const pid = (stage.client.transport as { pid?: number | null }).pid ?? 0;
    const before = memory(pid);
    const { text, requests } = await stage.ok('read_file', { file_path: '/C/huge.log', offset: -100 });
    expect(requests).toBeLessThanOrEqual(4);
    expect(memory(pid).most - before.now).toBeLessThan(64 * 1024 * 1024);
    expect(text).toContain(`line ${count - 100} of the log`);
    expect(text).not.toContain(`line ${count - 101} of the log`);
  });

  it('finds lines in files and says what it did not search', async () => {
    const { text } = await stage.ok('search_file_contents', {
      pattern: 'RAIN barrel',
      folder_path: '/Projects',
    });
    expect(text).toContain('/Projects/Garden/Plan.md\n');
    expect(text).toMatch(/^3: - \[ \] rain barrel$/m);
    expect(text).toContain('| 1 match |');
    expect(text).toContain('| complete');
    const partial = await stage.ok('search_file_contents', { pattern: 'x', folder_path: '/Photos' });
    expect(partial.text).toMatch(/not complete\n(?:<<<[^]*>>>\n)?Not searched: \d+ pictures?/);
  });

  it('finds lines in documents', async () => {
    const { text } = await stage.ok('search_file_contents', {
      pattern: 'three monthly',
      folder_path: '/Documents',
    });
    expect(text).toMatch(
      /Rental agreement\.pdf\n(?:page .*\n)?page \d+: 3\. The deposit is three monthly rents\./,
    );
  });

  it('is not kept busy by a regular expression', async () => {
    stage.cloud.home().put('/C/aaa.txt', `${'a'.repeat(50_000)}!\n`);
    const started = performance.now();
    await stage.ok('search_file_contents', {
      pattern: '(a+)+$',
      regex: true,
      folder_path: '/C',
      file_glob: 'aaa.txt',
    });
    expect(performance.now() - started).toBeLessThan(5000);
    expect(await stage.fails('search_file_contents', { pattern: '(', regex: true })).toMatch(
      /^invalid_input: .*RE2/,
    );
  });
});
