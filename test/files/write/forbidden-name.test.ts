import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openProxiedScene } from '../scene.ts';

let scene: Awaited<ReturnType<typeof openProxiedScene>>;
const home = (): ReturnType<(typeof scene)['cloud']['home']> => scene.cloud.home();

/** A Nextcloud whose administrator does not allow a colon in names. */
beforeEach(async () => {
  scene = await openProxiedScene();
  home().put('/a.txt', 'x');
  const reason = '":" is not allowed inside a file or folder name.';
  const body = `<?xml version="1.0"?><d:error xmlns:d="DAV:" xmlns:s="http://sabredav.org/ns"><s:exception>OCA\\DAV\\Connector\\Sabre\\Exception\\InvalidPath</s:exception><s:message>${reason.replaceAll('"', '&quot;')}</s:message></d:error>`;
  scene.proxy.arm(
    async (passage) =>
      passage.say(400, 'Bad Request', [['Content-Type', 'application/xml; charset=utf-8']], body),
    ({ method, target, lines }) => {
      // Nextcloud refuses a batch with such a name, too, and the files are sent one by one.
      if (method === 'POST') return true;
      if (['PUT', 'MKCOL'].includes(method)) return /%3A[^/]*\/?$/i.test(target);
      return ['MOVE', 'COPY'].includes(method) && lines.some((line) => /^destination:.*%3A/i.test(line));
    },
  );
});

afterEach(async () => scene.close());

describe('a name that the administrator does not allow', () => {
  it.each([
    ['upload_file', { remote_path: '/10:30 notes.txt', content: 'x' }],
    ['move_file', { source_path: '/a.txt', destination_path: '/10:30 notes.txt' }],
    ['copy_file', { source_path: '/a.txt', destination_path: '/10:30 notes.txt' }],
    ['create_folder', { folder_path: '/10:30 notes.txt' }],
  ])('is refused by %s with the reason and a name that can be used', async (tool, args) => {
    const text = await scene.fails(tool, args);
    expect(text).toMatch(/^invalid_input: .*":" is not allowed inside/);
    expect(text).toContain('such as "10_30 notes.txt"');
  });

  it('is what the undo of an earlier change needs, and the undo says so and changes nothing', async () => {
    home().put('/10:30 notes.txt', 'x');
    await scene.ok('move_file', { source_path: '/10:30 notes.txt', destination_path: '/plain.txt' });
    const text = await scene.fails('undo', { change: 'u1' });
    expect(text).toMatch(/^invalid_input: .*":" is not allowed inside/);
    expect(text).toContain('such as "10_30 notes.txt"');
    expect(home().get('/plain.txt')?.toString()).toBe('x');
    expect((await scene.ok('undo', {})).text).toMatch(/^u1 .* moved \/10:30 notes\.txt to \/plain\.txt$/);
  });

  it('of a deleted file keeps it in the trash, and the undo says so', async () => {
    home().put('/10:30 notes.txt', 'x');
    await scene.ok('delete_file', { file_path: '/10:30 notes.txt' });
    const text = await scene.fails('undo', { change: 'u1' });
    expect(text).toMatch(/^invalid_input: .*":" is not allowed inside/);
    expect(text).toContain('such as "10_30 notes.txt"');
    expect(home().trash()).toHaveLength(1);
  });

  it('of a folder in a tree is told once, and the rest is stored', async () => {
    const tree = join(scene.bench.localFolder, 'tree');
    mkdirSync(join(tree, '10:30', 'inner'), { recursive: true });
    for (const name of ['10:30/a.txt', '10:30/inner/b.txt', 'c.txt', 'at 10:30.txt'])
      writeFileSync(join(tree, name), name);
    const { text, data } = await scene.ok('upload_file', { source_path: 'tree', remote_path: '/tree' });
    expect(data).toMatchObject({ files: 1, failures: 2 });
    expect(text).toMatch(/10:30: invalid_input: .*not allowed inside.*Nothing in it was stored/);
    expect(text).not.toMatch(/could not be located|does not exist/);
    expect(home().list('/tree')).toEqual(['c.txt']);
  });
});
