import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openProxiedScene } from '../scene.ts';

const NFC = '/\u00E9.txt';
const NFD = '/e\u0301.txt';

let scene: Awaited<ReturnType<typeof openProxiedScene>>;
const home = (): ReturnType<(typeof scene)['cloud']['home']> => scene.cloud.home();

beforeEach(async () => {
  scene = await openProxiedScene();
  home().put(NFC, 'composed');
});

afterEach(async () => scene.close());

describe('a name with its marks apart, where Nextcloud has the one with both in one', () => {
  it.each([
    ['delete_file', { file_path: NFD }],
    ['move_file', { source_path: NFD, destination_path: '/b.txt' }],
    ['edit_file', { file_path: NFD, edits: [{ old_text: 'composed', new_text: 'x' }] }],
    ['upload_file', { remote_path: NFD, content: 'x', overwrite: true }],
    ['copy_file', { source_path: '/other.txt', destination_path: NFD, overwrite: true }],
  ])('is refused by %s, with the name that is stored', async (tool, args) => {
    home().put('/other.txt', 'other');
    const text = await scene.fails(tool, args);
    expect(text).toMatch(/^invalid_input: .*\(NFC\)/);
    expect(text).toContain(NFC);
    expect(home().get(NFC)?.toString()).toBe('composed');
  });

  it.each([
    ['read_file', { file_path: NFD }],
    ['get_file_info', { file_path: NFD }],
  ])('is understood by %s', async (tool, args) => {
    expect((await scene.ok(tool, args)).text).toContain(NFC);
  });

  it('can be that of a new file, which gets the name that Nextcloud stores', async () => {
    await scene.ok('upload_file', { remote_path: '/o\u0308.txt', content: 'new' });
    expect(home().get('/\u00F6.txt')?.toString()).toBe('new');
  });
});

describe('a listing with both spellings', () => {
  beforeEach(() => {
    const both = (xml: string): string =>
      xml.replace(
        /<d:response>(?:(?!<\/d:response>).)*%c3%a9\.txt.*?<\/d:response>/s,
        (row) => row + row.replace('%c3%a9', 'e%cc%81').replace(/<oc:fileid>\d+/, '<oc:fileid>987654'),
      );
    scene.proxy.arm(
      async (passage) => {
        const answer = await passage.forward();
        await passage.answer({ ...answer, body: Buffer.from(both(answer.body.toString())) });
      },
      ({ method }) => ['PROPFIND', 'SEARCH'].includes(method),
    );
  });

  it.each([
    ['list_files', {}],
    ['search_files', { query: 'txt' }],
  ])('is told by %s, and the one that cannot be reached is named', async (tool, args) => {
    const { text, data } = await scene.ok(tool, args);
    expect(text).toMatch(/Not included: "e\\u\{301\}\.txt" in \//);
    expect(data).toMatchObject({ complete: false });
  });
});
