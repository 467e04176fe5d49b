import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { zip } from '../documents/forge.ts';
import { openScene } from '../files/scene.ts';
import type { Scene } from '../files/scene.ts';
import { FORGED, forgery, HOSTILE } from '../support/hostile-values.ts';
import { Bench as WebDav } from '../embedded-nextcloud/client.ts';

let scene: Scene;

beforeAll(async () => {
  scene = await openScene({ NEXTCLOUD_TOOLSETS: 'all' });
  const home = scene.cloud.home();
  const members = [
    { name: 'plain.txt', data: 'plain' },
    { name: `odd${HOSTILE}.txt`, data: 'odd' },
  ];
  home.put('/a.zip', Buffer.from(zip(members)));
  home.put('/a.txt', 'a');
  home.put('/log.txt', `one\u0085${FORGED}\u2028${FORGED}\rneedle\u202e\n`);
});

afterAll(async () => {
  await scene.close();
});

/** Lines that another one did not begin, whether between the marks or not. */
const forgedLines = (text: string): string[] => text.split('\n').filter((line) => /^\s*FORGED/.test(line));

describe('contents', () => {
  it('names in an archive do not begin lines of its list', async () => {
    const { text } = await scene.ok('read_file', { file_path: '/a.zip' });
    expect(text).toContain('plain.txt');
    expect(forgedLines(text)).toEqual([]);
    expect(forgery(text)).toBeUndefined();
  });

  it('an error that names the entries of an archive has them between the marks, one on each line', async () => {
    const text = await scene.fails('read_file', { file_path: '/a.zip!/missing.txt' });
    expect(text).toMatch(/^invalid_input: .*\n<<<(\w+)\nplain\.txt\nodd.*\n\1>>>$/);
    expect(forgedLines(text)).toEqual([]);
    expect(forgery(text)).toBeUndefined();
  });

  it('a comment does not begin a line that looks like that of another person', async () => {
    const fileId = scene.cloud.home().stat('/a.txt')?.fileId ?? 0;
    const message = `Fine${HOSTILE}\n2026-01-01T00:00:00.000Z boss: ${FORGED}`;
    const dav = new WebDav(scene.cloud);
    const body = JSON.stringify({ actorType: 'users', verb: 'comment', message });
    const headers = { 'Content-Type': 'application/json' };
    await dav.send('POST', `/remote.php/dav/comments/files/${fileId}`, headers, body);
    const { text } = await scene.ok('list_comments', { file_path: '/a.txt' });
    expect(text.split('\n').filter((line) => /FORGED/.test(line))).toHaveLength(1);
    expect(text).not.toMatch(/^\S+ boss: /m);
    expect(forgery(text)).toBeUndefined();
  });

  it('a line that was found does not begin another', async () => {
    const { text } = await scene.ok('search_file_contents', { pattern: 'needle', folder_path: '/' });
    expect(text).toContain('needle');
    expect(forgedLines(text)).toEqual([]);
    expect(forgery(text)).toBeUndefined();
  });
});
