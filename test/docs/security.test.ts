import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'SECURITY.md'), 'utf8');

/** The tables of promises, without their heads. */
const promises = [...page.matchAll(/^\| ([^|]+?) +\| (.+?) +\|$/gm)]
  .map(([, promise = '', tests = '']) => ({ promise, tests }))
  .filter(({ promise }) => promise !== 'promise' && !/^-+$/.test(promise));

/** The tests that a cell names: files, each followed by titles. */
function testsIn(cell: string): { file: string; titles: string[] }[] {
  return cell.split('; ').map((part) => {
    const [, file = '', rest = ''] = /^`([^`]+)` (.*)$/.exec(part) ?? [];
    const titles = rest.split('", "').map((title) => title.replace(/^"|"$/g, ''));
    return { file, titles };
  });
}

/** Whether a test or a group of tests has exactly this title. */
function hasTitle(source: string, title: string): boolean {
  const literal = title.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(`\\(\\s*(['"\`])${literal}\\1\\s*,`).test(source);
}

it('has promises for each of those who may be hostile', () => {
  const sections = page.split(/^### /m).slice(1);
  expect(sections.map((section) => section.split('\n')[0])).toEqual([
    'A file',
    'Another person',
    'The server',
    'The client',
    'A stranger on the network',
    'The model itself',
  ]);
  for (const section of sections) expect(section).toMatch(/^\| promise/m);
  expect(promises.length).toBeGreaterThan(20);
});

it.each(promises)('names tests that exist: $promise', ({ tests }) => {
  for (const { file, titles } of testsIn(tests)) {
    expect(existsSync(join(root, file)), `${file} of ${tests}`).toBe(true);
    const source = readFileSync(join(root, file), 'utf8');
    expect(titles.filter((title) => !hasTitle(source, title))).toEqual([]);
  }
});

it('would notice a test that is gone, and a title that is only a part', () => {
  const source = "it('takes a token, once', () => {});";
  expect(hasTitle(source, 'takes a token, once')).toBe(true);
  expect([hasTitle(source, 'takes a token'), hasTitle(source, 'gives a token')]).toEqual([false, false]);
});
