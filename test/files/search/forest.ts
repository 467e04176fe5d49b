import { startEmbeddedNextcloud } from '../../../src/embedded-nextcloud/index.ts';
import type { EmbeddedNextcloud } from '../../../src/embedded-nextcloud/index.ts';

/** A file or folder as it was made: what the search is measured by. */
export interface Tree {
  readonly path: string;
  readonly folder: boolean;
  readonly size: number;
  /** Seconds since 1970. */
  readonly mtime: number;
  readonly mime: string;
  readonly favorite: boolean;
  readonly tagged: boolean;
}

export const TAG = 'Wichtig';
const START = Date.UTC(2025, 0, 1) / 1000;
const DAY = 86_400;

const words = [
  'report',
  'Rechnung',
  'ÜBER',
  'über',
  'Straße',
  'ΟΔΟΣ',
  'οδος',
  'Отчёт',
  'ОТЧЁТ',
  '100%',
  'a_b',
];
const more = [
  'axb',
  'Photo',
  'photo',
  '😀',
  'naïve',
  'NAÏVE',
  '[draft]',
  '{a,b}',
  "o'clock",
  'q?x',
  'x.y',
  '東京',
];
const kinds = {
  txt: 'text/plain',
  pdf: 'application/pdf',
  jpg: 'image/jpeg',
  PNG: 'image/png',
  md: 'text/markdown',
};

/** Numbers that look random and are the same each time (mulberry32). */
export function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % sides;
  };
}

export function pick<T>(roll: (sides: number) => number, items: readonly [T, ...T[]]): T {
  return items[roll(items.length)] ?? items[0];
}

/** Names that differ in little: in case, in one letter, in characters that patterns know. */
export function plan(files: number): {
  folders: string[];
  files: { path: string; size: number; mtime: number }[];
} {
  const roll = dice(7);
  const word = (): string => pick(roll, [...words, ...more] as unknown as [string, ...string[]]);
  const folders = ['/'];
  const taken = new Set<string>(folders);
  while (folders.length < files / 8) {
    const parent = pick(roll, folders as [string, ...string[]]);
    const path = `${parent === '/' ? '' : parent}/${word()}${roll(3) === 0 ? ` ${word()}` : ''}`;
    if (taken.has(path) || path.split('/').length > 6) continue;
    taken.add(path);
    folders.push(path);
  }
  const made: { path: string; size: number; mtime: number }[] = [];
  while (made.length < files) {
    const parent = pick(roll, folders as [string, ...string[]]);
    const kind = pick(roll, Object.keys(kinds) as [string, ...string[]]);
    const path = `${parent === '/' ? '' : parent}/${word()}-${word()}${roll(4) === 0 ? roll(20) : ''}.${kind}`;
    if (taken.has(path)) continue;
    taken.add(path);
    made.push({ path, size: roll(10) === 0 ? 0 : roll(5000), mtime: START + roll(400) * DAY + roll(3) });
  }
  return { folders: folders.slice(1), files: made };
}

export function mimeOf(path: string): string {
  return kinds[path.slice(path.lastIndexOf('.') + 1) as keyof typeof kinds];
}

/** The plan, planted into an embedded cloud. */
export async function plant(files: number): Promise<{ cloud: EmbeddedNextcloud; trees: Tree[] }> {
  const cloud = await startEmbeddedNextcloud();
  const home = cloud.home();
  const planned = plan(files);
  const roll = dice(11);
  const times = new Map<string, number>();
  const marks = new Map<string, { favorite: boolean; tagged: boolean }>();
  for (const { path, size, mtime } of planned.files) {
    const mark = { favorite: roll(6) === 0, tagged: roll(6) === 0 };
    home.put(path, 'x'.repeat(size), { mtime, favorite: mark.favorite, tags: mark.tagged ? [TAG] : [] });
    times.set(path, mtime);
    marks.set(path, mark);
  }
  for (const path of planned.folders.toReversed()) {
    const mtime = START + roll(400) * DAY;
    home.mkdir(path, { mtime });
    times.set(path, mtime);
  }
  const trees = [...home.walk()].map(({ path, type, size }): Tree => ({
    path,
    folder: type === 'directory',
    size,
    mtime: times.get(path) ?? 0,
    mime: type === 'directory' ? 'httpd/unix-directory' : mimeOf(path),
    ...(marks.get(path) ?? { favorite: false, tagged: false }),
  }));
  return { cloud, trees };
}
