import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const architecture = read('docs/architecture.md');

it.each(['docs/architecture.md', 'CONTRIBUTING.md', 'test/README.md'])(
  '%s names only files that exist',
  (page) => {
    const named = [...read(page).matchAll(/`((?:src|test|scripts|docs)\/[\w./-]*\w)`/g)].map(
      ([, path = '']) => path,
    );
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  },
);

it('each file on the way of a call imports the next one, or what loads it', () => {
  const steps = [...architecture.matchAll(/^\| \d+ +\| `([^`]+)`/gm)].map(([, file = '']) => file);
  expect(steps.length).toBeGreaterThan(6);
  const imports = (file: string): string[] =>
    [...read(file).matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(([, path = '']) =>
      join(file, '..', path),
    );
  const missing = steps.slice(1).filter((next, index) => {
    const direct = imports(steps[index] ?? '');
    return ![...direct, ...direct.filter((file) => file.startsWith('src/')).flatMap(imports)].includes(next);
  });
  expect(missing).toEqual([]);
});

it('test/README.md has a row for each folder of tests', () => {
  const folders = readdirSync(join(root, 'test'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  const rows = [...read('test/README.md').matchAll(/^\| `([^`/]+)\/` /gm)].map(([, name = '']) => name);
  expect(rows.toSorted()).toEqual(folders.toSorted());
});
