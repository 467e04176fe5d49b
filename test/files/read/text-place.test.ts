import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openScene } from '../scene.ts';
import type { Scene } from '../scene.ts';

const bodyOf = (text: string): string => /<<<(\w+)\n([^]*)\n\1>>>/.exec(text)?.[2] ?? '';

const at = (index: number): string => new Date(Date.UTC(2026, 2, 14) + index * 1000).toISOString();
/** Every fourth line is one of a stack trace, without a time. */
const line = (index: number): string =>
  index % 4 === 3
    ? `    at function${index} (file.js:${index})`
    : `${at(index).replace('Z', '')} message ${index}`;
const textOf = (count: number, end: string): string =>
  Array.from({ length: count }, (_, index) => line(index) + end).join('');

const SMALL = 5000;
const LARGE = 120_000;

describe('read_file begins at a place', { timeout: 60_000 }, () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene();
    const home = scene.cloud.home();
    home.put('/small.log', textOf(SMALL, '\n'));
    home.put('/large.log', textOf(LARGE, '\r\n'));
    home.put('/wide.log', Buffer.from(`\ufeff${textOf(LARGE, '\n')}`, 'utf16le'));
    home.put('/unsorted.log', `${textOf(LARGE, '\n')}2025-01-01 00:00 the clock was wrong\n`);
  });
  afterAll(async () => scene.close());

  const read = async (args: Record<string, unknown>): Promise<string> =>
    (await scene.ok('read_file', args)).text;

  it.each(['/small.log', '/large.log', '/wide.log'])('of a time in %s', async (file_path) => {
    for (const index of [
      0,
      1,
      2,
      4,
      60,
      3600,
      4100,
      ...(file_path === '/small.log' ? [] : [40_000, 99_998, LARGE - 2]),
    ]) {
      const wanted = at(index).slice(0, 19).replace('T', ' ');
      const text = await read({ file_path, at: wanted, limit: 3 });
      expect(bodyOf(text), wanted).toBe(
        [index, index + 1, index + 2]
          .filter((each) => each < LARGE)
          .map(line)
          .join('\n'),
      );
      expect(text).not.toContain('the first one after it');
    }
  });

  it('of the beginning of a time, and of the first one after a time that no line has', async () => {
    const file_path = '/large.log';
    expect(bodyOf(await read({ file_path, at: '2026-03-14 02:', limit: 1 }))).toBe(line(7200));
    expect(bodyOf(await read({ file_path, at: '2026-03-14T02:10', limit: 1 }))).toBe(line(7800));
    const missing = await read({ file_path, at: at(7203).slice(0, 19), limit: 1 });
    expect(bodyOf(missing)).toBe(line(7204));
    expect(missing).toContain('No line is of that time: this is the first one after it.');
    expect(await scene.fails('read_file', { file_path, at: '2027-01-01' })).toMatch(
      /^invalid_input: .*no line at "2027-01-01"/,
    );
  });

  it('of a text, with what is before and behind it, and goes on from there', async () => {
    const file_path = '/large.log';
    const first = await read({ file_path, at: 'message 50000', limit: 1 });
    expect(first).toContain('lines 50001 to 50001 of');
    expect(bodyOf(first)).toBe(line(50_000));
    expect(bodyOf(await read({ file_path, at: 'message 50000', offset: -2, limit: 3 }))).toBe(
      [49_998, 49_999, 50_000].map(line).join('\n'),
    );
    expect(bodyOf(await read({ file_path, at: 'message 50000', offset: 3, limit: 1 }))).toBe(line(50_002));
    expect(await scene.fails('read_file', { file_path, at: 'no such text' })).toMatch(/^invalid_input/);
  });

  it('of a time, page by page', async () => {
    let [place, index] = ['2026-03-14 12:', 43_200];
    for (let page = 0; page < 3; page++) {
      const text = await read({ file_path: '/wide.log', at: place, limit: 100 });
      expect(bodyOf(text)).toBe(Array.from({ length: 100 }, (_, each) => line(index + each)).join('\n'));
      place = /go on with at=(@\d+)\.$/m.exec(text)?.[1] ?? '';
      index += 100;
    }
    const back = await read({ file_path: '/wide.log', at: place, offset: -3, limit: 3 });
    expect(bodyOf(back)).toBe([index - 3, index - 2, index - 1].map(line).join('\n'));
  });

  it('of a time that stands where it is not expected', async () => {
    expect(bodyOf(await read({ file_path: '/unsorted.log', at: '2025-01-01 00:00', limit: 1 }))).toMatch(
      /clock was wrong|message 0/,
    );
  });

  it('and not in a document', async () => {
    expect(await scene.fails('read_file', { file_path: '/a.pdf', at: 'x' })).toMatch(
      /^(not_found|invalid_input)/,
    );
  });
});

describe('The number of all lines is told', () => {
  it('of a small text at once, and of a large one after its end was read or searched', async () => {
    const scene = await openScene();
    scene.cloud.home().put('/small.log', textOf(SMALL, '\n'));
    scene.cloud.home().put('/large.log', textOf(LARGE, '\n'));
    const head = async (file_path: string): Promise<string> =>
      (await scene.ok('read_file', { file_path, limit: 2 })).text.split('\n', 1)[0] ?? '';
    expect(await head('/small.log')).toContain(`lines 1 to 2 of ${SMALL}`);
    expect(await head('/large.log')).toContain('lines 1 to 2 of more');
    await scene.ok('search_file_contents', { pattern: 'nowhere', folder_path: '/large.log' });
    expect(await head('/large.log')).toContain(`lines 1 to 2 of ${LARGE}`);
    // The beginnings of lines that the search has seen are those that are read from.
    const { text } = await scene.ok('read_file', { file_path: '/large.log', offset: 77_001, limit: 1 });
    expect(bodyOf(text)).toBe(line(77_000));
    await scene.close();
  });
});
