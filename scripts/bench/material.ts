import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The files of the benchmarks, below one folder. */
export const plan = {
  read: '/read/notes.txt',
  wide: 10_000,
  outer: 40,
  inner: 50,
  files: 50,
};

const kinds = ['Quarterly report', 'Invoice', 'Meeting notes', 'IMG', 'Contract draft'];
const endings = ['pdf', 'pdf', 'md', 'jpg', 'docx'];

function name(number: number): string {
  const kind = number % kinds.length;
  return `${kinds[kind] ?? ''} 2026-${String((number % 12) + 1).padStart(2, '0')} ${number}.${endings[kind] ?? ''}`;
}

/** Every file as path and text: 20 small ones, a wide folder, and 2,000 folders of 50. */
export function* material(): Generator<readonly [path: string, text: string]> {
  yield [plan.read, 'A line of sixty-four characters, which is what a note has here.\n'.repeat(16)];
  for (let i = 0; i < 20; i++) yield [`/small/${name(i)}`, 'x'.repeat(i * 37)];
  for (let i = 0; i < plan.wide; i++) yield [`/wide/${name(i)}`, 'x'];
  for (let i = 0; i < plan.outer * plan.inner * plan.files; i++) {
    const folder = Math.floor(i / plan.files);
    yield [`/tree/${branch(folder)}/${name(i)}`, 'x'];
  }
}

export function branch(number: number): string {
  const outer = Math.floor(number / plan.inner) % plan.outer;
  return `Department ${outer}/Project ${number % plan.inner}`;
}

/** Writes the same files to a disk, for a Nextcloud that is told to scan it (`occ files:scan`). */
export function fill(folder: string): void {
  for (const [path, text] of material()) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
}
