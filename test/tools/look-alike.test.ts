import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openScene } from '../files/scene.ts';
import type { Scene } from '../files/scene.ts';

let scene: Scene;
const home = (): ReturnType<Scene['cloud']['home']> => scene.cloud.home();

beforeEach(async () => {
  scene = await openScene();
});

afterEach(async () => scene.close());

describe.each([
  ['a narrow space', '/Screenshot at 9.41\u202FAM.txt', '/Screenshot at 9.41 AM.txt', 'U\\+202F'],
  ['a typographic apostrophe', '/It\u2019s mine.txt', "/It's mine.txt", 'U\\+2019'],
  ['a dash', '/2026 \u2013 plan.txt', '/2026 - plan.txt', 'U\\+2013'],
  ['a folder with one', '/My\u00A0notes/a.txt', '/My notes/a.txt', 'U\\+00A0'],
  ['an ellipsis', '/to be continued\u2026.txt', '/to be continued....txt', ''],
])('a name with %s', (_what, name, typed, code) => {
  beforeEach(() => home().put(name, 'the contents'));

  it('is read when the plain one is given, and said', async () => {
    const { text } = await scene.ok('read_file', { file_path: typed });
    expect(text).toContain('the contents');
    expect(text).toMatch(new RegExp(`There is no .*${code}`));
  });

  it.each([
    ['delete_file', { file_path: typed }],
    ['edit_file', { file_path: typed, edits: [{ old_text: 'the', new_text: 'no' }] }],
    ['move_file', { source_path: typed, destination_path: '/b.txt' }],
  ])('is not changed by %s, but named', async (tool, args) => {
    expect(await scene.fails(tool, args)).toMatch(new RegExp(`^not_found: .* There is "/.*${code}`));
    expect(home().exists(name)).toBe(true);
  });
});

it('the exact name wins', async () => {
  home().put('/a b.txt', 'plain');
  home().put('/a\u202Fb.txt', 'narrow');
  expect((await scene.ok('read_file', { file_path: '/a b.txt' })).text).toContain('plain');
});

it('of two that look alike none is chosen', async () => {
  home().put('/a\u00A0b.txt', 'one');
  home().put('/a\u202Fb.txt', 'other');
  expect(await scene.fails('read_file', { file_path: '/a b.txt' })).toMatch(/^not_found: /);
});

it('what is hidden is not named', async () => {
  await scene.close();
  scene = await openScene({ NEXTCLOUD_DENY: '**/secret*' });
  home().put('/secret\u202Fplan.txt', 'x');
  const text = await scene.fails('read_file', { file_path: '/secret plan.txt' });
  expect(text).not.toMatch(/There is/);
});

it('a search finds them', async () => {
  home().put('/shots/Screenshot at 9.41\u202FAM.png', 'x');
  const { text, data } = await scene.ok('search_files', { query: '9.41 am' });
  expect(data).toMatchObject({ entries: [{ path: '/shots/Screenshot at 9.41\u202FAM.png' }] });
  expect(text).toMatch(/only look like/);
});

describe('other ways to write a path', () => {
  beforeEach(() => home().put('/Docs/a b.txt', 'the contents'));

  it.each([
    './Docs/a b.txt',
    'Docs//a b.txt',
    '/remote.php/dav/files/demo/Docs/a%20b.txt',
    'remote.php/webdav/Docs/a%20b.txt',
  ])('read_file understands %s', async (file_path) => {
    expect((await scene.ok('read_file', { file_path })).text).toContain('the contents');
  });

  it.each(['.', './', '', '/remote.php/dav/files/demo', '/remote.php/dav/files/DEMO/'])(
    'list_files understands "%s"',
    async (folder_path) => {
      expect((await scene.ok('list_files', { folder_path })).text).toContain('Docs/');
    },
  );

  it('says that a path is of another account', async () => {
    const text = await scene.fails('read_file', { file_path: '/remote.php/dav/files/bob/Docs/a%20b.txt' });
    expect(text).toMatch(/^invalid_input: .*another account.*demo/);
  });

  it.each(['.', './Docs/a b.txt', '', '/remote.php/dav/files/demo/Docs/a%20b.txt'])(
    'delete_file does not guess from "%s"',
    async (file_path) => {
      expect(await scene.fails('delete_file', { file_path })).toMatch(/^(invalid_input|not_found): /);
      expect(home().exists('/Docs/a b.txt')).toBe(true);
    },
  );
});

it('a folder that is called like an archive is told, with the right path', async () => {
  home().put('/box.zip/in.txt', 'the contents');
  const text = await scene.fails('read_file', { file_path: '/box.zip!/in.txt' });
  expect(text).toMatch(/^invalid_input: \/box\.zip is a folder.*\/box\.zip\/in\.txt/);
});
