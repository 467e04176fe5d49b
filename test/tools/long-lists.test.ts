import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openScene } from '../files/scene.ts';
import type { Scene } from '../files/scene.ts';

const MAX_CHARS = 2000;
const COUNT = 40;
/** Nextcloud refuses more than 20 in ten minutes. */
const SHARES = 15;

let scene: Scene;
beforeAll(async () => {
  scene = await openScene({ NEXTCLOUD_MAX_RESULT_CHARS: String(MAX_CHARS) });
  const home = scene.cloud.home();
  const name = (at: number): string => `${'long name '.repeat(10)}${at}`;
  for (let at = 0; at < COUNT; at++) {
    home.put('/a.txt', 'x'.repeat(at + 1), { mtime: 1.7e9 + at });
    home.put(`/${name(at)}`, 'x');
  }
  const all = Array.from({ length: COUNT }, (_, at) => at);
  await scene.ok('set_tags', { file_path: '/a.txt', add: all.map((at) => name(at).slice(-64)) });
  for (const at of all) {
    await scene.ok('delete_file', { file_path: `/${name(at)}` });
    await scene.ok('add_comment', { file_path: '/a.txt', message: name(at) });
    if (at < SHARES) await scene.ok('create_share', { file_path: '/a.txt', type: 'link' });
  }
}, 60_000);
afterAll(async () => scene.close());

describe('a list that is too long for a result', () => {
  it.each([
    ['list_tags', {}, /^(\d+) of 40 tags\n/],
    ['list_shares', {}, /^(\d+) of 15 shares\n/],
    ['list_versions', { file_path: '/a.txt' }, /^\/a\.txt: (\d+) of 39 old versions\n/],
    ['list_comments', { file_path: '/a.txt', limit: 1000 }, /(\d+) of 40 comments/],
    ['list_trash', { limit: 1000 }, /^(\d+) of 40 in the trash\n/],
  ])('%s shows what fits, and how many there are', async (tool, args, counted) => {
    const { text, data } = await scene.ok(tool, args);
    const shown = Number(counted.exec(text)?.[1]);
    expect(shown).toBeGreaterThan(2);
    expect(text.length).toBeLessThan(MAX_CHARS);
    expect(JSON.stringify(data).length).toBeLessThan(MAX_CHARS);
  });
});
